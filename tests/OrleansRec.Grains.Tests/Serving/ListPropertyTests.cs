using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: whatever rules a tenant has, no list of any user breaks eligibility or a cap, none is shorter than it must be, pins hold their place, and pages do not repeat. Method: random rules, hidden items and users,
/// from a seed, through the users' grains; expectations by brute force over the catalogue.
/// </summary>
public sealed class ListPropertyTests
{
    private const int Items = 40, Users = 24;

    public static TheoryData<ulong> Seeds => [1, 2, 3, 4, 5, 6];

    [Theory, MemberData(nameof(Seeds))]
    public void Lists_UnderRandomRules_KeepWhatIsStronger(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        var random = new Random((int)seed);
        var shop = new Dictionary<string, (double Price, string Brand, bool Visible)>();
        for (int n = 0; n < Items; n++)
            await Put(cluster, shop, $"i{n}", random.Next(20), $"b{random.Next(5)}", visible: true);
        for (int user = 0; user < Users; user++)
            await cluster.User($"u{user}").Record([.. Enumerable.Range(0, 6).Select(n => $"i{random.Next(Items)}").Distinct().Select((id, n) => Planted.Event($"u{user}", id, timeMs: 1000 + n))]);
        await cluster.Tenant.Coordinator.Start(TrainingPlan.From(new AlsOptions { Rank = 4, Sweeps = 3, Lambda = 1 }, []));
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
        for (int n = 0; n < 5; n++)
            await Put(cluster, shop, $"new{n}", random.Next(20), $"b{random.Next(5)}", visible: true);
        for (int round = 0; round < 4; round++)
        {
            string hidden = $"i{random.Next(Items)}";
            await Put(cluster, shop, hidden, shop[hidden].Price, shop[hidden].Brand, visible: false);
            int most = random.Next(1, 4), price = random.Next(4, 18);
            string pinned = $"i{random.Next(Items)}";
            await Rule(cluster, "cap", $$"""{"kind":"cap","field":"brand","most":{{most}}}""");
            await Rule(cluster, "cheap", $$"""{"kind":"filter","when":"item.price <= {{price}}"}""");
            await Rule(cluster, "pin", $$"""{"kind":"pin","item":"{{pinned}}","position":2}""");
            await Rule(cluster, "boost", $$"""{"kind":"boost","when":"item.brand == \"b{{random.Next(5)}}\"","factor":"{{random.Next(1, 9)}}"}""");
            await Rule(cluster, "share", $$"""{"kind":"promote","when":"item.brand == \"b{{random.Next(5)}}\"","share":0.3}""");
            long version = (await cluster.Tenant.ShopRules.Get()).Version;
            // Rules of another silo are known after the staleness period.
            await Task.Delay(TimeSpan.FromSeconds(2), cluster.Clock);
            Assert.Equal(version, (await cluster.Tenant.ShopRules.Get()).Version);
            for (int user = 0; user < Users; user++)
                await Check(cluster, shop, $"u{user}", random.Next(1, 30), most, price, pinned);
        }
    });

    private static async Task Check(
        GrainCluster cluster, Dictionary<string, (double Price, string Brand, bool Visible)> shop, string userId, int k, int most, double price, string pinned)
    {
        IUserGrain user = cluster.User(userId);
        HashSet<string> seen = [.. (await user.Export()).Events.Select(e => e.ItemId)];
        string[] eligible = [.. shop.Where(i => i.Value.Visible && i.Value.Price <= price && !seen.Contains(i.Key)).Select(i => i.Key)];
        RecommendationList list = await user.Recommend(new() { K = k, Shape = new() { HasPages = true } });
        string[] ids = [.. list.Items.Select(i => i.ItemId)];

        Assert.Empty(ids.Except(eligible));
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids.GroupBy(id => shop[id].Brand), brand => Assert.InRange(brand.Count(), 1, most));
        int longest = eligible.GroupBy(id => shop[id].Brand).Sum(brand => Math.Min(most, brand.Count()));
        Assert.Equal(Math.Min(k, longest), ids.Length);
        if (eligible.Contains(pinned) && ids.Length >= 2)
            Assert.Equal(pinned, ids[1]);
        Assert.Empty((await user.Next(list.RecommendationId, k))!.Items.Select(i => i.ItemId).Intersect(ids));
    }

    private static async Task Rule(GrainCluster cluster, string name, string json) => Assert.Null((await cluster.Tenant.ShopRules.SetListRule(name, json)).Rule);

    private static async Task Put(
        GrainCluster cluster, Dictionary<string, (double Price, string Brand, bool Visible)> shop, string itemId, double price, string brand, bool visible)
    {
        shop[itemId] = (price, brand, visible);
        await cluster.ItemShard(cluster.Map.OfItem(itemId)).Put([new(itemId, itemId, [], price, null, visible, [], new() { Brand = brand })]);
    }
}
