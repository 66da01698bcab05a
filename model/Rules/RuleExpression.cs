namespace OrleansRec.Model.Rules;

/// <summary>An expression that was parsed and checked once and is evaluated for many requests. Immutable.</summary>
/// <remarks>The language is that of docs/RULES.md; its cost is bounded by <see cref="RuleBounds"/>.</remarks>
public sealed class RuleExpression
{
    private readonly RuleNode _root;

    private RuleExpression(string text, RuleNode root) => (Text, _root) = (text, root);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>What it gives.</summary>
    public RuleType Type => _root.Type;

    /// <summary>Whether no value of a request, and not its time, takes part.</summary>
    public bool IsOfItemsAlone => !_root.ReadsRequest;

    /// <summary>A text that two expressions share only if they hold for the same items, whatever blanks and brackets they are written with.</summary>
    public string Key => _root.Key;

    /// <summary>Parses and checks; null, with the error, where the text is no expression of that type.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="fields">The names it may use.</param>
    /// <param name="type"><see cref="RuleType.Bool"/> for a filter, <see cref="RuleType.Number"/> for an amount.</param>
    /// <param name="error">Where and why it is refused.</param>
    public static RuleExpression? Parse(string text, RuleFields fields, RuleType type, out RuleError? error) =>
        RuleGrammar.Read(text, out error) is { } syntax && RuleChecker.Check(text, syntax, fields, type, out error) is { } checkedNode
            ? new(text, RuleFolding.Fold(checkedNode, null))
            : null;

    /// <summary>Parses and checks.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="fields">The names it may use.</param>
    /// <param name="type">What it must give.</param>
    /// <exception cref="ArgumentException">It is refused; the message says where and why.</exception>
    public static RuleExpression Parse(string text, RuleFields fields, RuleType type) =>
        Parse(text, fields, type, out RuleError? error) ?? throw new ArgumentException($"The expression is refused at {error}", nameof(text));

    /// <summary>Puts the values of a request in: what is left depends on items alone.</summary>
    /// <param name="inputs">The values.</param>
    public BoundExpression Bind(RuleInputs inputs) => new(_root.ReadsRequest ? RuleFolding.Fold(_root, inputs) : _root);
}
