namespace OrleansRec.Model.Rules;

/// <summary>A value that a request brings: of the user, or of the context.</summary>
/// <remarks>What is no finite number, and lists beyond <see cref="RuleBounds.ListMax"/>, are refused where they are made.</remarks>
public sealed class RuleValue
{
    private RuleValue(RuleType type, object value) => (Type, Value) = (type, value);

    /// <summary>What it is; never <see cref="RuleType.Any"/>.</summary>
    public RuleType Type { get; }

    /// <summary>bool, double (numbers, and times in milliseconds), string, or object[] of string or double.</summary>
    internal object Value { get; }

    /// <summary>True or false.</summary>
    /// <param name="value">The value.</param>
    public static RuleValue Of(bool value) => new(RuleType.Bool, value);

    /// <summary>A number.</summary>
    /// <param name="value">Finite.</param>
    /// <exception cref="ArgumentException">The number is not finite.</exception>
    public static RuleValue Of(double value) =>
        double.IsFinite(value) ? new(RuleType.Number, value) : throw new ArgumentException($"A value must be a finite number; got {value}.", nameof(value));

    /// <summary>A text.</summary>
    /// <param name="value">Not null.</param>
    public static RuleValue Of(string value) => new(RuleType.Text, value);

    /// <summary>A time.</summary>
    /// <param name="timeMs">Milliseconds since 1970-01-01 UTC.</param>
    public static RuleValue OfTime(long timeMs) => new(RuleType.Time, (double)timeMs);

    /// <summary>A list of texts.</summary>
    /// <param name="values">At most <see cref="RuleBounds.ListMax"/>.</param>
    /// <exception cref="ArgumentException">The list is longer.</exception>
    public static RuleValue Of(IReadOnlyList<string> values) => OfList([.. values]);

    /// <summary>A list of numbers.</summary>
    /// <param name="values">At most <see cref="RuleBounds.ListMax"/>; each finite.</param>
    /// <exception cref="ArgumentException">The list is longer, or a number is not finite.</exception>
    public static RuleValue Of(IReadOnlyList<double> values) => OfList([.. values.Select(value => Of(value).Value)]);

    private static RuleValue OfList(object[] values) => values.Length <= RuleBounds.ListMax
        ? new(RuleType.List, values)
        : throw new ArgumentException($"A list holds at most {RuleBounds.ListMax} values; got {values.Length}.", nameof(values));
}

/// <summary>What expressions read beside the items.</summary>
/// <param name="NowMs">The time of the request, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="User">Values of <c>user.NAME</c>; null: none.</param>
/// <param name="Context">Values of <c>context.NAME</c>; null: none.</param>
public sealed record RuleInputs(long NowMs, IReadOnlyDictionary<string, RuleValue>? User = null, IReadOnlyDictionary<string, RuleValue>? Context = null);
