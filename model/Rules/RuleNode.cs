using System.Globalization;
using System.Text;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules;

/// <summary>What a node of a checked expression does with its operands.</summary>
internal enum RuleOp
{
    Constant, Missing, Field, Variable, Now, List,
    Not, And, Or, Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, In,
    Add, Subtract, Multiply, Divide, Negate, Number, Size, StartsWith, Contains, Has, Conditional,
}

/// <summary>A field of items, or an attribute.</summary>
internal sealed record FieldName(string Name, ItemFieldKind Kind, bool IsAttribute);

/// <summary>user.NAME or context.NAME.</summary>
internal sealed record VariableName(string Owner, string Name);

/// <summary>A node of a checked expression. Immutable.</summary>
/// <param name="op">What it does.</param>
/// <param name="type">What it gives.</param>
/// <param name="at">Where it stands in the text, from 0.</param>
/// <param name="operands">What it does it with.</param>
/// <param name="value">Of a constant: bool, double, string or object[]. Of a field: <see cref="FieldName"/>. Of a variable: <see cref="VariableName"/>.</param>
/// <param name="isOfRequest">Whether a constant came from the request.</param>
internal sealed class RuleNode(RuleOp op, RuleType type, int at, RuleNode[]? operands = null, object? value = null, bool isOfRequest = false)
{
    private string? _key;

    public RuleOp Op => op;

    public RuleType Type => type;

    public int At => at;

    public RuleNode[] Operands { get; } = operands ?? [];

    public object? Value => value;

    public FieldName Field => (FieldName)value!;

    /// <summary>Whether its value can differ from item to item.</summary>
    public bool ReadsItem { get; } = op == RuleOp.Field || (operands?.Any(o => o.ReadsItem) ?? false);

    /// <summary>Whether values of the request must still be put in.</summary>
    public bool ReadsRequest { get; } = op is RuleOp.Variable or RuleOp.Now || (operands?.Any(o => o.ReadsRequest) ?? false);

    /// <summary>Whether it is the same for every request.</summary>
    public bool IsOfItemsAlone { get; } =
        !isOfRequest && op is not (RuleOp.Variable or RuleOp.Now) && (operands?.All(o => o.IsOfItemsAlone) ?? true);

    public bool IsFromRequest => isOfRequest;

    public bool IsConstant => op is RuleOp.Constant or RuleOp.Missing;

    /// <summary>A text that two nodes share only if they mean the same.</summary>
    public string Key => _key ??= KeyOf();

    public static RuleNode True { get; } = new(RuleOp.Constant, RuleType.Bool, 0, value: true);

    public static RuleNode False { get; } = new(RuleOp.Constant, RuleType.Bool, 0, value: false);

    public RuleNode As(RuleType other) => new(op, other, at, Operands, value, isOfRequest);

    private string KeyOf()
    {
        var key = new StringBuilder().Append('(').Append(op).Append(' ').Append(type);
        foreach (object part in value is object[] list ? list : value is null ? [] : [value])
            key.Append(' ').Append(part switch
            {
                double number => number.ToString("R", CultureInfo.InvariantCulture),
                string text => string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text}"),
                FieldName field => string.Create(CultureInfo.InvariantCulture, $"{(field.IsAttribute ? "attribute" : "item")} {field.Name.Length}:{field.Name}"),
                _ => part.ToString(),
            });
        foreach (RuleNode operand in Operands)
            key.Append(operand.Key);
        return key.Append(')').ToString();
    }
}
