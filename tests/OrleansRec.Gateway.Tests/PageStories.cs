using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: pages of several lists, steady lists, probabilities, categories and brands over HTTP do what docs/API.md says, and bad requests name the field. Method: the shop of two tastes.</summary>
public sealed class PageStories(SharedHost shared)
{
    [Fact]
    public async Task Page_Blocks_HaveNoItemTwice_AndTheFirstChooses()
    {
        PageAnswer page = await shared.Client.RecommendPageAsync("a2", new(
        [
            new() { Name = "hero", K = 1, Fields = ["title"] }, new() { Scenario = "search", K = 4 }, new(new ListOptions { K = 20, IncludeSeen = true }),
        ]));

        Assert.Equal(["hero", "search", null], page.Blocks.Select(b => b.Name));
        Assert.Equal((await shared.Client.RecommendAsync("a2", new() { K = 1 })).Items[0].ItemId, page.Blocks[0].List.Items[0].ItemId);
        Assert.Equal("tea 2", page.Blocks[0].List.Items[0].Fields!["title"].GetString());
        string[] shown = [.. page.Blocks.SelectMany(b => b.List.Items).Select(i => i.ItemId)];
        Assert.Equal(shown.Length, shown.Distinct().Count());
        Assert.Equal([1, 4], page.Blocks.Take(2).Select(b => b.List.Items.Length));
        Assert.All(page.Blocks, b => Assert.Equal(page.HistoryVersion, b.List.HistoryVersion));
    }

    [Fact]
    public async Task Page_AfterAnEvent_KnowsItInEveryBlock()
    {
        EventsAnswer recorded = await shared.Client.RecordEventsAsync([SharedHost.Purchase("page reader", "ink-1")]);
        PageAnswer page = await shared.Client.RecommendPageAsync("page reader", new([new() { K = 2 }, new() { Scenario = "home", K = 3 }]));
        Assert.Equal(recorded.HistoryVersion, page.HistoryVersion);
        Assert.DoesNotContain("ink-1", page.Blocks.SelectMany(b => b.List.Items).Select(i => i.ItemId));
    }

    [Theory]
    [InlineData("""{"blocks":[]}""", "blocks", "0")]
    [InlineData("""{"blocks":[{"k":600},{"k":401}]}""", "blocks", "1001")]
    [InlineData("""{"blocks":[{},{"k":0}]}""", "blocks[1].k", "0")]
    [InlineData("""{"blocks":[{},{"scenario":"hone"}]}""", "blocks[1].scenario", "hone")]
    [InlineData("""{"blocks":[{"where":"item.prize < 3"}]}""", "blocks[0].filter, column 6", "prize")]
    [InlineData("""{"blocks":[{"name":""}]}""", "blocks[0].name", "")]
    [InlineData("""{"blocks":[{"steadiness":1.5}]}""", "blocks[0].steadiness", "1.5")]
    public async Task Page_Broken_NamesTheBlockAndTheField(string body, string field, string value)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/users/a2/pages", body);
        Assert.Equal((400, field, value), (status, problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task Page_TooManyBlocks_OrAnUnknownMember_IsRefused()
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/users/a2/pages", $$"""{"blocks":[{{string.Join(',', Enumerable.Repeat("{}", PageQuery.BlocksMax + 1))}}]}""");
        Assert.Equal((400, "blocks"), (status, problem.GetProperty("field").GetString()));
        (status, _, _) = await shared.Server.Send("POST", "/v1/users/a2/pages", """{"blocks":[{"kk":1}]}""");
        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Steady_SecondList_TellsTheOverlap()
    {
        ListOptions steady = new() { K = 3, Scenario = "home", Steadiness = 1 };
        await shared.Client.RecordEventsAsync([SharedHost.Purchase("steady", "tea-1")]);
        Assert.Null((await shared.Client.RecommendAsync("steady", steady)).Overlap);
        Assert.Equal(1, (await shared.Client.RecommendAsync("steady", steady)).Overlap);
        (int status, JsonElement list, _) = await shared.Server.Send("GET", "/v1/users/steady/recommendations?k=3&scenario=home&steadiness=0.5");
        Assert.Equal((200, 1.0), (status, list.GetProperty("overlap").GetDouble()));
        (_, JsonElement plain, _) = await shared.Server.Send("GET", "/v1/users/steady/recommendations?k=3&scenario=home");
        Assert.False(plain.TryGetProperty("overlap", out _));
        (status, JsonElement problem, _) = await shared.Server.Send("GET", "/v1/users/steady/recommendations?steadiness=2");
        Assert.Equal((400, "steadiness", "2"), (status, problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task Scenario_WithSteadinessAndProbability_IsStoredAsItWasPut()
    {
        ScenariosAnswer put = await shared.Client.PutScenarioAsync("steadfast", new() { Steadiness = 0.4, Probability = true, SegmentBy = "region", Ladder = ["segment", "trending", "any"] });
        ScenarioInput stored = put.Scenarios.Single(s => s.Scenario.Name == "steadfast").Scenario;
        Assert.Equal((0.4, true, "region"), (stored.Steadiness, stored.Probability, stored.SegmentBy));
        (int status, JsonElement problem, _) = await shared.Server.Send("PUT", "/v1/scenarios/broken", """{"steadiness":2}""");
        Assert.Equal((400, "steadiness"), (status, problem.GetProperty("field").GetString()));
        Assert.True(await shared.Client.DeleteScenarioAsync("steadfast"));
    }

    /// <summary>Too few users to learn a calibration from: the option is read, and nothing is made up.</summary>
    [Fact]
    public async Task Probability_WithoutACalibration_IsAbsent()
    {
        (int status, JsonElement list, _) = await shared.Server.Send("GET", "/v1/users/a2/recommendations?scenario=home&probability=true");
        Assert.Equal(200, status);
        Assert.All(list.GetProperty("items").EnumerateArray(), i => Assert.False(i.TryGetProperty("probability", out _)));
    }

    [Fact]
    public async Task Categories_OfAUserAndOfTrends_AreListed()
    {
        LabelsAnswer tea = await shared.Client.RecommendLabelsAsync("a2", LabelKind.Categories, new() { K = 1, IncludeSeen = true, Scenario = "home" });
        Assert.Equal("tea", Assert.Single(tea.Labels).Name);
        Assert.InRange(tea.Labels[0].Score, 0, 1);
        LabelsAnswer ink = await shared.Client.RecommendLabelsAsync("a2", LabelKind.Categories, new() { Filter = new() { Categories = ["ink"] }, Where = "item.price > 0" });
        Assert.Equal(["ink"], ink.Labels.Select(l => l.Name));
        Assert.Equal(1, ink.Labels[0].Score, 1e-9);
        LabelsAnswer trending = await shared.Client.TrendingLabelsAsync(LabelKind.Categories, new() { Filter = new() { Categories = ["tea", "ink"] } });
        Assert.Equal(["ink", "tea"], trending.Labels.Select(l => l.Name).Order());
        Assert.Empty((await shared.Client.TrendingLabelsAsync(LabelKind.Brands, new() { Filter = new() { Categories = ["tea"] } })).Labels);
        (int status, JsonElement problem, _) = await shared.Server.Send("GET", "/v1/users/a2/recommendations/brands?k=101");
        Assert.Equal((400, "k", "101"), (status, problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
        Assert.Equal("kind", (await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.RecommendLabelsAsync("a2", "colours"))).Problem.Field);
    }
}
