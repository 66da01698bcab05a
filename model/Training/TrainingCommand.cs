using OrleansRec.Model.Sequence;

namespace OrleansRec.Model;

/// <summary>Something that the machine wants done.</summary>
public abstract record TrainingCommand
{
    /// <summary>Keep the state durably before any later command is carried out.</summary>
    public sealed record Save : TrainingCommand;

    /// <summary>Tell one shard to begin its part of the state's phase.</summary>
    /// <param name="Shard">Index on the side that the phase works on.</param>
    public sealed record Begin(int Shard) : TrainingCommand;

    /// <summary>Publish the prepared version, then feed <see cref="TrainingEvent.Published"/>.</summary>
    public sealed record Publish : TrainingCommand;

    /// <summary>Tell every shard to forget a training, then feed <see cref="TrainingEvent.Released"/>; where it was not published, also to delete its blocks.</summary>
    public sealed record Release(TrainingRelease Ended) : TrainingCommand;
}

/// <summary>Something that happened.</summary>
public abstract record TrainingEvent
{
    /// <summary>A training is asked for.</summary>
    /// <param name="Options">How.</param>
    /// <param name="UserShards">P.</param>
    /// <param name="ItemShards">Q.</param>
    /// <param name="Rule">When its version may be published; null: without a comparison.</param>
    /// <param name="Sequence">How a sequence model is trained beside the factors; null: there is none.</param>
    public sealed record Started(AlsOptions Options, int UserShards, int ItemShards, QualityRule? Rule = null, SequenceOptions? Sequence = null) : TrainingEvent;

    /// <summary>The process that drove the training has begun anew from the durable part of the state.</summary>
    public sealed record Resumed : TrainingEvent;

    /// <summary>A shard reported.</summary>
    public sealed record Reported(TrainingReport Report) : TrainingEvent;

    /// <summary>Shards have been silent for a while.</summary>
    public sealed record Silence : TrainingEvent;

    /// <summary>The pointer has moved.</summary>
    public sealed record Published : TrainingEvent;

    /// <summary>The version cannot be published, now or later.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(string Reason) : TrainingEvent;

    /// <summary>Every shard has forgotten a training that had ended.</summary>
    public sealed record Released(long Version) : TrainingEvent;

    /// <summary>Someone asked for an end.</summary>
    public sealed record Stopped : TrainingEvent;
}
