using System.Globalization;

namespace OrleansRec.Model.Rules;

/// <summary>The functions of the language.</summary>
internal sealed class RuleCalls(RuleChecker checker)
{
    private static readonly string[] Names = ["has", "size", "startsWith", "contains", "double", "timestamp", "duration"];

    private static readonly string[] TimeFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public RuleNode Check(CallSyntax call)
    {
        int wanted = call.Name is "startsWith" or "contains" ? 2 : 1;
        if (!Names.Contains(call.Name))
            throw checker.Refuse(call.At, "is not a function", NearestName.Of(call.Name, Names));
        if (call.Arguments.Count != wanted)
            throw checker.Refuse(call.At, $"takes {(wanted == 1 ? "one value" : "one text of another: text.startsWith(\"…\")")}; got {call.Arguments.Count}");
        return call.Name switch
        {
            "has" => Has(call),
            "size" => Size(call, checker.CheckOperand(call.Arguments[0])),
            "double" => ToNumber(call, checker.CheckOperand(call.Arguments[0])),
            "timestamp" => new(RuleOp.Constant, RuleType.Time, call.At, value: TimeMs(call)),
            "duration" => new(RuleOp.Constant, RuleType.Number, call.At, value: Seconds(call)),
            _ => new(
                call.Name == "contains" ? RuleOp.Contains : RuleOp.StartsWith, RuleType.Bool, call.At,
                [.. call.Arguments.Select(a => checker.Require(checker.CheckOperand(a), RuleType.Text))]),
        };
    }

    private RuleNode Has(CallSyntax call)
    {
        RuleNode node = checker.CheckOperand(call.Arguments[0]);
        return node.Op is RuleOp.Field or RuleOp.Variable
            ? new(RuleOp.Has, RuleType.Bool, call.At, [node])
            : throw checker.Refuse(call.Arguments[0].At, "must be a name, as in has(item.price)");
    }

    private RuleNode Size(CallSyntax call, RuleNode node)
    {
        if (node.Type is not (RuleType.Text or RuleType.List or RuleType.Any))
            throw checker.Refuse(node.At, $"only texts and lists have a size; this is {RuleChecker.Name(node.Type)}");
        checker.RequireClear(node);
        if (node.Type == RuleType.List)
            checker.RequireOne(node);
        return new(RuleOp.Size, RuleType.Number, call.At, [node]);
    }

    private RuleNode ToNumber(CallSyntax call, RuleNode node) => node.Type == RuleType.Number ? node
        : new(RuleOp.Number, RuleType.Number, call.At, [checker.Require(node, RuleType.Text)]);

    private object TimeMs(CallSyntax call)
    {
        string text = LiteralText(call);
        return DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? (double)time.ToUnixTimeMilliseconds()
            : throw checker.Refuse(call.Arguments[0].At, "must be a date or a time with its zone, as in timestamp(\"2026-11-27T08:00:00Z\")");
    }

    private object Seconds(CallSyntax call)
    {
        ReadOnlySpan<char> rest = LiteralText(call);
        double seconds = 0;
        bool isRead = !rest.IsEmpty;
        while (isRead && !rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            int letters = digits < 0 ? 0 : rest[digits..] is ['m', 's', ..] ? 2 : 1;
            double unit = letters == 0 ? double.NaN : rest.Slice(digits, letters) switch { "d" => 86_400, "h" => 3600, "m" => 60, "s" => 1, "ms" => 0.001, _ => double.NaN };
            // Nine digits are 27,000 years in days' stead of hours, and far from overflow.
            isRead = digits is > 0 and <= 9 && !double.IsNaN(unit);
            if (isRead)
            {
                seconds += int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * unit;
                rest = rest[(digits + letters)..];
            }
        }
        return isRead ? seconds : throw checker.Refuse(call.Arguments[0].At, "must be whole numbers with d, h, m, s or ms behind them, as in duration(\"7d12h\")");
    }

    private string LiteralText(CallSyntax call) => call.Arguments[0] is LiteralSyntax { Value: string text }
        ? text
        : throw checker.Refuse(call.Arguments[0].At, $"{call.Name} takes a text in quotes");
}
