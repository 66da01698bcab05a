using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>What to train; see docs/ALGORITHM.md for each number. What is absent takes the server's configured plan.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TrainingRequest
{
    /// <summary>implicit or explicit.</summary>
    public string? Objective { get; init; }

    /// <summary>k, 1 … 1,024.</summary>
    public int? Rank { get; init; }

    /// <summary>λ, above 0.</summary>
    public double? Lambda { get; init; }

    /// <summary>ν, 0 … 2.</summary>
    public double? LambdaExponent { get; init; }

    /// <summary>α, above 0.</summary>
    public double? Alpha { get; init; }

    /// <summary>scaled, one-plus or unobserved.</summary>
    public string? Confidence { get; init; }

    /// <summary>α0 where confidence is unobserved, above 0.</summary>
    public double? UnobservedWeight { get; init; }

    /// <summary>1 … 1,000.</summary>
    public int? Sweeps { get; init; }

    /// <summary>Seed of the start values.</summary>
    public int? Seed { get; init; }

    /// <summary>cholesky, conjugate-gradient, subspace or auto.</summary>
    public string? Solver { get; init; }

    /// <summary>1 … 100.</summary>
    public int? ConjugateGradientSteps { get; init; }

    /// <summary>0 … 1.</summary>
    public double? ConjugateGradientTolerance { get; init; }

    /// <summary>1 … 1,024.</summary>
    public int? SubspaceBlock { get; init; }

    /// <summary>1 … 100.</summary>
    public int? SubspaceRounds { get; init; }

    /// <summary>sum, max or last: how several events of a pair become r.</summary>
    public string? PairValue { get; init; }

    /// <summary>if-not-worse (than the current version, on users held out for that) or always.</summary>
    public string? Publish { get; init; }

    /// <summary>als, both (a sequence model beside the factors, in a learned blend) or sequence (lists of the sequence model alone).</summary>
    public string? Kind { get; init; }

    /// <summary>How the sequence model is trained, where the kind has one; what is absent takes the configured plan.</summary>
    public SequenceRequest? Sequence { get; init; }

    /// <summary>Weight of each event type, ≥ 0; a type that is not named keeps its configured weight.</summary>
    public Dictionary<string, double>? TypeWeights { get; init; }
}

/// <summary>How a sequence model is trained; see docs/ALGORITHM.md for each number.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SequenceRequest
{
    /// <summary>gated or classic.</summary>
    public string? Block { get; init; }

    /// <summary>L, 1 … 8.</summary>
    public int? Blocks { get; init; }

    /// <summary>d, 1 … 512.</summary>
    public int? Width { get; init; }

    /// <summary>H, a divisor of d.</summary>
    public int? Heads { get; init; }

    /// <summary>n, the longest window of a user's last items, 2 … 200.</summary>
    public int? Length { get; init; }

    /// <summary>0 … 0.9.</summary>
    public double? Dropout { get; init; }

    /// <summary>sampled-softmax, full-softmax or gbce.</summary>
    public string? Loss { get; init; }

    /// <summary>Uniform negatives of a step, 0 … 65,536.</summary>
    public int? UniformNegatives { get; init; }

    /// <summary>Sequences of a step, 1 … 4,096.</summary>
    public int? BatchSequences { get; init; }

    /// <summary>Above 0 and at most 1.</summary>
    public double? LearningRate { get; init; }

    /// <summary>0 … 1.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Epochs at most, 1 … 1,000.</summary>
    public int? Epochs { get; init; }

    /// <summary>Epochs without a better held-out NDCG after which the first course ends, 1 … 1,000.</summary>
    public int? Patience { get; init; }
}

/// <summary>Whether a training was started, and the version that is now being trained.</summary>
public sealed record TrainingStartedAnswer(bool Started, long Version);

/// <summary>The training under way, or the last one.</summary>
/// <param name="Phase">idle, freezing, gathering, mapping, starting, solvingUsers, solvingItems, learningSequences, measuring, publishing, done, stopped, failed or refused.</param>
/// <param name="IsOver">Whether it has ended, or never began.</param>
/// <param name="Version">The version it makes; 0 where none was ever started.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Sweep">The sweep under way or last done; 0 before the first.</param>
/// <param name="ShardsDone">Shards that have reported in this phase …</param>
/// <param name="ShardsTotal">… of so many.</param>
/// <param name="Losses">The objective after each sweep done.</param>
/// <param name="Users">User rows; 0 until known.</param>
/// <param name="Items">Item rows; 0 until known.</param>
/// <param name="Pairs">Observed pairs; 0 until known.</param>
/// <param name="Started">When it was started.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="SweepSeconds">Time of each sweep done.</param>
/// <param name="Reason">Why it failed or was refused.</param>
/// <param name="Quality">How its version compares with the one that was current; absent where that is not measured, or not yet.</param>
/// <param name="Sequence">How far its sequence model is; absent where it has none.</param>
public sealed record TrainingInfo(
    string Phase, bool IsOver, long Version, TrainingRequest? Plan, int Sweep, int ShardsDone, int ShardsTotal, double[] Losses,
    long Users, long Items, long Pairs, DateTimeOffset? Started, DateTimeOffset? Ended, double[] SweepSeconds, string? Reason,
    QualityInfo? Quality = null, SequenceInfo? Sequence = null);

/// <summary>How far the sequence model of a training is.</summary>
/// <param name="Epoch">The epoch under way in its course, or the last one done.</param>
/// <param name="EpochsMax">Epochs of the course; in the first one at most.</param>
/// <param name="IsChoosing">Whether the course is the one that chooses the number of epochs, on users whose newest item is left out; the second one trains anew on everything.</param>
/// <param name="Losses">Mean loss of each epoch done, of both courses.</param>
/// <param name="Ndcg">Held-out NDCG@10 of each epoch of the first course; null where nobody could be asked.</param>
public sealed record SequenceInfo(int Epoch, int EpochsMax, bool IsChoosing, double[] Losses, double?[] Ndcg);

/// <summary>A new version and the current one on the same users, whose newest item neither was trained on: the mean NDCG of lists of ten.</summary>
/// <param name="Users">Users measured; 0 where the current version was trained without holding anything out.</param>
/// <param name="New">NDCG@10 of the new version.</param>
/// <param name="Current">NDCG@10 of the current version.</param>
/// <param name="Error">Standard error of the difference.</param>
/// <param name="ComparedWith">The current version; 0 where there was none.</param>
/// <param name="IsWorse">Whether the new one is worse by more than tolerance and chance.</param>
/// <param name="IsRefused">Whether it is therefore not published.</param>
public sealed record QualityInfo(long Users, double New, double Current, double Error, long ComparedWith, bool IsWorse, bool IsRefused);

/// <summary>The versions held and the one in use.</summary>
/// <param name="Current">The version that lists are computed from; 0 where none is published.</param>
/// <param name="Models">Oldest first.</param>
public sealed record ModelsAnswer(long Current, ModelEntry[] Models);

/// <summary>One published model.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Plan">How it was trained.</param>
/// <param name="Users">Rows of the user side.</param>
/// <param name="Items">Rows of the item side.</param>
/// <param name="Pairs">Observed pairs.</param>
/// <param name="Losses">The objective after each sweep.</param>
/// <param name="FactorsHash">Equal exactly where the item factors are.</param>
/// <param name="Published">When it was published.</param>
/// <param name="TrainSeconds">How long the sweeps took.</param>
public sealed record ModelEntry(
    long Version, TrainingRequest Plan, long Users, long Items, long Pairs, double[] Losses, string FactorsHash, DateTimeOffset Published,
    double TrainSeconds);
