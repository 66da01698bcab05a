using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>A shop of its own with more items than the plain scan takes, half of them twins that tie with the other half, and users of every kind.</summary>
public sealed class ManyListShop : IAsyncLifetime
{
    /// <summary>With k = 1,000 a shard answers in more than one part.</summary>
    public const int Users = 400;

    private const int Pairs = 300, EventsOfUser = 12;

    public GatewayHost Server { get; private set; } = null!;

    public IRecommender Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await GatewayHost.Start();
        Client = await Server.Client();
        await Client.RecordEventsAsync([.. from user in Enumerable.Range(0, Users) from n in Enumerable.Range(0, EventsOfUser) from twin in (string[])["a", "b"]
            select SharedHost.Purchase($"u{user}", $"{twin}{(user * 37 + n * (3 + user % 5)) % Pairs}")]);
        await SharedHost.Train(Client, Server);
        await Client.PutItemsAsync([.. from i in Enumerable.Range(0, 10) select new ItemInput { ItemId = $"a{i * 11}", Visible = false }]);
        await Client.PutUserAsync("u3", new() { Consent = new() { Personalise = false } });
        await Client.RecordEventsAsync([SharedHost.Purchase("only-new", "came-later"), SharedHost.Purchase("u5", "a10")]);
        // An item that only events name is known a moment later; lists before and after it would differ.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await Client.RecommendAsync("a stranger", new() { K = 1000 }, limit.Token)).Items.Any(i => i.ItemId == "came-later"))
            await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        (Client as IDisposable)?.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>Goal: the lists of many users, over HTTP, are the lists that each gets alone, for all users or for those asked for, in the order of the request.</summary>
public sealed class ManyListStories(ManyListShop shop) : IClassFixture<ManyListShop>
{
    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(1000, false)]
    public async Task RecommendMany_All_EqualsTheSingleLists(int k, bool includeSeen)
    {
        var lists = await Read(new() { K = k, IncludeSeen = includeSeen });

        Assert.Equal(Enumerable.Range(0, ManyListShop.Users).Select(u => $"u{u}").Append("only-new").Order(), lists.Select(l => l.UserId).Order());
        Assert.Contains(lists, l => HasTies(l.List));
        Assert.All(lists, l => Assert.NotEmpty(l.List.Items));
        foreach (var each in lists)
            AssertSame(await shop.Client.RecommendAsync(each.UserId, new() { K = k, IncludeSeen = includeSeen }), each.List);
    }

    [Fact]
    public async Task RecommendMany_ExcludeCandidatesAndFilter_EqualsTheSingleLists()
    {
        foreach (ManyListsQuery query in (ManyListsQuery[])[new() { Exclude = ["b4", "b8"] }, new() { Candidates = ["b1", "b2", "a11", "b200"] }, new() { Filter = new() { InStock = true } }])
            foreach (var each in await Read(query))
                AssertSame(
                    await shop.Client.RecommendForAsync(new() { UserId = each.UserId, Exclude = query.Exclude, Candidates = query.Candidates, Filter = query.Filter }), each.List);
    }

    [Fact]
    public async Task RecommendMany_HiddenSeenAndWithoutConsent_AreKept()
    {
        var lists = (await Read(new() { K = 1000 })).ToDictionary(l => l.UserId, l => l.List);

        Assert.All(lists.Values, l => Assert.DoesNotContain("a11", l.Items.Select(i => i.ItemId)));
        Assert.DoesNotContain("a10", lists["u5"].Items.Select(i => i.ItemId));
        Assert.Contains("b10", lists["u5"].Items.Select(i => i.ItemId));
        Assert.Equal(["popular"], lists["u3"].Items.Select(i => i.Source).Distinct());
        Assert.Equal(["popular"], lists["only-new"].Items.Select(i => i.Source).Distinct());
        // The model's items in their order, and behind them what it does not know.
        Assert.Equal(["personal", "popular"], lists["u4"].Items.Select(i => i.Source).Distinct());
        Assert.Equal(("came-later", "popular"), (lists["u4"].Items[^1].ItemId, lists["u4"].Items[^1].Source));
    }

    [Fact]
    public async Task RecommendMany_GivenUsers_KeepTheirOrderAndStrangersGetPopularItems()
    {
        string[] userIds = ["u7", "nobody", "u2", "u7", "u3", .. Enumerable.Range(1, ManyListShop.Users).Select(u => $"u{ManyListShop.Users - u}")];

        var lists = await Read(new() { UserIds = userIds, K = 1000 });

        Assert.Equal(userIds, lists.Select(l => l.UserId));
        Assert.Equal((0, "popular"), (lists[1].List.HistoryVersion, lists[1].List.Items[0].Source));
        foreach (var each in lists)
            AssertSame(await shop.Client.RecommendAsync(each.UserId, new() { K = 1000 }), each.List);
    }

    [Fact]
    public async Task RecommendMany_NoUsers_IsAnEmptyAnswer() => Assert.Empty(await Read(new() { UserIds = [] }));

    [Fact]
    public async Task RecommendMany_CallerGoesAfterTheFirst_EndsWithoutError()
    {
        await foreach (var first in shop.Server.Verbs.RecommendManyAsync(new() { K = 1000 }))
        {
            Assert.NotEmpty(first.List.Items);
            break;
        }
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await shop.Server.Verbs.RecommendManyAsync(new(), stop.Token).GetAsyncEnumerator(stop.Token).MoveNextAsync());
    }

    [Theory]
    [InlineData("""{"k": 0}""", "k")]
    [InlineData("""{"k": 1001}""", "k")]
    [InlineData("""{"userIds": ["u1", ""]}""", "userIds[1]")]
    [InlineData("""{"userIds": ["u1", null]}""", "userIds[1]")]
    [InlineData("""{"exclude": [""]}""", "exclude[0]")]
    public async Task RecommendMany_BadRequest_NamesTheFieldWithItsOwnStatus(string body, string field)
    {
        (int status, JsonElement problem, _) = await shop.Server.Send("POST", "/v1/recommendations/batch", body);

        Assert.Equal((400, field), (status, problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task RecommendMany_MoreUsersThanAllowed_IsRefused()
    {
        string body = JsonSerializer.Serialize(new { userIds = Enumerable.Range(0, 10_001).Select(i => $"u{i}") });

        (int status, JsonElement problem, _) = await shop.Server.Send("POST", "/v1/recommendations/batch", body);

        Assert.Equal((400, "userIds", "10001"), (status, problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
    }

    private async Task<List<UserListAnswer>> Read(ManyListsQuery query)
    {
        List<UserListAnswer> lists = [];
        await foreach (var each in shop.Client.RecommendManyAsync(query))
            lists.Add(each);
        return lists;
    }

    private static bool HasTies(RecommendationAnswer list) => list.Items.Zip(list.Items.Skip(1)).Any(pair => pair.First.Score == pair.Second.Score);

    private static void AssertSame(RecommendationAnswer single, RecommendationAnswer ofMany)
    {
        Assert.Equal(
            (single.ModelVersion, single.CatalogueVersion, single.HistoryVersion), (ofMany.ModelVersion, ofMany.CatalogueVersion, ofMany.HistoryVersion));
        Assert.Equal(single.Items, ofMany.Items);
    }
}
