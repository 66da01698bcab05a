using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

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
            TypeWeights = Weights(request.TypeWeights ?? [], types),
            DecayAtMs = types.All.Any(t => t.HalfLife is not null) ? nowMs : 0,
        };
        return AlsOptionsRules.Check(plan.ToOptions()) is { } violation ? throw new RecommenderException(ProblemOf.Violation(violation)) : plan;
    }

    public static TrainingRequest ToApi(TrainingPlan plan) => new()
    {
        Objective = Name(plan.Objective, Objectives), Rank = plan.Rank, Lambda = plan.Lambda, LambdaExponent = plan.LambdaExponent, Alpha = plan.Alpha,
        Confidence = Name(plan.Confidence, Confidences), UnobservedWeight = plan.UnobservedWeight, Sweeps = plan.Sweeps, Seed = plan.Seed,
        Solver = Name(plan.Solver, Solvers), ConjugateGradientSteps = plan.ConjugateGradientSteps,
        ConjugateGradientTolerance = plan.ConjugateGradientTolerance, SubspaceBlock = plan.SubspaceBlock, SubspaceRounds = plan.SubspaceRounds,
        Publish = Name(plan.PublishAlways, Publications),
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
