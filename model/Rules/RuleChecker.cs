using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules;

/// <summary>Gives every part of an expression its type, or says what does not fit.</summary>
internal sealed class RuleChecker(string text, RuleFields fields)
{
    private static readonly string[] Roots = ["item", "user", "context", "now", "true", "false"];
    private int _nodes;

    /// <summary>The checked expression; null, with the error, where it does not fit.</summary>
    public static RuleNode? Check(string text, Syntax syntax, RuleFields fields, RuleType wanted, out RuleError? error)
    {
        try
        {
            var checker = new RuleChecker(text, fields);
            error = null;
            return checker.Require(checker.Check(syntax), wanted);
        }
        catch (Refusal refusal)
        {
            error = refusal.Error;
            return null;
        }
    }

    private RuleNode Check(Syntax syntax)
    {
        if (++_nodes > RuleBounds.NodesMax)
            throw Refuse(syntax.At, $"an expression holds at most {RuleBounds.NodesMax} literals, names, operators and calls");
        return syntax switch
        {
            LiteralSyntax literal => Literal(literal),
            ListSyntax list => List(list),
            NameSyntax { Name: "now" } => new(RuleOp.Now, RuleType.Time, syntax.At),
            NameSyntax name => throw Refuse(name.At, NameRule(name.Name), NearestName.Of(name.Name, Roots)),
            MemberSyntax member => Member(member),
            CallSyntax call => new RuleCalls(this).Check(call),
            UnarySyntax unary => unary.Operator == "!"
                ? new(RuleOp.Not, RuleType.Bool, unary.At, [Require(Check(unary.Operand), RuleType.Bool)])
                : new(RuleOp.Negate, RuleType.Number, unary.At, [Require(Check(unary.Operand), RuleType.Number)]),
            BinarySyntax binary => Binary(binary, Check(binary.Left), Check(binary.Right)),
            ConditionalSyntax conditional => Conditional(conditional),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public RuleNode CheckOperand(Syntax syntax) => Check(syntax);

    /// <summary>The node as a type: itself, a variable that takes the type, or an attribute read as a number.</summary>
    public RuleNode Require(RuleNode node, RuleType type) => TryAs(node, type)
        ?? throw Refuse(node.At, $"must be {Name(type)}; it is {Name(node.Type)}{(IsAttribute(node) ? ", as every attribute is" : "")}");

    public Refusal Refuse(int at, string rule, string? nearest = null) => new(RuleErrors.At(text, at, rule, nearest));

    public static string Name(RuleType type) => type switch
    {
        RuleType.Bool => "true or false",
        RuleType.Number => "a number",
        RuleType.Text => "a text",
        RuleType.Time => "a time",
        RuleType.List => "a list",
        _ => "a value",
    };

    /// <summary>Which of two values of a request is meant may depend on items only where it is clear what they are, so that one plan serves all items.</summary>
    public void RequireClear(RuleNode node)
    {
        if (node.Type == RuleType.Any && node.ReadsItem)
            throw Refuse(node.At, "the type is not clear; compare it with a text, a number or a field");
    }

    /// <summary>A list is a field's, or the same for all items.</summary>
    public void RequireOne(RuleNode list)
    {
        if (list.Op != RuleOp.Field && list.ReadsItem)
            throw Refuse(list.At, "which list is meant must not depend on items");
    }

    private static RuleNode? TryAs(RuleNode node, RuleType type)
    {
        if (node.Type == type || type == RuleType.Any)
            return node;
        if (node.Type == RuleType.Any)
            return node.Op != RuleOp.Conditional ? node.As(type)
                : new(node.Op, type, node.At, [node.Operands[0], TryAs(node.Operands[1], type)!, TryAs(node.Operands[2], type)!]);
        return type == RuleType.Number && IsAttribute(node) ? new(RuleOp.Number, RuleType.Number, node.At, [node]) : null;
    }

    private static bool IsAttribute(RuleNode node) => node.Op == RuleOp.Field && node.Field.IsAttribute;

    private RuleNode Literal(LiteralSyntax literal)
    {
        if (literal.Value is double number && !double.IsFinite(number))
            throw Refuse(literal.At, "must be a number that a double holds");
        RuleType type = literal.Value switch { bool => RuleType.Bool, double => RuleType.Number, _ => RuleType.Text };
        return new(RuleOp.Constant, type, literal.At, value: literal.Value);
    }

    private RuleNode List(ListSyntax list)
    {
        if (list.Entries.Count > RuleBounds.ListMax)
            throw Refuse(list.Entries[RuleBounds.ListMax].At, $"a list holds at most {RuleBounds.ListMax} values");
        RuleNode[] entries = [.. list.Entries.Select(Check)];
        RuleType type = entries.FirstOrDefault(e => e.Type != RuleType.Any)?.Type ?? RuleType.Any;
        for (int n = 0; n < entries.Length; n++)
        {
            if (entries[n].ReadsItem)
                throw Refuse(list.Entries[n].At, "a list's values must not depend on items");
            entries[n] = Require(entries[n], type);
            if (entries[n].Type is not (RuleType.Text or RuleType.Number or RuleType.Any))
                throw Refuse(list.Entries[n].At, $"a list holds texts or numbers; this is {Name(entries[n].Type)}");
        }
        return new(RuleOp.List, RuleType.List, list.At, entries, type);
    }

    private RuleNode Member(MemberSyntax member) => member.Target switch
    {
        NameSyntax { Name: "item" } => ItemField(member),
        NameSyntax { Name: "user" } owner => Variable(member, owner.Name, fields.User),
        NameSyntax { Name: "context" } owner => Variable(member, owner.Name, fields.Context),
        MemberSyntax { Target: NameSyntax { Name: "item" }, Name: "attributes" } =>
            new(RuleOp.Field, RuleType.Text, member.At, value: new FieldName(member.Name, ItemFieldKind.Label, true)),
        NameSyntax root => throw Refuse(root.At, NameRule(root.Name), NearestName.Of(root.Name, Roots)),
        _ => throw Refuse(member.At, "only item, item.attributes, user and context have members"),
    };

    private RuleNode ItemField(MemberSyntax member)
    {
        if (fields.Items.IndexOf(member.Name) is >= 0 and int index)
        {
            ItemFieldKind kind = fields.Items.KindOf(index);
            RuleType type = kind switch
            {
                ItemFieldKind.Number => RuleType.Number,
                ItemFieldKind.Time => RuleType.Time,
                ItemFieldKind.Flag => RuleType.Bool,
                ItemFieldKind.Text or ItemFieldKind.Label => RuleType.Text,
                _ => RuleType.List,
            };
            return new(RuleOp.Field, type, member.At, value: new FieldName(member.Name, kind, false));
        }
        if (fields.Attributes.Contains(member.Name))
            return new(RuleOp.Field, RuleType.Text, member.At, value: new FieldName(member.Name, ItemFieldKind.Label, true));
        string rule = member.Name == "attributes" ? "needs the name of an attribute, as in item.attributes.colour" : "is neither a field of items nor a known attribute";
        throw Refuse(member.At, rule, NearestName.Of(member.Name, fields.Items.Names.Concat(fields.Attributes)));
    }

    private RuleNode Variable(MemberSyntax member, string owner, IReadOnlyDictionary<string, RuleType>? known)
    {
        RuleType type = RuleType.Any;
        if (known is not null && !known.TryGetValue(member.Name, out type))
            throw Refuse(member.At, $"is not a name of {owner}", NearestName.Of(member.Name, known.Keys));
        return new(RuleOp.Variable, type, member.At, value: new VariableName(owner, member.Name));
    }

    private RuleNode Binary(BinarySyntax binary, RuleNode left, RuleNode right)
    {
        switch (binary.Operator)
        {
            case "&&" or "||":
                return new(binary.Operator == "&&" ? RuleOp.And : RuleOp.Or, RuleType.Bool, binary.At, [Require(left, RuleType.Bool), Require(right, RuleType.Bool)]);
            case "in":
                return In(binary, left, Require(right, RuleType.List));
            case "+" or "-" when left.Type == RuleType.Time:
                return TimeSum(binary, left, right);
            case "+" or "-" or "*" or "/":
                RuleOp op = binary.Operator switch { "+" => RuleOp.Add, "-" => RuleOp.Subtract, "*" => RuleOp.Multiply, _ => RuleOp.Divide };
                return new(op, RuleType.Number, binary.At, [Require(left, RuleType.Number), Require(right, RuleType.Number)]);
            default:
                return Comparison(binary, left, right);
        }
    }

    private RuleNode TimeSum(BinarySyntax binary, RuleNode left, RuleNode right)
    {
        if (binary.Operator == "-" && (right.Type is RuleType.Time or RuleType.Any))
            return new(RuleOp.Subtract, RuleType.Number, binary.At, [left, Require(right, RuleType.Time)]);
        return new(binary.Operator == "-" ? RuleOp.Subtract : RuleOp.Add, RuleType.Time, binary.At, [left, Require(right, RuleType.Number)]);
    }

    private RuleNode Comparison(BinarySyntax binary, RuleNode left, RuleNode right)
    {
        (left, right) = Alike(binary.At, left, right);
        RequireClear(left);
        RequireClear(right);
        RuleOp op = binary.Operator switch
        {
            "==" => RuleOp.Equal,
            "!=" => RuleOp.NotEqual,
            "<" => RuleOp.Less,
            "<=" => RuleOp.LessOrEqual,
            ">" => RuleOp.Greater,
            _ => RuleOp.GreaterOrEqual,
        };
        if (left.Type == RuleType.List)
            throw Refuse(binary.At, "lists are not compared; ask for a value with in, or for the number of values with size()");
        if (left.Type == RuleType.Bool && op is not (RuleOp.Equal or RuleOp.NotEqual))
            throw Refuse(binary.At, "true and false have no order; compare them with == or !=");
        return new(op, RuleType.Bool, binary.At, [left, right]);
    }

    private RuleNode Conditional(ConditionalSyntax conditional)
    {
        RuleNode condition = Require(Check(conditional.Condition), RuleType.Bool);
        var (yes, no) = Alike(conditional.At, Check(conditional.Yes), Check(conditional.No));
        return new(RuleOp.Conditional, yes.Type, conditional.At, [condition, yes, no]);
    }

    /// <summary>Both as one type.</summary>
    private (RuleNode Left, RuleNode Right) Alike(int at, RuleNode left, RuleNode right)
    {
        if (TryAs(left, right.Type) is { } leftToo && right.Type != RuleType.Any)
            return (leftToo, right);
        if (TryAs(right, left.Type) is { } rightToo)
            return (left, rightToo);
        throw Refuse(at, $"needs two of a kind; the left is {Name(left.Type)} and the right is {Name(right.Type)}");
    }

    private RuleNode In(BinarySyntax binary, RuleNode value, RuleNode list)
    {
        RuleType type = list.Op switch { RuleOp.List => (RuleType)list.Value!, RuleOp.Field => RuleType.Text, _ => RuleType.Any };
        value = Require(value, type);
        RequireClear(value);
        RequireOne(list);
        if (value.Type is not (RuleType.Text or RuleType.Number or RuleType.Any))
            throw Refuse(value.At, $"lists hold texts or numbers; this is {Name(value.Type)}");
        return new(RuleOp.In, RuleType.Bool, binary.At, [value, list]);
    }

    private static string NameRule(string name) => name is "item" or "user" or "context"
        ? $"needs a name behind it, as in {name}.{(name == "item" ? "price" : "country")}"
        : "is not a name; names are item.…, user.…, context.… and now, and texts stand in quotes";

    /// <summary>Ends the check of an expression.</summary>
    internal sealed class Refusal(RuleError error) : Exception
    {
        public RuleError Error => error;
    }
}
