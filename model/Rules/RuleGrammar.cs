using Parlot;
using Parlot.Fluent;
using static Parlot.Fluent.Parsers;

namespace OrleansRec.Model.Rules;

/// <summary>The grammar of expressions: a subset of CEL (github.com/google/cel-spec, doc/langdef.md), with its precedences.</summary>
/// <remarks>
/// expression = or [ "?" expression ":" expression ] · or = and { "||" and } · and = relation { "&amp;&amp;" relation } · relation = sum [ operator sum ] ·
/// sum = product { ("+" | "-") product } · product = unary { ("*" | "/") unary } · unary = ("!" | "-") unary | member ·
/// member = primary { "." name [ "(" arguments ")" ] | "[" text "]" } · primary = number | text | list | name [ "(" arguments ")" ] | "(" expression ")".
/// No alternative begins with what another begins with, so nothing is parsed twice.
/// </remarks>
internal static class RuleGrammar
{
    /// <summary>A deferred parser counts its recursion twice a bracket: once as an expression, once as an operand.</summary>
    private const int RecursionPerDepth = 2;

    private static readonly Parser<Syntax> Whole = Build();

    /// <summary>Reads an expression; null, with the error, where it is not one.</summary>
    public static Syntax? Read(string text, out RuleError? error)
    {
        if (text.Length > RuleBounds.CharsMax)
        {
            error = RuleErrors.At(text, RuleBounds.CharsMax, $"an expression is at most {RuleBounds.CharsMax} characters");
            return null;
        }
        var context = new ParseContext(new Scanner(text), RuleBounds.DepthMax * RecursionPerDepth);
        if (Whole.TryParse(context, out Syntax syntax, out ParseError? parseError))
        {
            error = null;
            return syntax;
        }
        string message = parseError?.Message ?? "a value is expected";
        bool isDeep = message.Contains("recursion", StringComparison.Ordinal);
        error = RuleErrors.At(text, parseError?.Position.Offset ?? 0, isDeep ? $"brackets, conditions and signs may stand within each other {RuleBounds.DepthMax} deep" : message);
        return null;
    }

    private static Parser<Syntax> Build()
    {
        var expression = Deferred<Syntax>();
        var unary = Deferred<Syntax>();
        var required = expression.ElseError("a value is expected");
        var name = Terms.Identifier().Then(static (_, start, _, span) => new NameSyntax(start, span.ToString()));
        var text = Terms.String().Then<Syntax>(static (_, start, _, span) => new LiteralSyntax(start, span.ToString()));
        var number = Terms.Number<double>(NumberOptions.AllowDecimalSeparator | NumberOptions.AllowExponent)
            .Then<Syntax>(static (_, start, _, value) => new LiteralSyntax(start, value));
        var arguments = Between(Terms.Char('('), Separated(Terms.Char(','), expression).Else([]), Terms.Char(')').ElseError("\")\" or \",\" is expected"));
        var list = Terms.Char('[').Then(static (_, start, _, _) => start)
            .And(Separated(Terms.Char(','), expression).Else([])).AndSkip(Terms.Char(']').ElseError("\"]\" or \",\" is expected"))
            .Then<Syntax>(static parsed => new ListSyntax(parsed.Item1, parsed.Item2));
        var group = Between(Terms.Char('('), required, Terms.Char(')').ElseError("\")\" is expected"));
        var nameOrCall = name.And(arguments.Optional()).Then(static parsed => NameOrCall(parsed.Item1, parsed.Item2));
        var primary = OneOf(number, text, list, group, nameOrCall);

        var dotted = Terms.Char('.').SkipAnd(name.ElseError("a name is expected after \".\"")).And(arguments.Optional()).Then(static parsed => new Step(parsed.Item1, parsed.Item2));
        var indexed = Between(Terms.Char('['), text.ElseError("a name in quotes is expected"), Terms.Char(']').ElseError("\"]\" is expected"))
            .Then(static literal => new Step(new(literal.At, (string)((LiteralSyntax)literal).Value), default));
        var member = primary.And(ZeroOrMany(OneOf(dotted, indexed))).Then(static parsed => Members(parsed.Item1, parsed.Item2));

        var sign = OneOf(Terms.Text("!"), Terms.Text("-")).Then(static (_, start, _, sign) => new Sign(start, sign));
        unary.Parser = OneOf(sign.And(unary.ElseError("a value is expected")).Then<Syntax>(static parsed => new UnarySyntax(parsed.Item1.At, parsed.Item1.Text, parsed.Item2)), member);
        var product = Chain(unary, Operators("*", "/"));
        var sum = Chain(product, Operators("+", "-"));
        var within = Terms.Identifier().When(static (_, span) => span.Span is "in").Then(static (_, start, _, _) => new Sign(start, "in"));
        var relation = sum.And(OneOf(Operators("<=", ">=", "<", ">", "==", "!="), within).And(sum.ElseError("a value is expected")).Optional())
            .Then(static parsed => parsed.Item2.TryGetValue(out var right) ? new BinarySyntax(right.Item1.At, right.Item1.Text, parsed.Item1, right.Item2) : parsed.Item1);
        var or = Chain(Chain(relation, Operators("&&")), Operators("||"));
        var branches = Terms.Char('?').Then(static (_, start, _, _) => start).And(required).AndSkip(Terms.Char(':').ElseError("\":\" is expected")).And(required);
        expression.Parser = or.And(branches.Optional()).Then(static parsed =>
            parsed.Item2.TryGetValue(out var b) ? new ConditionalSyntax(b.Item1, parsed.Item1, b.Item2, b.Item3) : parsed.Item1);
        return required.AndSkip(Terms.WhiteSpace().Optional()).AndSkip(Always().Eof().ElseError("an operator or the end is expected"));
    }

    private static Parser<Sign> Operators(params string[] operators) =>
        OneOf([.. operators.Select(o => Terms.Text(o).Then(static (_, start, _, text) => new Sign(start, text)))]);

    /// <summary>operand { operator operand }, from the left.</summary>
    private static Parser<Syntax> Chain(Parser<Syntax> operand, Parser<Sign> operators) =>
        operand.And(ZeroOrMany(operators.And(operand.ElseError("a value is expected")))).Then(static parsed =>
        {
            Syntax left = parsed.Item1;
            foreach (var (sign, right) in parsed.Item2)
                left = new BinarySyntax(sign.At, sign.Text, left, right);
            return left;
        });

    private static Syntax NameOrCall(NameSyntax name, Option<IReadOnlyList<Syntax>> arguments) => arguments.HasValue
        ? new CallSyntax(name.At, name.Name, arguments.Value)
        : name.Name is "true" or "false" ? new LiteralSyntax(name.At, name.Name == "true") : name;

    private static Syntax Members(Syntax target, IReadOnlyList<Step> steps)
    {
        foreach (Step step in steps)
            target = step.Arguments.HasValue
                ? new CallSyntax(step.Name.At, step.Name.Name, [target, .. step.Arguments.Value])
                : new MemberSyntax(step.Name.At, target, step.Name.Name);
        return target;
    }

    private readonly record struct Sign(int At, string Text);

    private readonly record struct Step(NameSyntax Name, Option<IReadOnlyList<Syntax>> Arguments);
}
