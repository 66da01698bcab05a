using Orleans;
using Orleans.Concurrency;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>Drives one training at a time through all shards. Name: <see cref="GrainKey.Coordinator"/>.</summary>
[Alias("rec.training-coordinator")]
public interface ITrainingCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>Starts a training; answers false with the running one where one is under way.</summary>
    [Alias("start")]
    Task<TrainingStarted> Start(TrainingPlan plan, CancellationToken cancellation = default);

    /// <summary>Stops the training under way; its version is never published. False where none was, or where it is being published already.</summary>
    [Alias("stop")]
    Task<bool> Stop(CancellationToken cancellation = default);

    /// <summary>The training under way, or the last one.</summary>
    [AlwaysInterleave, Alias("status")]
    Task<TrainingStatus> GetStatus(CancellationToken cancellation = default);

    /// <summary>Called by shards when a piece of work is done or has failed. Reports of the past change nothing.</summary>
    [Alias("report")]
    Task Report(ShardReport report, CancellationToken cancellation = default);
}

/// <summary>Whether a training was started, and the version that is now being trained.</summary>
[GenerateSerializer, Immutable, Alias("rec.training-started")]
public sealed record TrainingStarted(bool Started, long Version);

/// <summary>How two versions compare; see <see cref="QualityComparison"/>.</summary>
[GenerateSerializer, Immutable, Alias("rec.model-quality")]
public sealed record ModelQuality(long Users, double New, double Current, double Error, long ComparedWith, bool IsWorse, bool IsRefused)
{
    /// <summary>In its wire form.</summary>
    public static ModelQuality? Of(QualityComparison? q) =>
        q is null ? null : new(q.Users, q.New, q.Current, q.Error, q.ComparedWith, q.IsWorse, q.IsRefused);
}

/// <summary>A training waits in vain, or was told something impossible.</summary>
[GenerateSerializer, Alias("rec.training-failed")]
public sealed class TrainingFailedException(string message) : Exception(message)
{
    /// <summary>Whether beginning again cannot help: the coordinator then does not try.</summary>
    [Id(0)]
    public bool IsFinal { get; init; }
}

/// <summary>A shard was asked for a training or sweep that it does not hold.</summary>
[GenerateSerializer, Alias("rec.training-unknown")]
public sealed class TrainingUnknownException(string message) : Exception(message);
