using System.Globalization;

namespace OrleansRec.Model.Rules;

/// <summary>Why an expression is refused, and where.</summary>
/// <param name="Column">Where the token begins, from 1.</param>
/// <param name="Token">What stands there, shortened; empty at the end of the text.</param>
/// <param name="Rule">What it must be.</param>
/// <param name="Nearest">The nearest name that is known, or null.</param>
public sealed record RuleError(int Column, string Token, string Rule, string? Nearest = null)
{
    /// <summary>The error of an expression that stands in a field.</summary>
    /// <param name="field">The field, such as rules[2].when.</param>
    public RuleViolation In(string field) => RuleViolation.Of($"{field}, column {Column.ToString(CultureInfo.InvariantCulture)}", Token, Text);

    /// <inheritdoc/>
    public override string ToString() => $"column {Column.ToString(CultureInfo.InvariantCulture)}, {(Token.Length > 0 ? $"at \"{Token}\"" : "at the end")}: {Text}";

    private string Text => Nearest is null ? Rule : $"{Rule}; did you mean \"{Nearest}\"?";
}
