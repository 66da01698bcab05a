using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;
using OrleansRec.Model.Rules.Plans;

namespace OrleansRec.Model.Tests.Rules;

/// <summary>The language by example: what holds for which of five planted items, what is refused where, and what it costs.</summary>
public sealed class RuleExpressionTests
{
    private static readonly ItemColumns Items = ItemColumns.Of(
    [
        new ItemFacts("a").Set("title", "Garden chair").Set("brand", "Acme").Set("price", 40).Set("stock", 3).Set("categories", ["Home > Garden > Chairs"]).Set("tags", ["wood"]).SetAttribute("colour", "red").SetAttribute("weight", "7.5"),
        new ItemFacts("b").Set("title", "Garden table").Set("brand", "Bolt").Set("price", 80).Set("stock", 0).Set("categories", ["Home > Garden", "Sale"]).SetAttribute("weight", "heavy"),
        new ItemFacts("c").Set("title", "Mug").Set("brand", "Acme").Set("price", 9.5).Set("stock", 100).Set("categories", ["Home > Kitchen"]).Set("visible", false).SetAttribute("weight", "0.3"),
        new ItemFacts("d").Set("title", "Gift").SetTime("from", 1_000).SetTime("until", 2_000),
        new("e"),
    ]);

    private static readonly RuleInputs Inputs = new(
        1_500,
        new Dictionary<string, RuleValue> { ["country"] = RuleValue.Of("DE"), ["budget"] = RuleValue.Of(50), ["brands"] = RuleValue.Of((string[])["Bolt", "Mint"]), ["vip"] = RuleValue.Of(true) },
        new Dictionary<string, RuleValue> { ["device"] = RuleValue.Of("phone") });

    [Theory]
    [InlineData("item.price < 50 && \"Home > Garden\" in item.categories && item.stock > 0 && user.country == \"DE\"", "a")]
    [InlineData("item.price < 50 && user.country == \"AT\"", "")]
    [InlineData("item.price < user.budget", "ac")]
    [InlineData("!(item.price < 50)", "bde")]
    [InlineData("item.price != 40", "bc")]
    [InlineData("\"Home\" in item.categories", "abc")]
    [InlineData("\"Home > Garden\" in item.categories", "ab")]
    [InlineData("\"Garden\" in item.categories", "")]
    [InlineData("item.brand in [\"Acme\", 'Mint']", "ac")]
    [InlineData("item.brand in user.brands", "b")]
    [InlineData("item.brand in user.nothing", "")]
    [InlineData("!(item.brand in user.nothing)", "abcde")]
    [InlineData("item.title.startsWith(\"Garden\")", "ab")]
    [InlineData("item.title.contains('a')", "ab")]
    [InlineData("size(item.categories) == 2 || item.tags.size() == 1", "ab")]
    [InlineData("size(item.tags) == 0", "bcde")]
    [InlineData("size(item.title) == 3", "c")]
    [InlineData("has(item.price)", "abc")]
    [InlineData("has(user.vip) && !has(user.nothing)", "abcde")]
    [InlineData("item.visible == false", "c")]
    [InlineData("item.visible != true", "c")]
    [InlineData("!item.visible", "abcde")]
    [InlineData("item.from <= now && now < item.until", "d")]
    [InlineData("now - item.from == 0.5", "d")]
    [InlineData("item.from + duration(\"500ms\") == now", "d")]
    [InlineData("item.from > timestamp(\"1970-01-01\")", "d")]
    [InlineData("item.attributes.colour == \"red\"", "a")]
    [InlineData("item.attributes[\"colour\"] != \"blue\"", "a")]
    [InlineData("item.weight < 8", "ac")]
    [InlineData("double(item.attributes.weight) + 1 > 8", "a")]
    [InlineData("item.attributes.nobody == \"red\"", "")]
    [InlineData("(item.stock > 10 ? item.price : item.price / 10) < 5", "a")]
    [InlineData("item.price / item.stock > 10", "a")]
    [InlineData("-item.price < -70", "b")]
    [InlineData("1 + 2 * 3 == 7 && 10 - 4 - 3 == 3", "abcde")]
    [InlineData("item.price > 1e308 * 10", "")]
    [InlineData("user.country == context.device", "")]
    [InlineData("context.device == \"phone\" ? item.brand == \"Acme\" : item.brand == \"Bolt\"", "ac")]
    [InlineData("user.vip && user.budget in [50, 60]", "abcde")]
    [InlineData("user.budget == \"50\"", "")]
    [InlineData("true || item.price < 1", "abcde")]
    [InlineData("item.visible == false || user.nothing == 1", "c")]
    [InlineData("(user.nothing == 1 || item.visible) == false", "abcde")]
    [InlineData("(user.vip && item.visible) == false", "abcde")]
    [InlineData("(user.vip && (item.stock > 0 ? item.visible : item.visible)) == false", "abcde")]
    [InlineData("(item.price < 50 ? user.country : user.nothing) == \"DE\"", "ac")]
    [InlineData("\"Bolt\" in (user.vip ? user.brands : user.nothing) && item.stock == 3", "a")]
    [InlineData("item.stock in [user.nothing, 3, user.country]", "a")]
    public void Fill_PlantedItems_HoldsForExactlyThose(string text, string ids)
    {
        RuleExpression expression = RuleExpression.Parse(text, RuleFields.Of(Items), RuleType.Bool);
        var words = new ulong[1];
        foreach (PredicateCache? cache in new[] { null, new PredicateCache() })
        {
            expression.Bind(Inputs).Fill(Items, words, cache);
            Assert.Equal(ids, string.Concat(Enumerable.Range(0, 5).Where(row => RowWords.Has(words, row)).Select(Items.IdAt)));
        }
    }

