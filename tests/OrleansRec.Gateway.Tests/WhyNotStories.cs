using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: over HTTP and by the typed client, what keeps an item out of a list is told as docs/API.md says. Method: the shop of two tastes.</summary>
public sealed class WhyNotStories(SharedHost shared)
{
    [Fact]
    public async Task WhyNot_ListedItem_HasItsPlaceAndNoReason()
    {
        ListedItem first = (await shared.Client.RecommendAsync("a2", new() { K = 3 })).Items[0];

        WhyNotAnswer answer = await shared.Client.WhyNotAsync("a2", first.ItemId, new() { K = 3 });

        Assert.Equal((1, null, (double?)first.Score, first.Source, 3), (answer.Rank, answer.Reason, answer.Score, answer.Source, answer.Listed));
    }

    [Theory]
    [InlineData("tea-0", "k=3", "seen", null)]
    [InlineData("tea-0", "k=10&includeSeen=true&where=item.price%20%3E%2012", "filter", "(filter)")]
    [InlineData("tea-2", "k=1&filter=category:ink", "filter", "(condition 1)")]
    [InlineData("ink-4", "k=1&includeSeen=true", "rank", null)]
    [InlineData("ink-4", "k=1&scenario=home&pageItem=ink-4", "context", null)]
    [InlineData("no%20such%20item", "", "unknown", null)]
    public async Task WhyNot_ItemThatIsNotListed_NamesWhatKeepsItOut(string item, string query, string reason, string? rule)
    {
        (int status, JsonElement answer, _) = await shared.Server.Send("GET", $"/v1/users/a2/why-not/{item}?{query}");

        Assert.Equal((200, reason), (status, answer.GetProperty("reason").GetString()));
        Assert.Equal(rule, answer.TryGetProperty("rule", out JsonElement named) ? named.GetString() : null);
        Assert.False(answer.TryGetProperty("rank", out _));
    }

    [Theory]
    [InlineData("k=0", "k"), InlineData("where=item.prize%20%3C%203", "where"), InlineData("scenario=hone", "scenario"), InlineData("basket=a", "basket")]
    public async Task WhyNot_BadOption_IsRefused(string query, string field)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("GET", $"/v1/users/a2/why-not/tea-2?{query}");

        Assert.Equal(400, status);
        Assert.StartsWith(field == "where" ? "filter" : field, problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task WhyNot_OptionsThatNoQueryCarries_AreRefusedByTheClient() =>
        await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.WhyNotAsync("a2", "tea-2", new() { Basket = ["tea-1"] }));

    [Fact]
    public async Task WhyNot_IsNotedAsALook()
    {
        await shared.Client.WhyNotAsync("looked-at", "tea-2");

        Assert.Contains((await shared.Client.ListAccessAsync("looked-at")).Entries, e => e.Verb == "whyNot");
    }
}
