using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: what is said of an item agrees with the list, for every user, item, scenario and rule. Method: a planted shop with random hidden items, stock, brands, rules and requests from a seed; 1,200 pairs through the
/// users' grains, with the expected reason by brute force over the catalogue.
/// </summary>
public sealed class WhyNotTests
{
    private const int Items = 40, Users = 20, PairsPerRound = 50, Rounds = 4;

    public static TheoryData<ulong> Seeds => [1, 2, 3, 4, 5, 6];

    [Theory, MemberData(nameof(Seeds))]
    public void WhyNot_RandomPairs_AgreesWithTheList(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        var random = new Random((int)seed);
        Dictionary<string, Facts> shop = await Fill(cluster, random);
        for (int round = 0; round < Rounds; round++)
        {
            var rules = new RoundRules(random.Next(1, 4), random.Next(8, 20), random.Next(2) == 0);
            await Put(cluster, "cap", round % 2 == 0 ? $$"""{"kind":"cap","field":"brand","most":{{rules.Most}}}""" : null);
            await Put(cluster, "cheap", $$"""{"kind":"filter","when":"item.price <= {{rules.Price}}","scenarios":["home"]}""");
            await Put(cluster, "explore", rules.Explores ? """{"kind":"exploration","positions":[2,4],"scenarios":["home","email"]}""" : null);
            await Put(cluster, "boost", $$"""{"kind":"boost","when":"item.brand == \"b{{random.Next(5)}}\"","factor":"{{random.Next(1, 9)}}","scenarios":["email"]}""");
            // Rules are known after the staleness period.
            await Task.Delay(TimeSpan.FromSeconds(2), cluster.Clock);
            for (int pair = 0; pair < PairsPerRound; pair++)
                await Check(cluster, shop, random, round % 2 == 0 ? rules : rules with { Most = int.MaxValue });
        }
    });

    [Fact]
    public void WhyNot_EachReason_IsNamed() => GrainCluster.Run(7, async cluster =>
    {
        var random = new Random(7);
        Dictionary<string, Facts> shop = await Fill(cluster, random);
        foreach (string id in (string[])["hidden", "gone", "later", "coupon"])
            await cluster.ItemShard(cluster.Map.OfItem(id)).Put(
                [new(id, id, [], 1, id == "gone" ? 0 : null, id != "hidden", [], new() { FromMs = id == "later" ? long.MaxValue / 2 : null, Kind = id == "coupon" ? Model.Items.ItemKind.Coupon : default })]);
        IUserGrain user = cluster.User("u0");
        string seen = (await user.Export()).Events.First(e => shop[e.ItemId] is { IsVisible: true, Stock: not 0 }).ItemId;
        string[] free = [.. shop.Keys.Where(id => shop[id].IsVisible && shop[id].Stock != 0).Except((await user.Export()).Events.Select(e => e.ItemId))];

        async Task<ItemStanding> Ask(string id, RecommendRequest request) => await user.WhyNot(id, request, null);
        Assert.Equal(OutOfListReason.Unknown, (await Ask("nobody", new())).Reason);
        Assert.Equal(OutOfListReason.Hidden, (await Ask("hidden", new())).Reason);
        Assert.Equal(OutOfListReason.Stock, (await Ask("gone", new())).Reason);
        Assert.Equal(OutOfListReason.Window, (await Ask("later", new())).Reason);
        Assert.Equal(OutOfListReason.Kind, (await Ask("coupon", new() { Shape = new() { Preview = """{"name":"preview","kinds":["product"]}""" } })).Reason);
        Assert.Equal(OutOfListReason.Seen, (await Ask(seen, new())).Reason);
        Assert.Null((await Ask(seen, new() { K = 100, IncludeSeen = true })).Reason);
        Assert.Equal(OutOfListReason.Excluded, (await Ask(free[0], new() { Exclude = [free[0]] })).Reason);
        Assert.Equal(OutOfListReason.NotAsked, (await Ask(free[0], new() { Candidates = [free[1]] })).Reason);
        Assert.Equal(OutOfListReason.Context, (await Ask(free[0], new() { Shape = new() { Basket = [free[0]] } })).Reason);
        Assert.Equal(OutOfListReason.Context, (await Ask(free[0], new() { Shape = new() { PageItem = free[0] } })).Reason);
        ItemStanding filtered = await Ask(free[0], new() { Shape = new() { Filter = "item.price > 1000" } });
        Assert.Equal((OutOfListReason.Filter, "(filter)"), (filtered.Reason, filtered.Rule));
        Assert.Equal((OutOfListReason.Filter, "(condition 1)"), (await Ask(free[0], new() { Filter = new() { PriceMin = 1000 } })) is { } condition ? (condition.Reason, condition.Rule) : default);
        // Without a rung nothing brings what no part of the score knows.
        Assert.Equal(OutOfListReason.Candidates, (await Ask("coupon", new() { K = 100, Shape = new() { Preview = """{"name":"preview","ladder":["popular"],"parts":[{"name":"trending"}]}""" } })).Reason);
        await Assert.ThrowsAsync<ListRefusedException>(() => Ask(free[0], new() { Shape = new() { Scenario = "hone" } }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Ask(free[0], new() { K = 0 }));
    });

    [Fact]
    public void WhyNot_StrangerOrWithoutAModel_AgreesWithThePopularList() => GrainCluster.Run(8, async cluster =>
    {
        await Put(cluster, new("a", 1, "b1", true, null));
        await Put(cluster, new("b", 1, "b1", true, null));
        await cluster.User("ann").Record([Planted.Event("ann", "a")]);
        await cluster.Until("the event is counted", async () => (await cluster.User("stranger").Recommend(new())).Items is [{ ItemId: "a" }, ..]);

        ItemStanding listed = await cluster.User("stranger").WhyNot("a", new() { K = 1 }, null), second = await cluster.User("stranger").WhyNot("b", new() { K = 1 }, null);

        Assert.Equal((1, RecommendationSource.Popular), (listed.Rank, listed.Source));
        Assert.Null(second.Rank);
        Assert.Equal(OutOfListReason.Rank, second.Reason);
        Assert.Equal(OutOfListReason.Seen, (await cluster.User("ann").WhyNot("a", new(), null)).Reason);
    });

    private static async Task Check(GrainCluster cluster, Dictionary<string, Facts> shop, Random random, RoundRules rules)
    {
        IUserGrain user = cluster.User($"u{random.Next(Users)}");
        string item = random.Next(12) == 0 ? "nobody knows it" : shop.Keys.ElementAt(random.Next(shop.Count));
        string? scenario = random.Next(3) switch { 0 => null, 1 => "home", _ => "email" };
        int most = random.Next(3) == 0 ? random.Next(5, 20) : int.MaxValue;
        var request = new RecommendRequest
        {
            K = random.Next(1, 16), IncludeSeen = random.Next(3) == 0,
            Shape = scenario is null && most == int.MaxValue ? null : new() { Scenario = scenario, Filter = most == int.MaxValue ? null : $"item.price <= {most}" },
        };
        RecommendationList list = await user.Recommend(request);

        ItemStanding standing = await user.WhyNot(item, request, list.RecommendationId);

        Assert.Equal(list.Items.Length, standing.Listed);
        RecommendedItem? entry = Array.Find(list.Items, i => i.ItemId == item) is { ItemId: not null } found ? found : null;
        Assert.Equal((entry?.Rank, entry?.Source), (standing.Rank, entry is null ? null : standing.Source));
        HashSet<string> seen = [.. (await user.Export()).Events.Select(e => e.ItemId)];
        string? expected = entry is not null ? null
            : !shop.TryGetValue(item, out Facts? facts) ? OutOfListReason.Unknown
            : !facts.IsVisible ? OutOfListReason.Hidden
            : facts.Stock == 0 ? OutOfListReason.Stock
            : facts.Price > most || (scenario == "home" && facts.Price > rules.Price) ? OutOfListReason.Filter
            : seen.Contains(item) && !request.IncludeSeen ? OutOfListReason.Seen
            : "outranked";
        if (expected != "outranked")
        {
            Assert.Equal(expected, standing.Reason);
            return;
        }
        Assert.NotNull(standing.Score);
        int ofBrand = list.Items.Count(i => shop[i.ItemId].Brand == shop[item].Brand);
        if (standing.Reason == OutOfListReason.Cap)
            Assert.Equal(("cap", rules.Most), (standing.Rule, ofBrand));
        else
        {
            Assert.Equal(OutOfListReason.Rank, standing.Reason);
            // Nothing but others keeps it out: the list is full, and each entry scores as much, or a rule chose it.
            Assert.Equal(request.K, list.Items.Length);
            Assert.True(standing.Score <= standing.LeastScore + 1e-5 || standing.Rule is not null || ofBrand >= rules.Most, $"{item}: {standing}");
        }
        // Lists with a cap are short only where every brand is full.
        if (list.Items.Length < request.K)
            Assert.Equal(rules.Most, ofBrand);
    }

    private static async Task<Dictionary<string, Facts>> Fill(GrainCluster cluster, Random random)
    {
        var shop = new Dictionary<string, Facts>();
        for (int n = 0; n < Items; n++)
            shop[$"i{n}"] = new($"i{n}", random.Next(20), $"b{random.Next(5)}", IsVisible: true, null);
        foreach (Facts facts in shop.Values)
            await Put(cluster, facts);
        for (int user = 0; user < Users; user++)
            await cluster.User($"u{user}").Record([.. Enumerable.Range(0, 6).Select(n => $"i{random.Next(Items)}").Distinct().Select((id, n) => Planted.Event($"u{user}", id, timeMs: 1000 + n))]);
        await cluster.Tenant.Coordinator.Start(TrainingPlan.From(new AlsOptions { Rank = 4, Sweeps = 3, Lambda = 1 }, []));
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
        for (int n = 0; n < 4; n++)
            shop[$"new{n}"] = new($"new{n}", random.Next(20), $"b{random.Next(5)}", IsVisible: true, null);
        foreach (string id in shop.Keys.ToArray())
            await Put(cluster, shop[id] = shop[id] with { IsVisible = random.Next(8) > 0, Stock = random.Next(4) == 0 ? random.Next(2) : null });
        return shop;
    }

    private static Task Put(GrainCluster cluster, Facts facts) => cluster.ItemShard(cluster.Map.OfItem(facts.Id)).Put(
        [new(facts.Id, facts.Id, [], facts.Price, facts.Stock, facts.IsVisible, [], new() { Brand = facts.Brand })]);

    private static async Task Put(GrainCluster cluster, string rule, string? json) => Assert.Null((await cluster.Tenant.ShopRules.SetListRule(rule, json)).Rule);

    private sealed record Facts(string Id, double Price, string Brand, bool IsVisible, long? Stock);

    private readonly record struct RoundRules(int Most, double Price, bool Explores);
}