    [Theory]
    [InlineData("item.prise < 50", 6, "prise", "field", "price")]
    [InlineData("item.colour == \"a\" && item.colr == \"b\"", 28, "colr", "attribute", "colour")]
    [InlineData("itm.price < 50", 1, "itm", "not a name", "item")]
    [InlineData("item.price < ", 14, "", "a value is expected", null)]
    [InlineData("item.price << 5", 13, "<", "a value is expected", null)]
    [InlineData("item.price = 5", 12, "=", "operator", null)]
    [InlineData("item.price < 5 5", 16, "5", "operator", null)]
    [InlineData("(item.price < 5", 16, "", "\")\" is expected", null)]
    [InlineData("item.price < \"5\"", 12, "<", "two of a kind", null)]
    [InlineData("item.brand < 5", 12, "<", "two of a kind", null)]
    [InlineData("item.price", 6, "price", "true or false", null)]
    [InlineData("item.price && true", 6, "price", "true or false", null)]
    [InlineData("item.tags == item.tags", 11, "==", "lists are not compared", null)]
    [InlineData("item.visible < true", 14, "<", "no order", null)]
    [InlineData("item.brand in [1, \"a\"]", 19, "\"a\"", "a number", null)]
    [InlineData("item.brand in [item.title]", 21, "title", "must not depend", null)]
    [InlineData("item.title.startWith(\"a\")", 12, "startWith", "not a function", "startsWith")]
    [InlineData("size(1) > 0", 6, "1", "have a size", null)]
    [InlineData("user.a != (item.visible ? user.b : user.c)", 25, "?", "type is not clear", null)]
    [InlineData("(item.visible ? user.b : user.c) in user.d", 15, "?", "type is not clear", null)]
    [InlineData("1 in (item.visible ? user.a : user.b)", 20, "?", "which list is meant", null)]
    [InlineData("1 in (item.visible ? [1] : user.b)", 20, "?", "which list is meant", null)]
    [InlineData("size(item.visible ? item.tags : user.b) > 1", 19, "?", "which list is meant", null)]
    [InlineData("size(item.visible ? user.a : user.b) > 1", 19, "?", "type is not clear", null)]
    [InlineData("has(1)", 5, "1", "must be a name", null)]
    [InlineData("has(item.price, item.stock)", 1, "has", "takes one value", null)]
    [InlineData("now > timestamp(\"soon\")", 17, "\"soon\"", "date", null)]
    [InlineData("now - item.from < duration(\"1w\")", 28, "\"1w\"", "whole numbers", null)]
    [InlineData("item.price < 1e999", 14, "1e999", "double", null)]
    [InlineData("item", 1, "item", "needs a name", null)]
    [InlineData("item.attributes == \"a\"", 6, "attributes", "name of an attribute", null)]
    [InlineData("item.price < 5 ? true", 22, "", "\":\" is expected", null)]
    [InlineData("", 1, "", "a value is expected", null)]
    [InlineData("item.price < 5 && 'open", 19, "'open", "a value is expected", null)]
    public void Parse_WrongText_PointsAtTheToken(string text, int column, string token, string rule, string? nearest)
    {
        Assert.Null(RuleExpression.Parse(text, RuleFields.Of(Items), RuleType.Bool, out RuleError? error));
        Assert.Equal((column, token, nearest), (error!.Column, error.Token, error.Nearest));
        Assert.Contains(rule, error.Rule);
        RuleViolation violation = error.In("rules[2].when");
        Assert.Equal(($"rules[2].when, column {column}", token), (violation.Field, violation.Value));
    }

