using System.Globalization;

namespace OrleansRec.Model;

/// <summary>The range of every option of a training.</summary>
public static class AlsOptionsRules
{
    /// <summary>The largest λ, α and α0: beyond it float32 factors vanish or overflow.</summary>
    public const double WeightMax = 1e6;

    /// <summary>Refuses options that are out of range, naming the first; null where they are fine.</summary>
    public static RuleViolation? Check(AlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Known("objective", options.Objective)
            ?? Range("rank", options.Rank, 1, 1024)
            ?? Weight("lambda", options.Lambda)
            ?? (options.LambdaExponent is { } exponent ? Range("lambdaExponent", exponent, 0, 2) : null)
            ?? Weight("alpha", options.Alpha)
            ?? Known("confidence", options.Confidence)
            ?? Weight("unobservedWeight", options.UnobservedWeight)
            ?? Range("sweeps", options.Sweeps, 1, 1000)
            ?? Known("solver", options.Solver)
            ?? Range("conjugateGradientSteps", options.ConjugateGradientSteps, 1, 100)
            ?? Range("conjugateGradientTolerance", options.ConjugateGradientTolerance, 0, 1)
            ?? Range("subspaceBlock", options.SubspaceBlock, 1, 1024)
            ?? Range("subspaceRounds", options.SubspaceRounds, 1, 100)
            ?? (options.PairValue is { } pairValue ? Known("pairValue", pairValue) : null);
    }

    private static RuleViolation? Known<T>(string field, T value) where T : struct, Enum =>
        Enum.IsDefined(value) ? null : RuleViolation.Of(field, value.ToString(), $"must be one of {string.Join(", ", Enum.GetNames<T>())}");

    // Written so that NaN, which is in no order with any number, is refused.
    private static RuleViolation? Weight(string field, double value) =>
        value is > 0 and <= WeightMax ? null : RuleViolation.Of(field, Show(value), "must be above 0 and at most 1000000");

    private static RuleViolation? Range(string field, double value, double least, double most) =>
        value >= least && value <= most ? null : RuleViolation.Of(field, Show(value), $"must be between {Show(least)} and {Show(most)}");

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
