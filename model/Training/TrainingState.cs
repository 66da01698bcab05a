using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model;

/// <summary>Where a training stands, as an immutable value: what <see cref="TrainingMachine"/> steps from and to.</summary>
/// <remarks>
/// Only <see cref="Version"/>, <see cref="Attempt"/>, <see cref="Options"/>, the shard counts, <see cref="Watermarks"/>, <see cref="Checkpoint"/>,
/// <see cref="Losses"/>, <see cref="Sequence"/>, <see cref="Epochs"/>, <see cref="Unreleased"/> and how it ended need to be kept durably: everything else is found again from the log and the checkpoint.
/// </remarks>
public sealed record TrainingState
{
    /// <summary>What is going on now.</summary>
    public TrainingPhase Phase { get; init; } = TrainingPhase.Idle;

    /// <summary>The model version in the making; 0 before the first training.</summary>
    public long Version { get; init; }

    /// <summary>
    /// How often the shards were told to begin at the rows: 1 at first, one more after every loss. Work of an earlier attempt counts for nothing, because a
    /// shard that was lost may come back with other rows: a user may have been erased since.
    /// </summary>
    public int Attempt { get; init; }

    /// <summary>How it is trained.</summary>
    public AlsOptions Options { get; init; } = new();

    /// <summary>When the version may be published; null: without a comparison.</summary>
    public QualityRule? Rule { get; init; }

    /// <summary>How a sequence model is trained beside the factors; null: there is none.</summary>
    public SequenceOptions? Sequence { get; init; }

    /// <summary>The epochs of the sequence model that are stored.</summary>
    public SequenceProgress Epochs { get; init; } = SequenceProgress.Start;

    /// <summary>The epoch of the sequence model that comes next; null where there is none.</summary>
    public SequenceStep? NextEpoch => Sequence is null ? null : SequenceCourse.Next(Sequence, Epochs);

    /// <summary>How the version compares with the current one, once that is measured.</summary>
    public QualityComparison? Quality { get; init; }

    /// <summary>P, the number of user shards.</summary>
    public int UserShards { get; init; }

    /// <summary>Q, the number of item shards.</summary>
    public int ItemShards { get; init; }

    /// <summary>The last record of each user shard that is trained on, shape (P); −1 until that shard has said.</summary>
    public IReadOnlyList<long> Watermarks { get; init; } = [];

    /// <summary>The last sweep whose item factors are stored; 0 before the first.</summary>
    public int Checkpoint { get; init; }

    /// <summary>The sweep under way, 1 … Sweeps; 0 before the first. While sequences are learned, the epoch, counted over both courses.</summary>
    public int Sweep { get; init; }

    /// <summary>The objective after each sweep that is stored.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>Rows of each user shard, shape (P).</summary>
    public IReadOnlyList<int> UserRows { get; init; } = [];

    /// <summary>Rows of each item shard, shape (Q).</summary>
    public IReadOnlyList<int> ItemRows { get; init; } = [];

    /// <summary>Observed pairs.</summary>
    public long Pairs { get; init; }

    /// <summary>μ, the mean rating when explicit, else 0.</summary>
    public double GlobalMean { get; init; }

    /// <summary>XᵀX of the sweep's users, row-major, shape (k, k); empty when explicit.</summary>
    public double[] UserGram { get; init; } = [];

    /// <summary>YᵀY of the last items, row-major, shape (k, k); empty when explicit.</summary>
    public double[] ItemGram { get; init; } = [];

    /// <summary>The users' part of the regularisation in this sweep.</summary>
    public double UserRegularisation { get; init; }

    /// <summary>The report of each shard in this phase, or null where it is still awaited.</summary>
    public IReadOnlyList<TrainingReport?> Reports { get; init; } = [];

    /// <summary>SHA-256 of the published factors, once the last sweep is done.</summary>
    public string FactorsHash { get; init; } = "";

    /// <summary>Trainings that have ended, but that not every shard is known to have let go; oldest first, at most <see cref="TrainingMachine.UnreleasedMax"/>.</summary>
    public IReadOnlyList<TrainingRelease> Unreleased { get; init; } = [];

    /// <summary>Restarts since the last sweep that was finished.</summary>
    public int Restarts { get; init; }

    /// <summary>Why it failed, or why it was last restarted.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it has ended, or never began.</summary>
    public bool IsOver => Phase.IsEnd();

    /// <summary>How many shards have reported in this phase.</summary>
    public int ReportedCount => Reports.Count(r => r is not null);
}

/// <summary>A training that shards are to let go.</summary>
/// <param name="Version">Which training.</param>
/// <param name="Published">Whether its blocks stay, because they are a published version.</param>
public sealed record TrainingRelease(long Version, bool Published);

/// <summary>What one shard says when its part of a phase is over.</summary>
/// <param name="Version">Which training.</param>
/// <param name="Attempt">Which attempt at it.</param>
/// <param name="Phase">Which phase.</param>
/// <param name="Sweep">Which sweep, or which epoch of both courses; 0 outside them.</param>
/// <param name="Shard">Which shard of the phase's side.</param>
public sealed record TrainingReport(long Version, int Attempt, TrainingPhase Phase, int Sweep, int Shard)
{
    /// <summary>Rows of the shard.</summary>
    public int Rows { get; init; }

    /// <summary>Observed pairs of the shard.</summary>
    public long Pairs { get; init; }

    /// <summary>Freezing: the last record that is trained on.</summary>
    public long Watermark { get; init; }

    /// <summary>
    /// Sums of the shard's buckets. Freezing: (Σ r, number of pairs), length 2. Starting and solving: the Gram matrix, k² values (none when explicit), then
    /// the observed loss term and the regularisation.
    /// </summary>
    public IReadOnlyList<BucketSum> Sums { get; init; } = [];

    /// <summary>Solving items, last sweep: the hash of each bucket of the shard, in order.</summary>
    public IReadOnlyList<byte[]> BucketHashes { get; init; } = [];

    /// <summary>Learning sequences: mean loss of the epoch, and its held-out NDCG@10.</summary>
    public (double Loss, double Ndcg) Epoch { get; init; }

    /// <summary>Measuring: both versions on the shard's part of the sample.</summary>
    public QualitySums Quality { get; init; }

    /// <summary>Measuring: the version that was current, 0 where there was none; null from a shard that does not measure.</summary>
    public long? ComparedWith { get; init; }

    /// <summary>Why the shard could not do it, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Whether beginning again cannot help.</summary>
    public bool IsFinal { get; init; }
}