    [Fact]
    public void Parse_UndeclaredUserName_IsRefusedWhereNamesAreDeclared()
    {
        var fields = RuleFields.Catalogue with { User = new Dictionary<string, RuleType> { ["country"] = RuleType.Text } };
        Assert.NotNull(RuleExpression.Parse("user.country == 'DE'", fields, RuleType.Bool, out _));
        Assert.Null(RuleExpression.Parse("user.contry == 'DE'", fields, RuleType.Bool, out RuleError? error));
        Assert.Equal("country", error!.Nearest);
        Assert.Null(RuleExpression.Parse("user.country == 5", fields, RuleType.Bool, out _));
    }

    [Fact]
    public void Parse_AtAndBeyondEachBound_AcceptsAndRefuses()
    {
        RequireBound(RuleBounds.CharsMax, n => "true" + new string(' ', n - 4), "characters");
        RequireBound(RuleBounds.ListMax, n => $"1 in [{string.Join(",", Enumerable.Range(0, n))}]", "list holds");
        // A comparison of two values is three nodes, and so is each && with one more truth value two.
        RequireBound((RuleBounds.NodesMax + 1) / 2, n => string.Join(" && ", Enumerable.Repeat("true", n)), "literals, names");
        RequireBound(RuleBounds.DepthMax - 1, n => new string('(', n) + "true" + new string(')', n), "deep");
        foreach (string deep in new[] { new string('!', 4000) + "true", new string('(', 4000), string.Concat(Enumerable.Repeat("true?", 800)), string.Concat(Enumerable.Repeat("size(", 800)), new string('[', 4000) })
            Assert.Null(RuleExpression.Parse(deep, RuleFields.Catalogue, RuleType.Bool, out _));

        static void RequireBound(int bound, Func<int, string> text, string rule)
        {
            Assert.NotNull(RuleExpression.Parse(text(bound), RuleFields.Catalogue, RuleType.Bool, out RuleError? none));
            Assert.Null(none);
            Assert.Null(RuleExpression.Parse(text(bound + 1), RuleFields.Catalogue, RuleType.Bool, out RuleError? error));
            Assert.Contains(rule, error!.Rule);
        }
    }

