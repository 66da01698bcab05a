using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Client;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: reasons and sentences of a list over HTTP are as docs/API.md says, in the language that is asked for. Method: the shop of two tastes.</summary>
public sealed class ReasonStories(SharedHost shared)
{
    [Theory]
    [InlineData("&language=de", null, "Weil Sie „tea ")]
    [InlineData("&language=zh", "de", "因为您购买过“tea ")]
    [InlineData("", "fr, de-AT;q=0.8, en;q=0.5", "Weil Sie „tea ")]
    [InlineData("", "de;q=0.1, zh-CN", "因为您购买过“tea ")]
    [InlineData("", "fr", "Because you bought tea ")]
    [InlineData("", null, "Because you bought tea ")]
    public async Task Recommend_Explained_SpeaksTheLanguageAskedFor(string query, string? accepted, string begins)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/users/a2/recommendations?k=1&explain=true{query}");
        if (accepted is not null)
            request.Headers.Add("Accept-Language", accepted);
        request.Headers.Add("X-Api-Key", await shared.Server.Key(KeyScopes.Read));

        using HttpResponseMessage answer = await shared.Server.Http.SendAsync(request);

        JsonElement item = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("items")[0];
        Assert.StartsWith(begins, item.GetProperty("sentence").GetString());
        Assert.Equal(item.GetProperty("score").GetDouble(), item.GetProperty("reasons").EnumerateArray().Sum(r => r.GetProperty("amount").GetDouble()), 1e-4);
        Assert.Equal(4, item.GetProperty("reasons").EnumerateArray().Count(r => r.GetProperty("itemId").GetString()!.StartsWith("tea-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Recommend_ByTheClient_HasReasonsAndSentences_OnlyWhereAskedFor()
    {
        ListedItem explained = (await shared.Client.RecommendAsync("a2", new() { K = 1, Explain = true, Language = "de" })).Items[0];
        ListedItem plain = (await shared.Client.RecommendAsync("a2", new() { K = 1, Language = "de" })).Items[0];

        Assert.StartsWith("Weil Sie „tea ", explained.Sentence);
        Assert.NotEmpty(explained.Reasons!);
        Assert.Equal((null, null), (plain.Sentence, plain.Reasons));
    }

    [Fact]
    public async Task Recommend_ExplainedWithAKeyOfAPage_IsRefused_AndElseNotedAsALook()
    {
        using RecommenderClient page = await shared.Server.Client("browser");
        const string User = "explained to nobody";

        RecommenderException refused = await Assert.ThrowsAsync<RecommenderException>(() => page.RecommendAsync(User, new() { Explain = true }));
        Assert.Equal((403, "explain"), (refused.Problem.Status, refused.Problem.Field));
        Assert.NotEmpty((await page.RecommendForAsync(new() { History = [new("tea-0")], K = 1, Explain = true })).Items[0].Sentence!);
        Assert.Empty((await shared.Client.ListAccessAsync(User)).Entries);
        await shared.Client.RecommendAsync(User, new() { K = 1 });
        Assert.Empty((await shared.Client.ListAccessAsync(User)).Entries);
        await shared.Client.RecommendAsync(User, new() { K = 1, Explain = true });
        Assert.Equal("explain", Assert.Single((await shared.Client.ListAccessAsync(User)).Entries).Verb);
    }

    [Theory]
    [InlineData("/v1/users/a2/recommendations?language=fr"), InlineData("/v1/users/a2/recommendations?explain=true&language=DE")]
    public async Task Recommend_UnknownLanguage_IsRefused(string target)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("GET", target);

        Assert.Equal((400, "language"), (status, problem.GetProperty("field").GetString()));
    }
}
