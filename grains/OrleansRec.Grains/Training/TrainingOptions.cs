using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Grains.Training;

/// <summary>How trainings are driven.</summary>
public sealed class TrainingOptions
{
    /// <summary>Shards that are silent for this long are asked again.</summary>
    /// <value>10 s. A longer time notices a lost shard later; a shorter one asks busy shards in vain.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SilencePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pieces of a half-sweep for each worker of the compute pool.</summary>
    /// <value>8. More pieces even out the workers' ends; each costs about a microsecond.</value>
    [Range(1, 1024)]
    public int PiecesPerWorker { get; set; } = 8;

    /// <summary>Factor chunks that one silo pulls at a time.</summary>
    /// <value>4, so at most 16 MB are under way.</value>
    [Range(1, 64)]
    public int ChunksInFlightMax { get; set; } = 4;

    /// <summary>How long one attempt to publish waits for the directory; it is tried again after <see cref="SilencePeriod"/>.</summary>
    /// <value>1 min: the directory's silo loads the version within it.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Events that the models beside the factors are built from; of a larger shop a sample of its users is read. 0: there are no such models.</summary>
    /// <value>5,000,000: about 300 MB in the silo that builds them, while it does.</value>
    [Range(0, 50_000_000)]
    public int CompanionEventsMax { get; set; } = 5_000_000;

    /// <summary>Events that a sequence model is trained on; of a larger shop a sample of its users is read.</summary>
    /// <value>20,000,000: about 700 MB in the silo that trains it, while it does.</value>
    [Range(1, 100_000_000)]
    public int SequenceEventsMax { get; set; } = 20_000_000;
}
