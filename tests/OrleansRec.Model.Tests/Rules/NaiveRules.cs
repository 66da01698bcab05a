using System.Globalization;
using System.Text;
using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Tests.Rules;

/// <summary>Reads a checked expression for one record at a time, by the words of docs/RULES.md and with nothing of the code under test but the checked tree.</summary>
internal static class NaiveRules
{
    /// <summary>bool, double, string, a time, or an array of the first two; null: missing.</summary>
    public static object? Value(RuleNode node, ItemFacts facts, RuleInputs inputs)
    {
        object? At(int n) => Value(node.Operands[n], facts, inputs);
        switch (node.Op)
        {
            case RuleOp.Constant:
                return Typed(node.Type, node.Value!);
            case RuleOp.Field:
                object? field = node.Field.IsAttribute ? facts.Attributes.GetValueOrDefault(node.Field.Name) : facts[node.Field.Name];
                return field is null ? null : Typed(node.Type, field);
            case RuleOp.Variable:
                var name = (VariableName)node.Value!;
                RuleValue? value = (name.Owner == "user" ? inputs.User : inputs.Context)?.GetValueOrDefault(name.Name);
                return value is null || (node.Type != RuleType.Any && node.Type != value.Type) ? null : Typed(value.Type, value.Value);
            case RuleOp.Now:
                return new Time(inputs.NowMs);
            case RuleOp.List:
                return node.Operands.Select(o => Value(o, facts, inputs)).Where(v => (RuleType)node.Value! switch
                {
                    RuleType.Text => v is string,
                    RuleType.Number => v is double,
                    _ => v is string or double,
                }).ToArray();
            case RuleOp.Not:
                return At(0) is not true;
            case RuleOp.And:
                return node.Operands.All(o => Value(o, facts, inputs) is true);
            case RuleOp.Or:
                return node.Operands.Any(o => Value(o, facts, inputs) is true);
            case RuleOp.Conditional:
                return At(0) is true ? At(1) : At(2);
            case RuleOp.Has:
                return node.Operands[0].Op == RuleOp.Variable ? Value(node.Operands[0].As(RuleType.Any), facts, inputs) is not null : At(0) is not null;
            case RuleOp.In:
                return At(0) is string or double && At(1) is object[] list && list.Any(entry => IsIn(At(0)!, entry, node.Operands[1]));
            case RuleOp.StartsWith:
                return At(0) is string text && At(1) is string start && text.Length >= start.Length && text[..start.Length] == start;
            case RuleOp.Contains:
                return At(0) is string whole && At(1) is string part && whole.Split(part).Length > (part.Length == 0 ? 0 : 1);
            case RuleOp.Size:
                return At(0) switch
                {
                    string sized => (double)Encoding.UTF32.GetByteCount(sized) / 4,
                    object[] sizedList => (double)sizedList.Length,
                    _ => node.Operands[0].Op == RuleOp.Field && node.Operands[0].Type == RuleType.List ? 0.0 : null,
                };
            case RuleOp.Number:
                return At(0) is string digits ? Finite(double.TryParse(digits, NumberStyles.Float ^ NumberStyles.AllowLeadingWhite ^ NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double n) ? n : double.NaN) : null;
            case RuleOp.Negate:
                return At(0) is double negated ? -negated : null;
            case RuleOp.Add or RuleOp.Subtract or RuleOp.Multiply or RuleOp.Divide:
                return Sum(node.Op, At(0), At(1));
            default:
                return Compare(node.Op, At(0), At(1));
        }
    }

    private static object? Sum(RuleOp op, object? left, object? right) => (op, left, right) switch
    {
        (RuleOp.Subtract, Time a, Time b) => Finite((a.Ms - b.Ms) / 1000),
        (RuleOp.Add, Time a, double b) => Finite(a.Ms + b * 1000) is double ms ? new Time(ms) : null,
        (RuleOp.Subtract, Time a, double b) => Finite(a.Ms - b * 1000) is double ms ? new Time(ms) : null,
        (RuleOp.Add, double a, double b) => Finite(a + b),
        (RuleOp.Subtract, double a, double b) => Finite(a - b),
        (RuleOp.Multiply, double a, double b) => Finite(a * b),
        (RuleOp.Divide, double a, double b) => Finite(a / b),
        _ => null,
    };

    private static bool Compare(RuleOp op, object? left, object? right)
    {
        int order;
        if (left is double a && right is double b)
            order = a < b ? -1 : a > b ? 1 : 0;
        else if (left is Time s && right is Time t)
            order = s.Ms < t.Ms ? -1 : s.Ms > t.Ms ? 1 : 0;
        else if (left is string x && right is string y)
            order = string.CompareOrdinal(x, y);
        else if (left is bool p && right is bool q)
            return op == RuleOp.Equal ? p == q : op == RuleOp.NotEqual && p != q;
        else
            return false;
        return op switch
        {
            RuleOp.Equal => order == 0,
            RuleOp.NotEqual => order != 0,
            RuleOp.Less => order < 0,
            RuleOp.LessOrEqual => order <= 0,
            RuleOp.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static bool IsIn(object value, object entry, RuleNode list) => list.Op == RuleOp.Field && list.Field.Kind == ItemFieldKind.Paths && value is string path
        ? $"{entry} > ".StartsWith(CategoryPath.Normal(path) + " > ", StringComparison.Ordinal)
        : value.Equals(entry);

    private static object Typed(RuleType type, object value) => type == RuleType.Time ? new Time((double)value) : value is string[] texts ? Array.ConvertAll(texts, t => (object)t) : value;

    private static object? Finite(double value) => double.IsFinite(value) ? value : null;

    private readonly record struct Time(double Ms);
}
