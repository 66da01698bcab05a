namespace OrleansRec.Model;

/// <summary>Why an input is refused.</summary>
/// <param name="Field">The field, named as callers name it: userId, value, …</param>
/// <param name="Value">What it held, shortened to <see cref="ShownCharsMax"/> characters.</param>
/// <param name="Rule">What it must hold. The same violation always has the same text, so that reports can count by it.</param>
public sealed record RuleViolation(string Field, string Value, string Rule)
{
    /// <summary>At most this many characters of a refused value are repeated to the caller.</summary>
    public const int ShownCharsMax = 64;

    /// <summary>A violation by a value of any length.</summary>
    public static RuleViolation Of(string field, string? value, string rule) => new(field, Shorten(value), rule);

    /// <inheritdoc/>
    public override string ToString() => $"{Field} = {Value}: {Rule}";

    private static string Shorten(string? value)
    {
        if (value is null)
            return "null";
        if (value.Length <= ShownCharsMax)
            return value;
        // A pair of surrogates is kept or dropped whole: half a pair cannot be sent as UTF-8.
        int end = char.IsHighSurrogate(value[ShownCharsMax - 2]) ? ShownCharsMax - 2 : ShownCharsMax - 1;
        return string.Concat(value.AsSpan(0, end), "…");
    }
}
