using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;
using OrleansRec.Model.Tests.Items;

namespace OrleansRec.Model.Tests.Rules;

/// <summary>Texts, valid, nearly valid and garbage, never crash or pass a bound; what is accepted holds for the items for which a naive reading holds.</summary>
public sealed class RuleFuzzTests
{
    private const int Rows = 70;

    /// <summary>100,000 texts in all with `./rec test --full`.</summary>
    private static int TextsPerSeed { get; } = Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1" ? 10_000 : 2_000;

    private static readonly string[] Refusals = ["at most", "deep", "type is not clear", "which list is meant"];

    private static readonly RuleFields Fields = new(ItemFields.Catalogue, ["attribute2", "attribute4"]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void Parse_AnyText_EvaluatesAsTheNaiveReadingOrPointsAtAColumn(int seed)
    {
        var random = new Random(seed);
        var rules = new AnyRule(random);
        ItemFacts[] facts = [.. Enumerable.Range(0, Rows).Select(n => ItemColumnsTests.Facts($"i{n}", random))];
        ItemColumns items = ItemColumns.Of(facts);
        var cache = new PredicateCache(16);
        int accepted = 0;
        for (int n = 0; n < TextsPerSeed; n++)
        {
            bool isNumber = n % 8 == 7;
            string text = n % 2 == 0 ? rules.NotQuite() : isNumber ? rules.Number(3) : rules.Bool(1 + random.Next(4));
            if (RuleExpression.Parse(text, Fields, isNumber ? RuleType.Number : RuleType.Bool, out RuleError? error) is not { } expression)
            {
                RequireColumn(text, error!);
                // What the grammar makes is refused only for its bounds, and for what must not depend on items.
                Assert.True(n % 2 == 0 || Refusals.Any(error!.Rule.Contains), $"seed {seed}: {text}: {error}");
                continue;
            }
            accepted++;
            Assert.InRange(text.Length, 1, RuleBounds.CharsMax);
            RuleInputs inputs = Inputs(random);
            RequireNaive($"seed {seed}, text {n}: {text}", expression, facts, items, inputs, isNumber, cache);
        }
        Assert.InRange(accepted, TextsPerSeed / 3, TextsPerSeed);
        Assert.Equal(16, cache.Count);
    }

    private static void RequireNaive(string what, RuleExpression expression, ItemFacts[] facts, ItemColumns items, RuleInputs inputs, bool isNumber, PredicateCache cache)
    {
        RuleNode naive = RuleChecker.Check(expression.Text, RuleGrammar.Read(expression.Text, out _)!, Fields, expression.Type, out _)!;
        BoundExpression bound = expression.Bind(inputs);
        if (isNumber)
        {
            var numbers = new double[Rows];
            bound.FillNumbers(items, [.. Enumerable.Range(0, Rows)], numbers);
            for (int row = 0; row < Rows; row++)
            {
                double expected = NaiveRules.Value(naive, facts[row], inputs) as double? ?? double.NaN;
                // By == a zero equals a negative zero, as it does in comparisons.
                Assert.True(numbers[row] == expected || (double.IsNaN(numbers[row]) && double.IsNaN(expected)), $"{what}, row {row}: {numbers[row]}, not {expected}");
            }
            return;
        }
        ulong[] alone = new ulong[2], cached = new ulong[2];
        bound.Fill(items, alone);
        bound.Fill(items, cached, cache);
        Assert.Equal(alone, cached);
        Assert.Equal(0UL, alone[1] >> (Rows - 64));
        for (int row = 0; row < Rows; row++)
        {
            bool expected = NaiveRules.Value(naive, facts[row], inputs) is true;
            Assert.True(expected == RowWords.Has(alone, row), $"{what}, row {row}: {(expected ? "must hold" : "must not hold")}");
        }
        Assert.Equal(RowWords.Has(alone, Rows - 1), bound.Holds(items, Rows - 1));
    }

    private static void RequireColumn(string text, RuleError error)
    {
        Assert.InRange(error.Column, 1, text.Length + 1);
        Assert.NotEmpty(error.Rule);
        if (error.Token.Length > 0 && !error.Token.Contains('\ufffd'))
            Assert.StartsWith(error.Token, text[(error.Column - 1)..], StringComparison.Ordinal);
    }

    private static RuleInputs Inputs(Random random)
    {
        var user = new Dictionary<string, RuleValue>();
        Put("text", RuleValue.Of($"brand {random.Next(8)}"));
        Put("number", RuleValue.Of(random.Next(6)));
        Put("flag", RuleValue.Of(random.Next(2) == 0));
        Put("time", RuleValue.OfTime(random.Next(100)));
        Put("list", RuleValue.Of((string[])["tag 1", "brand 2"]));
        Put("numbers", RuleValue.Of((double[])[1, 4]));
        Put("any", random.Next(2) == 0 ? RuleValue.Of(1) : RuleValue.Of("tag 1"));
        return new(random.Next(100), user, new Dictionary<string, RuleValue> { ["other"] = random.Next(2) == 0 ? RuleValue.Of("brand 1") : RuleValue.Of(3), ["number"] = RuleValue.Of(2) });

        void Put(string name, RuleValue value)
        {
            if (random.Next(4) > 0)
                user.Add(name, value);
        }
    }
}
