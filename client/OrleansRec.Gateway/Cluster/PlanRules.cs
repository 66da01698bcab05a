using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Sequence;

namespace OrleansRec.Gateway;

/// <summary>The names of a plan's choices, and the way between a plan as it is asked for and the plan itself.</summary>
internal static class PlanRules
{
    private static readonly (string Name, Objective Value)[] Objectives = [("implicit", Objective.Implicit), ("explicit", Objective.Explicit)];

    private static readonly (string Name, Confidence Value)[] Confidences =
        [("scaled", Confidence.Scaled), ("one-plus", Confidence.OnePlus), ("unobserved", Confidence.Unobserved)];

    private static readonly (string Name, RowSolver Value)[] Solvers =
        [("cholesky", RowSolver.Cholesky), ("conjugate-gradient", RowSolver.ConjugateGradient), ("subspace", RowSolver.Subspace), ("auto", RowSolver.Auto)];

    private static readonly (string Name, PairValue Value)[] PairValues = [("sum", PairValue.Sum), ("max", PairValue.Max), ("last", PairValue.Last)];

    private static readonly (string Name, bool Value)[] Publications = [("if-not-worse", false), ("always", true)];

    private static readonly (string Name, PlanKind Value)[] Kinds = [("als", PlanKind.Als), ("both", PlanKind.Both), ("sequence", PlanKind.Sequence)];

    private static readonly (string Name, SequenceBlock Value)[] Blocks = [("gated", SequenceBlock.Gated), ("classic", SequenceBlock.Classic)];

    private static readonly (string Name, SequenceLoss Value)[] Losses =
        [("sampled-softmax", SequenceLoss.SampledSoftmax), ("full-softmax", SequenceLoss.FullSoftmax), ("gbce", SequenceLoss.Gbce)];

    private enum PlanKind
    {
        Als,
        Both,
        Sequence,
    }

    /// <exception cref="RecommenderException">A rule is broken.</exception>
    public static TrainingPlan ToPlan(TrainingRequest request, TrainingPlan defaults, EventTypeRules types, long nowMs)
    {
        TrainingPlan plan = defaults with
        {
            Objective = Choice("objective", request.Objective, Objectives) ?? defaults.Objective,
            Rank = request.Rank ?? defaults.Rank,
            Lambda = request.Lambda ?? defaults.Lambda,
            LambdaExponent = request.LambdaExponent ?? defaults.LambdaExponent,
            Alpha = request.Alpha ?? defaults.Alpha,
            Confidence = Choice("confidence", request.Confidence, Confidences) ?? defaults.Confidence,
            UnobservedWeight = request.UnobservedWeight ?? defaults.UnobservedWeight,
            Sweeps = request.Sweeps ?? defaults.Sweeps,
            Seed = request.Seed ?? defaults.Seed,
            Solver = Choice("solver", request.Solver, Solvers) ?? defaults.Solver,
            ConjugateGradientSteps = request.ConjugateGradientSteps ?? defaults.ConjugateGradientSteps,
            ConjugateGradientTolerance = request.ConjugateGradientTolerance ?? defaults.ConjugateGradientTolerance,
            SubspaceBlock = request.SubspaceBlock ?? defaults.SubspaceBlock,
            SubspaceRounds = request.SubspaceRounds ?? defaults.SubspaceRounds,
            PairValue = Choice("pairValue", request.PairValue, PairValues) ?? defaults.PairValue,
            PublishAlways = Choice("publish", request.Publish, Publications) ?? defaults.PublishAlways,
            Sequence = Sequence(request, defaults),
            TypeWeights = Weights(request.TypeWeights ?? [], types),
            DecayAtMs = types.All.Any(t => t.HalfLife is not null) ? nowMs : 0,
        };
        if (plan.ToSequence() is { } options && SequenceOptionsRules.Check(options) is { } broken)
            throw ListRules.Broken($"sequence.{broken.Field}", broken.Value, broken.Rule);
        return AlsOptionsRules.Check(plan.ToOptions()) is { } violation ? throw new RecommenderException(ProblemOf.Violation(violation)) : plan;
    }

