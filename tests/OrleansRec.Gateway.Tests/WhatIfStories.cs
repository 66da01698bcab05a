using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: a what-if over HTTP and by the typed client is as docs/API.md says, and stores nothing. Method: the shop of two tastes.</summary>
public sealed class WhatIfStories(SharedHost shared)
{
    [Fact]
    public async Task WhatIf_EventsAddedAndRemoved_ChangeTheTasteOfTheOtherListAlone()
    {
        string before = JsonSerializer.Serialize(await shared.Client.ExportUserAsync("a2"));

        WhatIfAnswer answer = await shared.Client.WhatIfAsync("a2", new()
        {
            Add = [new() { ItemId = "ink-0", Type = "purchase" }, new() { ItemId = "ink-1", Type = "purchase" }], RemoveItems = ["tea-0", "tea-1", "tea-3"], RemoveEvents = ["a2/tea-4"],
            List = new() { K = 1, IncludeSeen = false },
        });

        Assert.Equal((2, 4), (answer.Added, answer.Removed));
        Assert.Equal("tea-2", answer.Real.Items[0].ItemId);
        Assert.StartsWith("ink-", answer.List.Items[0].ItemId);
        Assert.Equal([answer.List.Items[0].ItemId], answer.Entered);
        Assert.Equal(["tea-2"], answer.Left);
        Assert.Empty(answer.Moved);
        Assert.Equal(before, JsonSerializer.Serialize(await shared.Client.ExportUserAsync("a2")));
    }

    [Fact]
    public async Task WhatIf_RulesAndOptions_MoveItems()
    {
        (int status, JsonElement answer, _) = await shared.Server.Send("POST", "/v1/users/a2/what-if", """
            {"list":{"k":5,"includeSeen":true,"where":"\"tea\" in item.categories","explain":true},"rules":[{"name":"pin","kind":"pin","item":"tea-2","position":1}]}
            """);

        Assert.Equal(200, status);
        Assert.Equal("tea-2", answer.GetProperty("list").GetProperty("items")[0].GetProperty("itemId").GetString());
        Assert.Contains(answer.GetProperty("moved").EnumerateArray(), m => m.GetProperty("itemId").GetString() == "tea-2" && m.GetProperty("to").GetInt32() == 1 && m.GetProperty("from").GetInt32() > 1);
        Assert.NotEqual("", answer.GetProperty("real").GetProperty("items")[0].GetProperty("sentence").GetString());
        Assert.DoesNotContain((await shared.Client.ListRulesAsync()).Rules, r => r.Name == "pin");
        WhatIfAnswer other = await shared.Client.WhatIfAsync("a2", new() { List = new() { K = 1 }, Instead = new() { K = 3, Preview = new() { Filter = "\"ink\" in item.categories" } } });
        Assert.Single(other.Real.Items);
        Assert.All(other.List.Items, i => Assert.StartsWith("ink-", i.ItemId));
    }

    [Theory]
    [InlineData("""{"add":[{"itemId":"mug","type":"magic"}]}""", "add[0].type")]
    [InlineData("""{"add":[{"itemId":"","type":"view"}]}""", "add[0].itemId")]
    [InlineData("""{"add":[{"itemId":"mug","type":"view","userId":"b1"}]}""", "add[0].userId")]
    [InlineData("""{"add":[null]}""", "add[0].event")]
    [InlineData("""{"removeItems":[""]}""", "removeItems[0]")]
    [InlineData("""{"removeEvents":[null]}""", "removeEvents[0]")]
    [InlineData("""{"rules":[{"kind":"pin"}]}""", "rules[0].name")]
    [InlineData("""{"rules":[{"name":"x","kind":"pin"}]}""", "rules[0].item")]
    [InlineData("""{"rules":[{"name":"x","kind":"magic"}]}""", "rules[0]")]
    [InlineData("""{"list":{"k":0}}""", "k")]
    [InlineData("""{"instead":{"where":"item.price <"}}""", "filter, column 13")]
    public async Task WhatIf_BadQuestion_NamesTheField(string body, string field)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/users/a2/what-if", body);

        Assert.Equal((400, field), (status, problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task WhatIf_TooManyChanges_AreRefused() => Assert.Equal("add", (await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.WhatIfAsync(
        "a2", new() { Add = [.. Enumerable.Range(0, WhatIfInput.ChangesMax + 1).Select(n => new EventInput { ItemId = $"i{n}", Type = "view" })] }))).Problem.Field);
}
