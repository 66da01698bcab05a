using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: a list over HTTP is the user's taste, within candidates, exclusions and filter, and its scores are explained exactly.</summary>
public sealed class RecommendationStories(SharedHost shared)
{
    [Fact]
    public async Task Recommend_UserOfATaste_PutsTheItemLeftOutFirst()
    {
        RecommendationAnswer list = await shared.Client.RecommendAsync("a2", new() { K = 5 });

        Assert.Equal("tea-2", list.Items[0].ItemId);
        Assert.Equal(Enumerable.Range(1, list.Items.Length), list.Items.Select(i => i.Rank));
        Assert.DoesNotContain(list.Items, i => i.ItemId is "tea-0" or "tea-1" or "tea-3" or "tea-4");
    }

    [Fact]
    public async Task Recommend_IncludeSeen_KeepsWhatTheUserHas()
    {
        RecommendationAnswer list = await shared.Client.RecommendAsync("a2", new() { K = 5, IncludeSeen = true });

        Assert.Equal(["tea-0", "tea-1", "tea-2", "tea-3", "tea-4"], list.Items.Select(i => i.ItemId).Order());
    }

    [Theory]
    [InlineData("category:ink", "ink-0,ink-1,ink-2,ink-3,ink-4")]
    [InlineData("!category:ink,price<=11", "tea-0,tea-1")]
    [InlineData("category:tea,price>=13,in-stock", "tea-3,tea-4")]
    public async Task Recommend_Filter_KeepsOnlyWhatMeetsIt(string filter, string expected)
    {
        (int status, JsonElement list, _) = await shared.Server.Send(
            "GET", $"/v1/users/a2/recommendations?k=10&includeSeen=true&filter={Uri.EscapeDataString(filter)}");

        Assert.Equal(200, status);
        string[] items = [.. list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!).Where(i => i.StartsWith("tea-") || i.StartsWith("ink-")).Order()];
        Assert.Equal(expected.Split(','), items);
    }

    [Fact]
    public async Task Recommend_FilterThatCannotBeRead_NamesThePart()
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("GET", "/v1/users/a2/recommendations?filter=category:tea,colour:blue");

        Assert.Equal(400, status);
        Assert.Equal(("filter", "colour:blue"), (problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task RecommendFor_History_IsTheListOfItsTaste()
    {
        RecommendationAnswer list = await shared.Client.RecommendForAsync(new() { History = [new("ink-0"), new("ink-1", 2)], K = 3 });

        Assert.All(list.Items, i => Assert.StartsWith("ink-", i.ItemId));
        Assert.DoesNotContain(list.Items, i => i.ItemId is "ink-0" or "ink-1");
    }

    [Fact]
    public async Task RecommendFor_CandidatesAndExclude_BoundTheList()
    {
        RecommendationAnswer list = await shared.Client.RecommendForAsync(new() { UserId = "a2", Candidates = ["tea-2", "ink-0", "ink-1"], Exclude = ["ink-0"] });

        Assert.Equal(["tea-2", "ink-1"], list.Items.Select(i => i.ItemId));
    }

    [Theory]
    [InlineData("""{"k":5}""")]
    [InlineData("""{"userId":"a2","history":[]}""")]
    public async Task RecommendFor_NeitherOrBothOfUserAndHistory_IsRefused(string body)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/recommendations", body);

        Assert.Equal(400, status);
        Assert.Equal("userId", problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Explain_ItemOfTheList_AddsUpToItsScore()
    {
        ListedItem first = (await shared.Client.RecommendAsync("a2", new() { K = 1 })).Items[0];

        ExplanationAnswer? explanation = await shared.Client.ExplainAsync("a2", first.ItemId);

        Assert.Equal(explanation!.Score, explanation.Offset + explanation.Contributions.Sum(c => c.Amount), 12);
        Assert.Equal(first.Score, explanation.Score, 1e-4);
        Assert.Equal(4, explanation.Contributions.Length);
        Assert.Null(await shared.Client.ExplainAsync("a2", "no-factors"));
    }
}
