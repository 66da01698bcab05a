using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: rules, scenarios, expressions and pages over HTTP do what docs/API.md says, and bad ones are refused with field, value and rule. Method: the shop of two tastes; rules have scenarios of their own, so that other stories do not see them.</summary>
public sealed class RuleStories(SharedHost shared)
{
    [Fact]
    public async Task Rule_PutListedAndDeleted_ActsInItsScenario()
    {
        const string Name = "pin ink";
        await shared.Client.PutScenarioAsync("pinned", new() { IncludeSeen = true });
        RulesAnswer put = await shared.Client.PutRuleAsync(Name, new() { Kind = "pin", Item = "ink-3", Position = 2, Scenarios = ["pinned"] });
        RulesAnswer again = await shared.Client.PutRuleAsync(Name, new() { Kind = "pin", Item = "ink-3", Position = 2, Scenarios = ["pinned"] });

        Assert.Contains(put.Rules, r => r is { Name: Name, Kind: "pin", Item: "ink-3", Position: 2, When: null });
        Assert.Equal(put.Version, again.Version);
        Assert.Equal(put.Version, (await shared.Client.ListRulesAsync()).Version);
        await Until(async () => (await shared.Client.RecommendAsync("a2", new() { K = 4, Scenario = "pinned" })).Items[1] is { ItemId: "ink-3", Rank: 2 });
        Assert.NotEqual("ink-3", (await shared.Client.RecommendAsync("a2", new() { K = 4, Scenario = "home", IncludeSeen = true })).Items[1].ItemId);
        EventsAnswer recorded = await shared.Client.RecordEventsAsync([new() { UserId = "pins", ItemId = "pins-1", Type = "view" }], new() { K = 3, Scenario = "pinned" });
        Assert.Equal("ink-3", recorded.Recommendations!.Items[1].ItemId);
        Assert.True(await shared.Client.DeleteRuleAsync(Name));
        Assert.False(await shared.Client.DeleteRuleAsync(Name));
        Assert.True(await shared.Client.DeleteScenarioAsync("pinned"));
        Assert.False(await shared.Client.DeleteScenarioAsync("pinned"));
    }

    [Theory]
    [InlineData("""{"kind":"pin","position":0,"item":"x"}""", "position", "0")]
    [InlineData("""{"kind":"boost","factor":"0.5"}""", "factor", "0.5")]
    [InlineData("""{"kind":"filter","when":"item.prize < 3"}""", "when, column 6", "prize")]
    [InlineData("""{"kind":"filter"}""", "when", "null")]
    [InlineData("""{"kind":"magic"}""", "rule", null)]
    [InlineData("""{"kind":"cap","field":"price","most":2}""", "field", "price")]
    [InlineData("""{"kind":"pin","name":"another","item":"x","position":1}""", "name", "another")]
    public async Task Rule_Broken_NamesFieldAndValue_AndIsNotStored(string rule, string field, string? value)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("PUT", "/v1/rules/broken", rule);

