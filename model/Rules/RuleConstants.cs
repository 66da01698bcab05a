using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules;

/// <summary>What operators give for constants.</summary>
internal static class RuleConstants
{
    /// <summary>A missing truth value counts as false.</summary>
    public static bool IsTrue(RuleNode constant) => constant.Value is true;

    /// <summary>The result of a node whose operands are all constant.</summary>
    public static RuleNode Compute(RuleNode node, RuleNode[] operands)
    {
        bool isOfRequest = Array.Exists(operands, o => o.IsFromRequest);
        object? value = node.Op switch
        {
            RuleOp.Not => !IsTrue(operands[0]),
            RuleOp.List => operands.Where(o => o.Type is RuleType.Text or RuleType.Number && o.Value is not null && (Equals(node.Value, RuleType.Any) || Equals(node.Value, o.Type))).Select(o => o.Value!).ToArray(),
            RuleOp.In => operands[0].Type is RuleType.Text or RuleType.Number && operands[1].Value is object[] list && operands[0].Value is { } entry && list.Contains(entry),
            RuleOp.Has => operands[0].Op == RuleOp.Constant,
            _ when Array.Exists(operands, o => o.Op == RuleOp.Missing) => node.Type == RuleType.Bool ? false : null,
            RuleOp.Negate => -(double)operands[0].Value!,
            RuleOp.Number => Finite(TextCodes.NumberOf((string)operands[0].Value!)),
            RuleOp.Size => operands[0].Value switch { string text => SizeOf(text), object[] list => (double)list.Length, _ => null },
            RuleOp.StartsWith => ((string)operands[0].Value!).StartsWith((string)operands[1].Value!, StringComparison.Ordinal),
            RuleOp.Contains => ((string)operands[0].Value!).Contains((string)operands[1].Value!, StringComparison.Ordinal),
            RuleOp.Add or RuleOp.Subtract or RuleOp.Multiply or RuleOp.Divide => Finite(Arithmetic(node, operands, (double)operands[0].Value!, (double)operands[1].Value!)),
            _ => operands[0].Type == operands[1].Type && Compare(node.Op, operands[0].Value!, operands[1].Value!),
        };
        return value is null ? new(RuleOp.Missing, node.Type, node.At, isOfRequest: isOfRequest) : new(RuleOp.Constant, node.Type, node.At, value: value, isOfRequest: isOfRequest);
    }

    /// <summary>The code points of a text.</summary>
    public static double SizeOf(string text)
    {
        int size = 0;
        foreach (var _ in text.EnumerateRunes())
            size++;
        return size;
    }

    public static double Arithmetic(RuleOp op, double left, double right) => op switch
    {
        RuleOp.Add => left + right,
        RuleOp.Subtract => left - right,
        RuleOp.Multiply => left * right,
        _ => left / right,
    };

    public static bool Holds(RuleOp op, int order) => op switch
    {
        RuleOp.Equal => order == 0,
        RuleOp.NotEqual => order != 0,
        RuleOp.Less => order < 0,
        RuleOp.LessOrEqual => order <= 0,
        RuleOp.Greater => order > 0,
        _ => order >= 0,
    };

    private static double Arithmetic(RuleNode node, RuleNode[] operands, double left, double right) =>
        operands[0].Type != RuleType.Time ? Arithmetic(node.Op, left, right)
        : operands[1].Type == RuleType.Time ? (left - right) / 1000 : Arithmetic(node.Op, left, right * 1000);

    private static bool Compare(RuleOp op, object left, object right) => (left, right) switch
    {
        (double a, double b) => Holds(op, a.CompareTo(b)),
        (string a, string b) => Holds(op, string.CompareOrdinal(a, b)),
        (bool a, bool b) => op is RuleOp.Equal or RuleOp.NotEqual && Holds(op, a == b ? 0 : 1),
        _ => false,
    };

    private static object? Finite(double value) => double.IsFinite(value) ? value : null;
}