    [Fact]
    public void Values_BeyondTheirBounds_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => RuleValue.Of(double.NaN));
        Assert.Throws<ArgumentException>(() => RuleValue.Of(double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => RuleValue.Of(new string[RuleBounds.ListMax + 1]));
        Assert.Throws<ArgumentException>(() => RuleValue.Of((double[])[1, double.NaN]));
        Assert.Throws<ArgumentException>(() => RuleExpression.Parse("true", RuleFields.Catalogue, RuleType.Bool).Bind(Inputs).Fill(Items, new ulong[2]));
    }

    [Fact]
    public void Fill_OneItemChanged_ComputesOneChunkAgain()
    {
        ItemColumns items = ItemColumns.Of(Enumerable.Range(0, 5000).Select(n => new ItemFacts($"i{n}").Set("price", n)));
        BoundExpression bound = RuleExpression.Parse("item.price < 100 && user.country == \"DE\"", RuleFields.Catalogue, RuleType.Bool).Bind(Inputs);
        var cache = new PredicateCache();
        ulong[] words = new ulong[RowWords.CountOf(5000)], other = new ulong[words.Length];
        bound.Fill(items, words, cache);
        Assert.Equal((5, 1), ((int)cache.ComputedChunks, cache.Count));
        Assert.Equal(100, RowWords.Count(words));
        bound.Fill(items, words, cache);
        Assert.Equal(5, cache.ComputedChunks);
        ItemColumns changed = items.With(3000, new ItemFacts("i3000").Set("price", 5));
        bound.Fill(changed, other, cache);
        Assert.Equal(6, cache.ComputedChunks);
        Assert.Equal(101, RowWords.Count(other));
        // An attribute that no item had before must not be missed by a plan that is kept.
        BoundExpression attribute = RuleExpression.Parse("item.attributes.colour == \"red\"", RuleFields.Catalogue, RuleType.Bool).Bind(Inputs);
        attribute.Fill(changed, other, cache);
        Assert.Equal(0, RowWords.Count(other));
        attribute.Fill(changed.With(7, new ItemFacts("i7").SetAttribute("colour", "red")), other, cache);
        Assert.True(RowWords.Has(other, 7) && RowWords.Count(other) == 1);
    }

    [Fact]
    public void Fill_ValuesOfTheUser_AreNotKept()
    {
        var cache = new PredicateCache();
        var words = new ulong[1];
        RuleExpression expression = RuleExpression.Parse("item.price < user.budget || item.brand == user.brand", RuleFields.Catalogue, RuleType.Bool);
        for (int budget = 0; budget < 50; budget++)
            expression.Bind(new(0, new Dictionary<string, RuleValue> { ["budget"] = RuleValue.Of(budget), ["brand"] = RuleValue.Of("Acme") })).Fill(Items, words, cache);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Get_MoreThanTheBound_DropsTheLeastRecentlyUsed()
    {
        var cache = new PredicateCache(3);
        var words = new ulong[1];
        foreach (int price in new[] { 1, 2, 3, 1, 4, 1 })
            RuleExpression.Parse($"item.price < {price}", RuleFields.Catalogue, RuleType.Bool).Bind(Inputs).Fill(Items, words, cache);
        Assert.Equal((3, 4), (cache.Count, (int)cache.ComputedChunks));
        RuleExpression.Parse("item.price < 2", RuleFields.Catalogue, RuleType.Bool).Bind(Inputs).Fill(Items, words, cache);
        Assert.Equal((3, 5), (cache.Count, (int)cache.ComputedChunks));
    }

    [Fact]
    public void Fill_AfterTheFirst_AllocatesNothingForAnItem()
    {
        ItemColumns few = Numbered(1024), many = Numbered(100_000);
        long small = Allocated(few), large = Allocated(many);
        Assert.InRange(large, small, small + 512);

        static ItemColumns Numbered(int count) => ItemColumns.Of(Enumerable.Range(0, count).Select(n => new ItemFacts($"i{n}").Set("price", n).Set("brand", $"b{n % 7}")));

        static long Allocated(ItemColumns items)
        {
            BoundExpression bound = RuleExpression.Parse("item.price * 2 < user.budget && item.brand != \"b1\"", RuleFields.Catalogue, RuleType.Bool).Bind(Inputs);
            var words = new ulong[RowWords.CountOf(items.Count)];
            bound.Fill(items, words);
            long before = GC.GetAllocatedBytesForCurrentThread();
            bound.Fill(items, words);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Word_NumbersAndMissingOnes_EqualsTheScalarWord()
    {
        var random = new Random(4);
        double[] values = [double.NaN, -1, -0.0, 0, 0.5, 1, double.MaxValue];
        for (int n = 0; n < 1_000; n++)
        {
            double[] a = [.. Enumerable.Range(0, 64).Select(_ => values[random.Next(values.Length)])], b = [.. Enumerable.Range(0, 64).Select(_ => values[random.Next(values.Length)])];
            Assert.Equal(NumberComparisonBits<IsEqual>.ScalarWord(a, b), NumberComparisonBits<IsEqual>.Word(a, b));
            Assert.Equal(NumberComparisonBits<IsUnequal>.ScalarWord(a, b), NumberComparisonBits<IsUnequal>.Word(a, b));
            Assert.Equal(NumberComparisonBits<IsLess>.ScalarWord(a, b), NumberComparisonBits<IsLess>.Word(a, b));
            Assert.Equal(NumberComparisonBits<IsAtMost>.ScalarWord(a, b), NumberComparisonBits<IsAtMost>.Word(a, b));
        }
    }
}