        Assert.Equal((400, field), (status, problem.GetProperty("field").GetString()));
        if (value is not null)
            Assert.Equal(value, problem.GetProperty("value").GetString());
        Assert.DoesNotContain((await shared.Client.ListRulesAsync()).Rules, r => r.Name == "broken");
    }

    [Fact]
    public async Task Rules_ThatContradict_AreShown()
    {
        await shared.Client.PutRuleAsync("left", new() { Kind = "pin", Item = "tea-1", Position = 1, Scenarios = ["contradiction"] });
        RulesAnswer put = await shared.Client.PutRuleAsync("right", new() { Kind = "pin", Item = "tea-2", Position = 1, Scenarios = ["contradiction"] });

        Assert.Contains(put.Conflicts, c => c is { First: "left", Second: "right" } && c.What.Contains("place 1", StringComparison.Ordinal));
        Assert.True(await shared.Client.DeleteRuleAsync("left"));
        Assert.True(await shared.Client.DeleteRuleAsync("right"));
    }

    [Fact]
    public async Task Scenarios_BuiltIn_AreThereAndCanBeReplacedAndRestored()
    {
        ScenariosAnswer before = await shared.Client.ListScenariosAsync();
        Assert.Superset(new HashSet<string> { "home", "item", "cart", "after-purchase", "email", "search", "coupons", "stores", "ads", "content" }, before.Scenarios.Select(s => s.Scenario.Name!).ToHashSet());

        ScenariosAnswer put = await shared.Client.PutScenarioAsync("email", new() { Filter = "\"ink\" in item.categories", Ladder = ["any"] });
        Assert.Contains(put.Scenarios, s => s is { IsBuiltIn: false, Scenario: { Name: "email", Ladder: ["any"] } });
        await Until(async () => (await shared.Client.RecommendAsync("a2", new() { K = 5, Scenario = "email" })).Items.All(i => i.ItemId.StartsWith("ink-", StringComparison.Ordinal)));
        Assert.True(await shared.Client.DeleteScenarioAsync("email"));
        Assert.Contains((await shared.Client.ListScenariosAsync()).Scenarios, s => s is { IsBuiltIn: true, Scenario.Name: "email" });
    }

    [Fact]
    public async Task Preview_ScenarioThatIsNotStored_MakesTheListOnly()
    {
        RecommendationAnswer list = await shared.Client.RecommendAsync("a2", new() { K = 3, Preview = new() { Filter = "item.price > 12 && (\"tea\" in item.categories || \"ink\" in item.categories)", IncludeSeen = true } });

        Assert.All(list.Items, i => Assert.Contains(i.ItemId, (string[])["tea-3", "tea-4", "ink-3", "ink-4"]));
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/recommendations", """{"userId":"a2","preview":{"kinds":["boat"]}}""");
        Assert.Equal((400, "preview.kinds", "boat"), (status, problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
    }

    [Theory]
    [InlineData("""{"userId":"a2","where":"item.price <"}""", "filter, column 13")]
    [InlineData("""{"userId":"a2","scenario":"hone"}""", "scenario")]
    [InlineData("""{"userId":"a2","fields":["colour"]}""", "fields")]
    [InlineData("""{"userId":"a2","boosts":[{"when":"true","factor":0}]}""", "boosts[0]")]
    [InlineData("""{"userId":"a2","boosts":[{"when":"item.price","factor":2}]}""", "boosts[0].when, column 6")]
    [InlineData("""{"userId":"a2","weights":{"magic":1}}""", "weights.magic")]
    [InlineData("""{"userId":"a2","weights":{"als":1e9}}""", "weights.als")]
    [InlineData("""{"userId":"a2","context":{"device":["a"]}}""", "context.device")]
    [InlineData("""{"userId":"a2","basket":[""]}""", "basket[0]")]
    public async Task Recommend_BadShape_NamesTheField(string body, string field)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/recommendations", body);

        Assert.Equal((400, field), (status, problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Recommend_WhereContextFieldsAndExplain_AreInTheAnswer()
    {
        (int status, JsonElement list, _) = await shared.Server.Send("POST", "/v1/recommendations", """
            {"userId":"a2","k":2,"includeSeen":true,"where":"item.price <= context.most && \"tea\" in item.categories","context":{"most":11},"fields":["title","price"],"explain":true}
            """);

        Assert.Equal(200, status);
        JsonElement[] items = [.. list.GetProperty("items").EnumerateArray()];
        Assert.Equal(["tea-0", "tea-1"], items.Select(i => i.GetProperty("itemId").GetString()).Order());
        Assert.All(items, i => Assert.Equal(i.GetProperty("itemId").GetString()!.Replace('-', ' '), i.GetProperty("fields").GetProperty("title").GetString()));
        Assert.All(items, i => Assert.Equal(i.GetProperty("score").GetDouble(), i.GetProperty("parts").EnumerateArray().Sum(p => p.GetProperty("amount").GetDouble()), 1e-4));
        (status, list, _) = await shared.Server.Send("GET", "/v1/users/a2/recommendations?k=1&where=" + Uri.EscapeDataString("item.id == 'ink-1'") + "&fields=price");
        Assert.Equal((200, 11d), (status, list.GetProperty("items")[0].GetProperty("fields").GetProperty("price").GetDouble()));
    }

    [Fact]
    public async Task Next_Pages_RepeatNothing_AndAForeignListIsNotFound()
    {
        RecommendationAnswer page = await shared.Client.RecommendAsync("a3", new() { K = 3, Pages = true, IncludeSeen = true });
        RecommendationAnswer next = (await shared.Client.NextPageAsync(page.RecommendationId, new("a3", 3)))!;

        Assert.Equal([4, 5, 6], next.Items.Select(i => i.Rank));
        Assert.Empty(page.Items.Select(i => i.ItemId).Intersect(next.Items.Select(i => i.ItemId)));
        Assert.Null(await shared.Client.NextPageAsync(page.RecommendationId, new("a4", 3)));
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/recommendations/none/next", """{"userId":"a3","k":0}""");
        Assert.Equal((400, "k"), (status, problem.GetProperty("field").GetString()));
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
