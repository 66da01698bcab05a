using Orleans;
using OrleansRec.Model;
using OrleansRec.Model.Sequence;

namespace OrleansRec.Contracts;

/// <summary>Everything that decides a training's result besides the log: see <see cref="AlsOptions"/> for each number.</summary>
[GenerateSerializer, Immutable, Alias("rec.training-plan")]
public sealed record TrainingPlan
{
    /// <summary>See <see cref="AlsOptions.Objective"/>.</summary>
    [Id(0)] public Objective Objective { get; init; }
    /// <summary>See <see cref="AlsOptions.Rank"/>.</summary>
    [Id(1)] public int Rank { get; init; } = 64;
    /// <summary>See <see cref="AlsOptions.Lambda"/>.</summary>
    [Id(2)] public double Lambda { get; init; } = 10;
    /// <summary>See <see cref="AlsOptions.LambdaExponent"/>.</summary>
    [Id(3)] public double? LambdaExponent { get; init; }
    /// <summary>See <see cref="AlsOptions.Alpha"/>.</summary>
    [Id(4)] public double Alpha { get; init; } = 1;
    /// <summary>See <see cref="AlsOptions.Confidence"/>.</summary>
    [Id(5)] public Confidence Confidence { get; init; }
    /// <summary>See <see cref="AlsOptions.UnobservedWeight"/>.</summary>
    [Id(6)] public double UnobservedWeight { get; init; } = 1;
    /// <summary>See <see cref="AlsOptions.Sweeps"/>.</summary>
    [Id(7)] public int Sweeps { get; init; } = 15;
    /// <summary>See <see cref="AlsOptions.Seed"/>.</summary>
    [Id(8)] public int Seed { get; init; } = 1;
    /// <summary>See <see cref="AlsOptions.Solver"/>.</summary>
    [Id(9)] public RowSolver Solver { get; init; }
    /// <summary>See <see cref="AlsOptions.ConjugateGradientSteps"/>.</summary>
    [Id(10)] public int ConjugateGradientSteps { get; init; } = 4;
    /// <summary>See <see cref="AlsOptions.PairValue"/>.</summary>
    [Id(11)] public PairValue? PairValue { get; init; }
    /// <summary>Weight of each event type in r; types that are not named weigh 1.</summary>
    [Id(12)] public TypeWeight[] TypeWeights { get; init; } = [];
    /// <summary>See <see cref="AlsOptions.ConjugateGradientTolerance"/>.</summary>
    [Id(13)] public double ConjugateGradientTolerance { get; init; } = 1e-3;
    /// <summary>See <see cref="AlsOptions.SubspaceBlock"/>.</summary>
    [Id(14)] public int SubspaceBlock { get; init; } = 32;
    /// <summary>See <see cref="AlsOptions.SubspaceRounds"/>.</summary>
    [Id(15)] public int SubspaceRounds { get; init; } = 4;
    /// <summary>The vector width that the training computes at (<see cref="ActiveRung"/>); null until it begins, which fixes it.</summary>
    [Id(16)] public string? KernelRung { get; init; }

    /// <summary>Whether the version is published even where it is worse than the current one.</summary>
    [Id(17)] public bool PublishAlways { get; init; }
    /// <summary>What is held out of the training, to compare versions on; null: nothing. Whoever starts a training leaves it to the coordinator.</summary>
    [Id(18)] public HeldOutPlan? HeldOut { get; init; }

    /// <summary>The moment that the ages of events are counted to, where a type has a half-life: milliseconds since 1970-01-01 UTC.</summary>
    [Id(19)] public long DecayAtMs { get; init; }

    /// <summary>How a sequence model is trained beside the factors; null: there is none.</summary>
    [Id(20)] public SequencePlan? Sequence { get; init; }

    /// <summary>What types of events mean in this training; a type that the plan does not name weighs 1, and a search, which has no item, nothing.</summary>
    public TypeMeanings MeaningsOf(IReadOnlyList<string> types)
    {
        var byType = TypeWeights.ToDictionary(w => w.Type, StringComparer.Ordinal);
        TypeWeight[] found = [.. types.Select(type => type == EventTypeRules.Search ? new(type, 0) : byType.GetValueOrDefault(type, new(type, 1)))];
        return new(
            Array.ConvertAll(found, w => w.Weight), Array.Exists(found, w => w.HalfLifeMs > 0) ? Array.ConvertAll(found, w => w.HalfLifeMs) : [], DecayAtMs);
    }

    /// <summary>When the version may be published; null: without a comparison.</summary>
    public QualityRule? ToRule() => HeldOut is null ? null : new(HeldOut.Share, HeldOut.UsersMin, HeldOut.Tolerance, PublishAlways);