    private static SequencePlan? Sequence(TrainingRequest request, TrainingPlan defaults)
    {
        PlanKind kind = Choice("kind", request.Kind, Kinds) ?? KindOf(defaults);
        if (kind == PlanKind.Als)
            return request.Sequence is null ? null : throw ListRules.Broken("sequence", "given", "must be absent where kind is als");
        SequencePlan plan = defaults.Sequence ?? new();
        SequenceRequest asked = request.Sequence ?? new();
        return plan with
        {
            IsAlone = kind == PlanKind.Sequence, Block = Choice("sequence.block", asked.Block, Blocks) ?? plan.Block, Blocks = asked.Blocks ?? plan.Blocks,
            Width = asked.Width ?? plan.Width, Heads = asked.Heads ?? plan.Heads, Length = asked.Length ?? plan.Length, Dropout = asked.Dropout ?? plan.Dropout,
            Loss = Choice("sequence.loss", asked.Loss, Losses) ?? plan.Loss, UniformNegatives = asked.UniformNegatives ?? plan.UniformNegatives,
            BatchSequences = asked.BatchSequences ?? plan.BatchSequences, LearningRate = asked.LearningRate ?? plan.LearningRate,
            WeightDecay = asked.WeightDecay ?? plan.WeightDecay, Epochs = asked.Epochs ?? plan.Epochs, Patience = asked.Patience ?? plan.Patience,
        };
    }

    private static PlanKind KindOf(TrainingPlan plan) => plan.Sequence is null ? PlanKind.Als : plan.Sequence.IsAlone ? PlanKind.Sequence : PlanKind.Both;

    private static SequenceRequest? ToApi(SequencePlan? plan) => plan is null ? null : new()
    {
        Block = Name(plan.Block, Blocks), Blocks = plan.Blocks, Width = plan.Width, Heads = plan.Heads, Length = plan.Length, Dropout = plan.Dropout,
        Loss = Name(plan.Loss, Losses), UniformNegatives = plan.UniformNegatives, BatchSequences = plan.BatchSequences, LearningRate = plan.LearningRate,
        WeightDecay = plan.WeightDecay, Epochs = plan.Epochs, Patience = plan.Patience,
    };

    public static TrainingRequest ToApi(TrainingPlan plan) => new()
    {
        Objective = Name(plan.Objective, Objectives), Rank = plan.Rank, Lambda = plan.Lambda, LambdaExponent = plan.LambdaExponent, Alpha = plan.Alpha,
        Confidence = Name(plan.Confidence, Confidences), UnobservedWeight = plan.UnobservedWeight, Sweeps = plan.Sweeps, Seed = plan.Seed,
        Solver = Name(plan.Solver, Solvers), ConjugateGradientSteps = plan.ConjugateGradientSteps,
        ConjugateGradientTolerance = plan.ConjugateGradientTolerance, SubspaceBlock = plan.SubspaceBlock, SubspaceRounds = plan.SubspaceRounds,
        Publish = Name(plan.PublishAlways, Publications), Kind = Name(KindOf(plan), Kinds), Sequence = ToApi(plan.Sequence),
        PairValue = plan.PairValue is { } value ? Name(value, PairValues) : null, TypeWeights = plan.TypeWeights.ToDictionary(w => w.Type, w => (double)Math.Abs(w.Weight)),
    };

    private static TypeWeight[] Weights(Dictionary<string, double> asked, EventTypeRules types)
    {
        foreach (var (type, weight) in asked)
        {
            if (!types.TryGet(type, out _))
                throw ListRules.Broken("typeWeights", type, $"must name types among {string.Join(", ", types.All.Select(t => t.Type))}");
            if (weight is not (>= 0 and <= AlsOptionsRules.WeightMax))
                throw ListRules.Broken($"typeWeights.{type}", weight.ToString(CultureInfo.InvariantCulture), "must be between 0 and 1000000");
        }
        return [.. types.All.Select(t => new TypeWeight(t.Type, asked.TryGetValue(t.Type, out double weight) ? (float)(t.IsNegative ? -weight : weight) : t.SignedWeight,
            (long?)t.HalfLife?.TotalMilliseconds ?? 0))];
    }

    private static T? Choice<T>(string field, string? name, (string Name, T Value)[] choices) where T : struct
    {
        if (name is null)
            return null;
        int found = Array.FindIndex(choices, c => c.Name == name);
        return found >= 0 ? choices[found].Value : throw ListRules.Broken(field, name, $"must be one of {string.Join(", ", choices.Select(c => c.Name))}");
    }

    private static string Name<T>(T value, (string Name, T Value)[] choices) where T : struct =>
        Array.Find(choices, c => EqualityComparer<T>.Default.Equals(c.Value, value)).Name;
}
