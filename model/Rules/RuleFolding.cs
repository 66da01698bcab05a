namespace OrleansRec.Model.Rules;

/// <summary>Puts the values of a request into an expression and computes all that does not depend on items.</summary>
internal static class RuleFolding
{
    /// <summary>An equal expression with fewer nodes.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="inputs">Values; null: variables stay.</param>
    public static RuleNode Fold(RuleNode node, RuleInputs? inputs)
    {
        if (node.Operands.Length == 0)
            return node.Op == RuleOp.List ? new(RuleOp.Constant, RuleType.List, node.At, value: Array.Empty<object>()) : inputs is null ? node : ValueOf(node, inputs);
        if (inputs is not null && !node.ReadsRequest)
            return node;
        if (node.Op == RuleOp.Has && node.Operands[0].Op == RuleOp.Variable)
            return inputs is null ? node : Truth(ValueOf(node.Operands[0].As(RuleType.Any), inputs).Op == RuleOp.Constant);
        RuleNode[] operands = Array.ConvertAll(node.Operands, operand => Fold(operand, inputs));
        return node.Op switch
        {
            RuleOp.And => Junction(node, operands, RuleNode.True, RuleNode.False),
            RuleOp.Or => Junction(node, operands, RuleNode.False, RuleNode.True),
            RuleOp.Conditional when operands[0].IsConstant => RuleConstants.IsTrue(operands[0]) ? operands[1] : operands[2],
            _ when Array.TrueForAll(operands, o => o.IsConstant) => RuleConstants.Compute(node, operands),
            _ when LacksValue(node.Op, operands) => RuleNode.False,
            _ => new(node.Op, node.Type, node.At, operands, node.Value),
        };
    }

    private static RuleNode Truth(bool value) => value ? RuleNode.True : RuleNode.False;

    /// <summary>A comparison with a missing value does not hold, whatever the item is.</summary>
    private static bool LacksValue(RuleOp op, RuleNode[] operands) =>
        op is (>= RuleOp.Equal and <= RuleOp.In) or RuleOp.StartsWith or RuleOp.Contains && Array.Exists(operands, o => o.Op == RuleOp.Missing);

    private static RuleNode ValueOf(RuleNode node, RuleInputs inputs)
    {
        if (node.Op == RuleOp.Now)
            return new(RuleOp.Constant, RuleType.Time, node.At, value: (double)inputs.NowMs, isOfRequest: true);
        if (node.Op != RuleOp.Variable)
            return node;
        var name = (VariableName)node.Value!;
        RuleValue? value = (name.Owner == "user" ? inputs.User : inputs.Context)?.GetValueOrDefault(name.Name);
        return value is not null && (node.Type == RuleType.Any || node.Type == value.Type)
            ? new(RuleOp.Constant, value.Type, node.At, value: value.Value, isOfRequest: true)
            : new(RuleOp.Missing, node.Type, node.At, isOfRequest: true);
    }

    /// <summary>And, or: parts that decide nothing are left out, and those that are the same for every request come first, as one part that can be cached.</summary>
    private static RuleNode Junction(RuleNode node, RuleNode[] operands, RuleNode neutral, RuleNode deciding)
    {
        List<RuleNode> ofItems = [], others = [];
        foreach (RuleNode operand in operands.SelectMany(o => o.Op == node.Op ? o.Operands : [o]).SelectMany(o => o.Op == node.Op ? o.Operands : [o]))
        {
            if (operand.IsConstant && RuleConstants.IsTrue(operand) == RuleConstants.IsTrue(deciding))
                return deciding;
            if (!operand.IsConstant)
                (operand.IsOfItemsAlone ? ofItems : others).Add(operand);
        }
        if (ofItems.Count > 0 && others.Count > 0)
            others.Insert(0, ofItems.Count == 1 ? ofItems[0] : new(node.Op, RuleType.Bool, node.At, [.. ofItems]));
        else
            others.AddRange(ofItems);
        // A field alone could be missing; what and, or make of it never is.
        bool isItself = others.Count == 1 && others[0].Op is not (RuleOp.Field or RuleOp.Conditional);
        return others.Count == 0 ? neutral : isItself ? others[0] : new(node.Op, RuleType.Bool, node.At, [.. others]);
    }
}