    /// <summary>How a sequence model is trained beside the factors; null: there is none.</summary>
    public SequenceOptions? ToSequence() => Sequence?.ToOptions(Seed);

    /// <summary>Refuses to go on with a training that began at another vector width than this process has.</summary>
    /// <exception cref="TrainingFailedException">The widths differ.</exception>
    public void RequireRung()
    {
        if (KernelRung is not null && KernelRung != ActiveRung.Name)
            throw new TrainingFailedException(
                $"The training began on kernel rung {KernelRung}; this silo runs {ActiveRung.Name}, whose factors differ in their last bits. Start it again, or run every silo on one rung.")
            {
                IsFinal = true,
            };
    }

    /// <summary>The options of the mathematics.</summary>
    public AlsOptions ToOptions() => new()
    {
        Objective = Objective, Rank = Rank, Lambda = Lambda, LambdaExponent = LambdaExponent, Alpha = Alpha, Confidence = Confidence,
        UnobservedWeight = UnobservedWeight, Sweeps = Sweeps, Seed = Seed, Solver = Solver,
        ConjugateGradientSteps = ConjugateGradientSteps, ConjugateGradientTolerance = ConjugateGradientTolerance,
        SubspaceBlock = SubspaceBlock, SubspaceRounds = SubspaceRounds, PairValue = PairValue,
    };

    /// <summary>The plan with these options.</summary>
    public static TrainingPlan From(AlsOptions options, TypeWeight[] typeWeights) => new()
    {
        Objective = options.Objective, Rank = options.Rank, Lambda = options.Lambda, LambdaExponent = options.LambdaExponent,
        Alpha = options.Alpha, Confidence = options.Confidence, UnobservedWeight = options.UnobservedWeight, Sweeps = options.Sweeps,
        Seed = options.Seed, Solver = options.Solver, ConjugateGradientSteps = options.ConjugateGradientSteps,
        ConjugateGradientTolerance = options.ConjugateGradientTolerance, SubspaceBlock = options.SubspaceBlock, SubspaceRounds = options.SubspaceRounds,
        PairValue = options.PairValue, TypeWeights = typeWeights,
    };
}

/// <summary>What is held out of a training; see <see cref="QualityRule"/> for the numbers.</summary>
[GenerateSerializer, Immutable, Alias("rec.held-out-plan")]
public sealed record HeldOutPlan(double Share, int UsersMin, double Tolerance);

/// <summary>The weight of one event type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Weight">What one event with value 1 does to r; below 0 where the type is negative.</param>
/// <param name="HalfLifeMs">After so many milliseconds an event weighs half; 0: for ever the same.</param>
[GenerateSerializer, Immutable, Alias("rec.type-weight")]
public readonly record struct TypeWeight(string Type, float Weight, long HalfLifeMs = 0);

/// <summary>One published model.</summary>
/// <param name="Version">Grows by one with every training that is started; 1 is the first.</param>
/// <param name="Plan">How it was trained.</param>
/// <param name="Users">Rows of the user side.</param>
/// <param name="Items">Rows of the item side.</param>
/// <param name="Pairs">Observed pairs.</param>
/// <param name="GlobalMean">μ when explicit, else 0.</param>
/// <param name="Gram">YᵀY of the published factors in double, row-major, shape (k, k); empty when explicit.</param>
/// <param name="Losses">The objective after each sweep.</param>
/// <param name="FactorsHash">Hexadecimal SHA-256 over ids and factors in the order of buckets: equal exactly where the factors are.</param>
/// <param name="PublishedMs">When it was published.</param>
/// <param name="TrainSeconds">How long the sweeps took.</param>
/// <param name="ShardRows">Rows of each item shard, shape (Q).</param>
/// <param name="Attempt">Which attempt at the training prepared the blocks.</param>
[GenerateSerializer, Immutable, Alias("rec.model-info")]
public sealed record ModelInfo(
    long Version, TrainingPlan Plan, long Users, long Items, long Pairs, double GlobalMean, double[] Gram, double[] Losses,
    string FactorsHash, long PublishedMs, double TrainSeconds, int[] ShardRows, int Attempt = 0);

/// <summary>The versions held and the one in use.</summary>
/// <param name="Current">The version that lists are computed from; 0 where none is published.</param>
/// <param name="Models">The versions held, oldest first.</param>
/// <param name="Revision">Grows with every change, so that an answer that was overtaken is known as one.</param>
[GenerateSerializer, Immutable, Alias("rec.model-directory")]
public sealed record ModelDirectory(long Current, ModelInfo[] Models, long Revision = 0)
{
    /// <summary>The current model, or null.</summary>
    public ModelInfo? CurrentModel => Array.Find(Models, m => m.Version == Current);
}
