namespace OrleansRec.Model.Tests;

/// <summary>Every rule of a catalogue record on both sides of its edge.</summary>
public sealed class ItemRulesTests
{
    private static string? Field(
        string? itemId = "i", string? title = "t", string?[]? categories = null, double? price = 1, long? stock = 1,
        params KeyValuePair<string?, string?>[] attributes) =>
        ItemRules.CheckItem(itemId, title, categories, price, stock, attributes)?.Field;

    [Fact]
    public void CheckItem_EverythingAtItsLimit_Passes()
    {
        string?[] categories = [.. Enumerable.Range(0, 64).Select(n => $"c{n}")];
        KeyValuePair<string?, string?>[] attributes = [.. Enumerable.Range(0, 64).Select(n => KeyValuePair.Create<string?, string?>($"a{n}", ""))];
        Assert.Null(Field("i", new string('t', 1000), categories, 0, 0, attributes));
        Assert.Null(Field("i", null, null, null, null));
        Assert.Null(Field(price: 1e12, stock: long.MaxValue));
    }

    [Theory]
    [InlineData(-0.01), InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(1.1e12)]
    public void CheckItem_Price_MustBeFiniteAndNotNegative(double price) => Assert.Equal("price", Field(price: price));

    [Fact]
    public void CheckItem_BrokenField_IsNamed()
    {
        Assert.Equal("itemId", Field(itemId: ""));
        Assert.Equal("title", Field(title: new string('t', 1001)));
        Assert.Equal("title", Field(title: "half \ud83d"));
        Assert.Equal("stock", Field(stock: -1));
        Assert.Equal("categories", Field(categories: [.. Enumerable.Range(0, 65).Select(n => $"c{n}")]));
        Assert.Equal("categories", Field(categories: ["a", "a"]));
        Assert.Equal("categories", Field(categories: ["a", ""]));
        Assert.Equal("categories", Field(categories: [null]));
        Assert.Equal("attributes", Field(attributes: [.. Enumerable.Range(0, 65).Select(n => KeyValuePair.Create<string?, string?>($"a{n}", "v"))]));
        Assert.Equal("attributes", Field(attributes: [new("a", "1"), new("a", "2")]));
        Assert.Equal("attributes", Field(attributes: [new("", "1")]));
        Assert.Equal("attributes", Field(attributes: [new("a", null)]));
        Assert.Equal("attributes", Field(attributes: [new("a", new string('v', 1001))]));
    }

    [Theory]
    [InlineData(0, "rank"), InlineData(1, null), InlineData(1024, null), InlineData(1025, "rank")]
    public void AlsOptions_Rank_IsOf1To1024(int rank, string? field) => Assert.Equal(field, AlsOptionsRules.Check(new() { Rank = rank })?.Field);

    [Fact]
    public void AlsOptions_OutOfRange_IsNamed()
    {
        Assert.Null(AlsOptionsRules.Check(new()));
        foreach (double bad in (double[])[0, -1, double.NaN, double.PositiveInfinity, 1.1e6])
        {
            Assert.Equal("lambda", AlsOptionsRules.Check(new() { Lambda = bad })?.Field);
            Assert.Equal("alpha", AlsOptionsRules.Check(new() { Alpha = bad })?.Field);
            Assert.Equal("unobservedWeight", AlsOptionsRules.Check(new() { UnobservedWeight = bad })?.Field);
        }
        Assert.Equal("lambdaExponent", AlsOptionsRules.Check(new() { LambdaExponent = 2.1 })?.Field);
        Assert.Equal("lambdaExponent", AlsOptionsRules.Check(new() { LambdaExponent = double.NaN })?.Field);
        Assert.Equal("sweeps", AlsOptionsRules.Check(new() { Sweeps = 0 })?.Field);
        Assert.Equal("sweeps", AlsOptionsRules.Check(new() { Sweeps = 1001 })?.Field);
        Assert.Equal("conjugateGradientSteps", AlsOptionsRules.Check(new() { ConjugateGradientSteps = 0 })?.Field);
        Assert.Equal("objective", AlsOptionsRules.Check(new() { Objective = (Objective)7 })?.Field);
        Assert.Equal("confidence", AlsOptionsRules.Check(new() { Confidence = (Confidence)7 })?.Field);
        Assert.Equal("solver", AlsOptionsRules.Check(new() { Solver = (RowSolver)7 })?.Field);
        Assert.Equal("pairValue", AlsOptionsRules.Check(new() { PairValue = (PairValue)7 })?.Field);
    }
}
