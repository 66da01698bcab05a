using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Holds built-in scenarios to the rules of stored ones, and names the field of what is wrong.</summary>
public sealed class ListScenarioTests
{
    public static TheoryData<string> BuiltIn => [.. BuiltInScenarios.All.Keys];

    [Theory, MemberData(nameof(BuiltIn))]
    public void Check_BuiltIn_IsClean(string name) => Assert.Empty(BuiltInScenarios.All[name].Check(RuleFields.Catalogue));

    [Fact]
    public void All_AreTheNamedPlaces() => Assert.Equal(
        ["ads", "after-purchase", "cart", "content", "coupons", "email", "home", "item", "search", "stores"], BuiltInScenarios.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(0, 1.0, null)]
    [InlineData(ScenarioPart.CandidatesMax, -ScenarioPart.WeightMax, null)]
    [InlineData(-1, 1.0, "parts[0].candidates")]
    [InlineData(ScenarioPart.CandidatesMax + 1, 1.0, "parts[0].candidates")]
    [InlineData(10, ScenarioPart.WeightMax + 1, "parts[0].weight")]
    [InlineData(10, double.NaN, "parts[0].weight")]
    public void Check_Part_HoldsItsBounds(int candidates, double weight, string? field) =>
        Assert.Equal(field is null ? [] : [field], FieldsOf(new() { Name = "own", Parts = [new("als", candidates, weight)] }));

    [Fact]
    public void Check_WrongFields_AreAllNamed() => Assert.Equal(
        ["name", "kinds", "parts[1].name", "ladder", "filter, column 8"],
        FieldsOf(new() { Name = "", Kinds = ["planet"], Parts = [new("als"), new("als")], Ladder = ["luck"], Filter = "price <" }));

    [Fact]
    public void Check_NoParts_IsRefused() => Assert.Equal(["parts"], FieldsOf(new() { Name = "own", Parts = [] }));

    private static IEnumerable<string> FieldsOf(ListScenario scenario) => scenario.Check(RuleFields.Catalogue).Select(v => v.Field);
}
