using System.Text.Json;
using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Rules as data: JSON there and back, what is refused by field, value and rule, and what contradicts what.</summary>
public sealed class RuleSetTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly ListRule[] Valid =
    [
        new() { Name = "filter", Kind = RuleKind.Filter, When = "item.price < 50", Priority = 3, From = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.UnixEpoch.AddDays(1), Scenarios = ["home"] },
        new() { Name = "cap", Kind = RuleKind.Cap, Field = "brand", Most = 2, Across = CapScope.List },
        new() { Name = "pin", Kind = RuleKind.Pin, Item = "a", Position = 1 },
        new() { Name = "boost", Kind = RuleKind.Boost, Factor = "1.5" },
        new() { Name = "bury", Kind = RuleKind.Bury, Addend = "-item.price", When = "item.stock > 3" },
        new() { Name = "fatigue", Kind = RuleKind.Fatigue, PerImpression = 0.9 },
        new() { Name = "promote", Kind = RuleKind.Promote, When = "item.rating > 4", Share = 0.2 },
        new() { Name = "floor", Kind = RuleKind.Floor, When = "item.brand == 'x'", Share = 0.2 },
        new() { Name = "explore", Kind = RuleKind.Exploration, Positions = [3], Probability = 0.5 },
        new() { Name = "diversity", Kind = RuleKind.Diversity, Lambda = 0.7 },
    ];

    [Fact]
    public void Check_OneOfEachKind_IsValidAndSurvivesJson()
    {
        var set = new RuleSet(Valid);
        Assert.Empty(set.Check(RuleFields.Catalogue));
        RuleSet read = JsonSerializer.Deserialize<RuleSet>(JsonSerializer.Serialize(set, Json), Json)!;
        Assert.Equal(JsonSerializer.Serialize(set, Json), JsonSerializer.Serialize(read, Json));
        Assert.Equal((RuleKind.Cap, CapScope.List, 2), (read.Rules[1].Kind, read.Rules[1].Across, read.Rules[1].Most));
    }

    public static TheoryData<string, string> Wrong() => new()
    {
        { """{"name":"","kind":"Diversity","lambda":1}""", "name" },
        { """{"name":"a","kind":"Filter"}""", "when" },
        { """{"name":"a","kind":"Filter","when":"item.prise < 5"}""", "when, column 6" },
        { """{"name":"a","kind":"Filter","when":"item.price"}""", "when, column 6" },
        { """{"name":"a","kind":"Filter","when":"true","share":0.5}""", "share" },
        { """{"name":"a","kind":"Filter","when":"true","scenarios":[]}""", "scenarios" },
        { """{"name":"a","kind":"Filter","when":"true","scenarios":["home",null]}""", "scenarios" },
        { """{"name":null,"kind":"Filter","when":"true"}""", "name" },
        { """{"name":"a","kind":"Filter","when":""}""", "when, column 1" },
        { """{"name":"a","kind":"Filter","when":"true","from":"2026-01-02T00:00:00Z","until":"2026-01-01T00:00:00Z"}""", "until" },
        { """{"name":"a","kind":"Cap","field":"price","most":1}""", "field" },
        { """{"name":"a","kind":"Cap","most":1}""", "field" },
        { """{"name":"a","kind":"Cap","field":"brand","most":0}""", "most" },
        { """{"name":"a","kind":"Cap","field":"brand","most":1,"when":"true"}""", "when" },
        { """{"name":"a","kind":"Pin","item":"x","position":0}""", "position" },
        { """{"name":"a","kind":"Pin","position":1}""", "item" },
        { """{"name":"a","kind":"Boost"}""", "factor" },
        { """{"name":"a","kind":"Boost","factor":"2","addend":"1"}""", "factor" },
        { """{"name":"a","kind":"Boost","factor":"0.5"}""", "factor" },
        { """{"name":"a","kind":"Boost","factor":"1001"}""", "factor" },
        { """{"name":"a","kind":"Boost","factor":"item.brand"}""", "factor, column 6" },
        { """{"name":"a","kind":"Boost","addend":"-1"}""", "addend" },
        { """{"name":"a","kind":"Bury","factor":"2"}""", "factor" },
        { """{"name":"a","kind":"Bury","addend":"1"}""", "addend" },
        { """{"name":"a","kind":"Fatigue","perImpression":1}""", "perImpression" },
        { """{"name":"a","kind":"Promote","when":"true","share":0}""", "share" },
        { """{"name":"a","kind":"Promote","share":0.1}""", "when" },
        { """{"name":"a","kind":"Floor","when":"true","share":1.1}""", "share" },
        { """{"name":"a","kind":"Exploration"}""", "positions" },
        { """{"name":"a","kind":"Exploration","positions":[0]}""", "positions" },
        { """{"name":"a","kind":"Exploration","positions":[1],"probability":0}""", "probability" },
        { """{"name":"a","kind":"Diversity","lambda":1.1}""", "lambda" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_WrongRule_NamesTheField(string json, string field)
    {
        var set = new RuleSet([Valid[0], JsonSerializer.Deserialize<ListRule>(json, Json)!]);
        RuleViolation violation = Assert.Single(set.Check(RuleFields.Catalogue));
        Assert.Equal($"rules[1].{field}", violation.Field);
        Assert.Throws<ArgumentException>(() => set.Compile(RuleFields.Catalogue));
    }

    [Fact]
    public void Check_KindThatThereIsNot_IsRefused()
    {
        Assert.Equal("rules[0].kind", Assert.Single(new RuleSet([new() { Name = "a", Kind = (RuleKind)99 }]).Check(RuleFields.Catalogue)).Field);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ListRule>("""{"name":"a","kind":1}""", Json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ListRule>("""{"name":"a","kind":"lift"}""", Json));
        Assert.Contains("\"kind\":\"boost\"", JsonSerializer.Serialize(Valid[3], Json));
    }

    [Fact]
    public void Check_TooManyOrTwiceTheName_IsRefused()
    {
        Assert.Equal("rules", Assert.Single(JsonSerializer.Deserialize<RuleSet>("""{"rules":null}""", Json)!.Check(RuleFields.Catalogue)).Field);
        Assert.Equal("rules", Assert.Single(JsonSerializer.Deserialize<RuleSet>("""{"rules":[null]}""", Json)!.Check(RuleFields.Catalogue)).Field);
        Assert.Equal("rules[1].name", Assert.Single(new RuleSet([Valid[3], Valid[3]]).Check(RuleFields.Catalogue)).Field);
        Assert.Equal("rules", Assert.Single(new RuleSet([.. Enumerable.Range(0, RuleSet.RulesMax + 1).Select(n => Valid[3] with { Name = $"{n}" })]).Check(RuleFields.Catalogue)).Field);
        Assert.Equal("rules", Assert.Single(new RuleSet([.. Enumerable.Range(0, RuleSet.CapsMax + 1).Select(n => Valid[1] with { Name = $"{n}" })]).Check(RuleFields.Catalogue)).Field);
    }

    [Theory]
    [InlineData(2, "item", "b", "pin place 1")]
    [InlineData(2, "position", "2", "both pin a")]
    [InlineData(1, "most", "3", "both cap brand")]
    [InlineData(9, "lambda", "0.1", "only one diversity")]
    [InlineData(8, "probability", "0.1", "both explore")]
    public void Of_TwoOfAKind_ReportsTheContradiction(int rule, string member, string value, string what)
    {
        var second = JsonSerializer.SerializeToNode(Valid[rule], Json)!.AsObject();
        second["name"] = "z";
        second[member] = member == "item" ? value : System.Text.Json.Nodes.JsonNode.Parse(value);
        RuleConflict conflict = Assert.Single(RuleConflicts.Of(new([Valid[rule], second.Deserialize<ListRule>(Json)!]), RuleFields.Catalogue));
        Assert.Equal((Valid[rule].Name, "z"), (conflict.First, conflict.Second));
        Assert.Contains(what, conflict.What);
    }

    [Fact]
    public void Of_ContradictionsOfDifferentKinds_AreReported()
    {
        Assert.Empty(RuleConflicts.Of(new(Valid), RuleFields.Catalogue));
        RequireOne("same items", Boost("a", "item.price<5"), Valid[4] with { When = "(item.price < 5)" });
        RequireOne("explored and pinned", Valid[2] with { Position = 3 }, Valid[8]);
        RequireOne("no item is left", Filter("a", "item.visible"), Filter("b", "!item.visible"));
        RequireOne("holds for no item", Boost("a", "1 > 2"));
        RequireOne("add up to 1.2", Valid[6] with { Share = 0.8 }, Valid[6] with { Name = "z", Share = 0.4 });
        // At different times, in different scenarios, for what a user decides.
        Assert.Empty(RuleConflicts.Of(new([Valid[2] with { Until = DateTimeOffset.UnixEpoch }, Valid[2] with { Name = "z", From = DateTimeOffset.UnixEpoch }]), RuleFields.Catalogue));
        Assert.Empty(RuleConflicts.Of(new([Valid[2] with { Scenarios = ["home"] }, Valid[2] with { Name = "z", Scenarios = ["cart"] }]), RuleFields.Catalogue));
        Assert.Empty(RuleConflicts.Of(new([Boost("a", "user.vip")]), RuleFields.Catalogue));

        static ListRule Boost(string name, string when) => Valid[3] with { Name = name, When = when };
        static ListRule Filter(string name, string when) => new() { Name = name, Kind = RuleKind.Filter, When = when };
        static void RequireOne(string what, params ListRule[] rules) => Assert.Contains(what, Assert.Single(RuleConflicts.Of(new(rules), RuleFields.Catalogue)).What);
    }

    [Fact]
    public void Of_Items_ReportsPinsAndFiltersThatTheyContradict()
    {
        PlantedShop shop = PlantedShop.Of(3, (n, f) => f.Set("price", n));
        ListRule low = new() { Name = "low", Kind = RuleKind.Filter, When = "item.price < 1" }, high = new() { Name = "high", Kind = RuleKind.Filter, When = "item.price > 1" };
        ListRule pin = new() { Name = "pin", Kind = RuleKind.Pin, Item = "i02", Position = 1 };
        CompiledRules Compile(params ListRule[] rules) => new RuleSet(rules).Compile(RuleFields.Catalogue);
        Assert.Empty(RuleConflicts.Of(Compile(high, pin), shop.Request(2)));
        Assert.Equal(new("pin", "low", "the pin of i02 is left out: Filter"), Assert.Single(RuleConflicts.Of(Compile(low, pin), shop.Request(2))));
        Assert.Equal(new("high", "low", "the filters leave no item"), Assert.Single(RuleConflicts.Of(Compile(low, high), shop.Request(2))));
    }
}
