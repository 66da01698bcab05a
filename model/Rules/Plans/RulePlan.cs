using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules.Plans;

/// <summary>Makes plans over columns of expressions into which the request's values are put.</summary>
internal static class RulePlan
{
    public static BitsPlan Bits(RuleNode node, ColumnTable table) => node.Op switch
    {
        RuleOp.Constant or RuleOp.Missing => new ConstantBits(node.Value as bool?),
        RuleOp.Field => new ColumnBits(new(table, node.Field)),
        RuleOp.Has => new HasBits(new(table, node.Operands[0].Field)),
        RuleOp.Not => new NotBits(Bits(node.Operands[0], table)),
        RuleOp.And or RuleOp.Or => new JunctionBits(Array.ConvertAll(node.Operands, o => Bits(o, table)), node.Op == RuleOp.And),
        RuleOp.Conditional => new ConditionalBits(Bits(node.Operands[0], table), Bits(node.Operands[1], table), Bits(node.Operands[2], table)),
        RuleOp.In => In(node.Operands[0], node.Operands[1], table),
        RuleOp.StartsWith or RuleOp.Contains => new TextComparisonBits(node.Op, Texts(node.Operands[0], table), Texts(node.Operands[1], table)),
        _ => Comparison(node, node.Operands[0], node.Operands[1], table),
    };

    public static NumbersPlan Numbers(RuleNode node, ColumnTable table) => node.Op switch
    {
        RuleOp.Constant => new ConstantNumbers((double)node.Value!),
        RuleOp.Missing => new ConstantNumbers(double.NaN),
        RuleOp.Field => new ColumnNumbers(new(table, node.Field)),
        RuleOp.Negate => new NegatedNumbers(Numbers(node.Operands[0], table)),
        RuleOp.Number when node.Operands[0] is { Op: RuleOp.Field, Field.Kind: ItemFieldKind.Label } label => new LabelNumbers(new(table, label.Field)),
        RuleOp.Number => new TextNumbers(Texts(node.Operands[0], table)),
        RuleOp.Size when node.Operands[0].Type == RuleType.List => new ListSizes(new(table, node.Operands[0].Field)),
        RuleOp.Size => new TextSizes(Texts(node.Operands[0], table)),
        RuleOp.Conditional => new ConditionalNumbers(Bits(node.Operands[0], table), Numbers(node.Operands[1], table), Numbers(node.Operands[2], table)),
        _ => new ArithmeticNumbers(
            node.Op, Numbers(node.Operands[0], table), Numbers(node.Operands[1], table),
            node.Operands[0].Type == RuleType.Time && node.Operands[1].Type == RuleType.Number ? 1000 : 1,
            node.Operands[0].Type == RuleType.Time && node.Operands[1].Type == RuleType.Time ? 1000 : 1),
    };

    private static TextsPlan Texts(RuleNode node, ColumnTable table) => node.Op switch
    {
        RuleOp.Field => new ColumnTexts(new(table, node.Field)),
        RuleOp.Conditional => new ConditionalTexts(Bits(node.Operands[0], table), Texts(node.Operands[1], table), Texts(node.Operands[2], table)),
        _ => new ConstantTexts(node.Value as string),
    };

    private static BitsPlan In(RuleNode value, RuleNode list, ColumnTable table)
    {
        if (list.Op == RuleOp.Field)
        {
            var column = new ColumnName(table, list.Field);
            return value.Type != RuleType.Text ? new ConstantBits(false)
                : value is { Op: RuleOp.Constant, Value: string text } ? new TextInLabelsBits(text, column) : new TextsInLabelsBits(Texts(value, table), column);
        }
        object[] entries = (object[])list.Value!;
        if (value.Type == RuleType.Number)
            return new NumberInListBits(Numbers(value, table), [.. entries.OfType<double>()]);
        string[] texts = [.. entries.OfType<string>()];
        return IsLabel(value) ? new LabelInListBits(new(table, value.Field), texts) : new TextInListBits(Texts(value, table), texts);
    }

    private static BitsPlan Comparison(RuleNode node, RuleNode left, RuleNode right, ColumnTable table)
    {
        if (left.Type != right.Type)
            return new ConstantBits(false);
        if (left.Type == RuleType.Bool)
            return new EqualBits(Bits(left, table), Bits(right, table), node.Op == RuleOp.Equal);
        if (left.Type == RuleType.Text)
            return node.Op is RuleOp.Equal or RuleOp.NotEqual && IsLabel(left) && right is { Op: RuleOp.Constant, Value: string text }
                ? new LabelInListBits(new(table, left.Field), [text], node.Op == RuleOp.Equal)
                : new TextComparisonBits(node.Op, Texts(left, table), Texts(right, table));
        var (a, b) = (Numbers(left, table), Numbers(right, table));
        return node.Op switch
        {
            RuleOp.Equal => new NumberComparisonBits<IsEqual>(a, b),
            RuleOp.NotEqual => new NumberComparisonBits<IsUnequal>(a, b),
            RuleOp.Less => new NumberComparisonBits<IsLess>(a, b),
            RuleOp.LessOrEqual => new NumberComparisonBits<IsAtMost>(a, b),
            RuleOp.Greater => new NumberComparisonBits<IsLess>(b, a),
            _ => new NumberComparisonBits<IsAtMost>(b, a),
        };
    }

    private static bool IsLabel(RuleNode node) => node is { Op: RuleOp.Field, Field.Kind: ItemFieldKind.Label };
}
