using System.Globalization;

namespace OrleansRec.Model.Sequence;

/// <summary>The range of every option of a sequence model.</summary>
public static class SequenceOptionsRules
{
    /// <summary>Refuses options that are out of range, naming the first; null where they are fine.</summary>
    public static RuleViolation? Check(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Known("block", options.Block)
            ?? Range("blocks", options.Blocks, 1, 8)
            ?? Range("width", options.Width, 1, 512)
            ?? Heads(options)
            ?? Range("length", options.Length, 2, 200)
            ?? Range("hiddenMultiple", options.HiddenMultiple, 1, 8)
            ?? Range("dropout", options.Dropout, 0, 0.9)
            ?? Known("loss", options.Loss)
            ?? Negatives(options)
            ?? Range("calibration", options.Calibration, 0, 1)
            ?? Range("batchSequences", options.BatchSequences, 1, 4096)
            ?? Above0("learningRate", options.LearningRate, 1)
            ?? Range("warmUpSteps", options.WarmUpSteps, 0, 1_000_000)
            ?? Range("beta1", options.Beta1, 0, 0.9999)
            ?? Range("beta2", options.Beta2, 0, 0.99999)
            ?? Above0("epsilon", options.Epsilon, 1)
            ?? Range("weightDecay", options.WeightDecay, 0, 1)
            ?? (options.GradientNormMax is { } norm ? Above0("gradientNormMax", norm, 1_000_000) : null)
            ?? Range("epochs", options.Epochs, 1, 1000)
            ?? Range("patience", options.Patience, 1, 1000);
    }

    /// <summary>Throws where <see cref="Check"/> refuses.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal static void Require(SequenceOptions options)
    {
        if (Check(options) is { } violation)
            throw new ArgumentException(violation.ToString(), nameof(options));
    }

    private static RuleViolation? Heads(SequenceOptions options) =>
        options.Heads >= 1 && options.Width % options.Heads == 0
            ? null
            : RuleViolation.Of("heads", Show(options.Heads), $"must divide width, which is {options.Width}");

    private static RuleViolation? Negatives(SequenceOptions options) =>
        Range("uniformNegatives", options.UniformNegatives, 0, 65_536)
        ?? (options.UniformNegatives == 0 && !options.InBatchNegatives && options.Loss != SequenceLoss.FullSoftmax
            ? RuleViolation.Of("uniformNegatives", "0", "must be above 0 where there are no in-batch negatives")
            : null);

    private static RuleViolation? Known<T>(string field, T value) where T : struct, Enum =>
        Enum.IsDefined(value) ? null : RuleViolation.Of(field, value.ToString(), $"must be one of {string.Join(", ", Enum.GetNames<T>())}");

    // Written so that NaN, which is in no order with any number, is refused.
    private static RuleViolation? Above0(string field, double value, double most) =>
        value > 0 && value <= most ? null : RuleViolation.Of(field, Show(value), $"must be above 0 and at most {Show(most)}");

    private static RuleViolation? Range(string field, double value, double least, double most) =>
        value >= least && value <= most ? null : RuleViolation.Of(field, Show(value), $"must be between {Show(least)} and {Show(most)}");

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
