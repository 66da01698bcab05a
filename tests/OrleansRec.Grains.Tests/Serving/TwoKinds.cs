using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// A shop of gardeners (even users, items g0 …) and cooks (odd users, items c0 …), whose items say in their titles whose they are and come in pairs that are bought in one order. A few gardeners look at <see cref="Looked"/> in the end. The first
/// <see cref="Segmented"/> users are of the north where they garden, and of the south where they cook.
/// </summary>
internal static class TwoKinds
{
    public const int Users = 120, Pairs = 8, Segmented = 40;

    private const long DayMs = 86_400_000;

    /// <summary>The item of the kitchen that fewest cooks have bought: some gardeners look at it on the last day.</summary>
    public static string Looked { get; } = Enumerable.Range(0, 2 * Pairs).Select(n => $"c{n}").MinBy(id => Enumerable.Range(0, Users).Count(u => Bought(u).Contains(id)))!;

    /// <summary>Whether a user looks at <see cref="Looked"/>.</summary>
    public static bool Looks(int user) => user % 30 == 0;

    /// <summary>Runs a test on the shop after a training.</summary>
    public static void Run(Func<GrainCluster, Task> test, bool isTrained = true) => GrainCluster.Run(5, async cluster =>
    {
        for (int n = 0; n < 2 * Pairs; n++)
            foreach (bool garden in (bool[])[true, false])
                await Put(cluster, (garden ? "g" : "c") + n, garden);
        if (isTrained)
            await Train(cluster);
        await test(cluster);
    });

    public static Task Put(GrainCluster cluster, string itemId, bool garden, bool visible = true) => cluster.ItemShard(cluster.Map.OfItem(itemId)).Put(
        [new(itemId, garden ? "garden spade steel" : "kitchen spoon wood", [garden ? "garden" : "kitchen"], null, null, visible, [], new() { Brand = garden ? "Oak" : "Pan" })]);

    /// <summary>What a user has bought, pair by pair, in the order of orders.</summary>
    public static string[] Bought(int user) =>
        [.. Enumerable.Range(0, Pairs).OrderBy(p => IdHash.Of($"{user}/{p}")).Take(3).SelectMany(p => (int[])[2 * p, 2 * p + 1]).Select(n => (user % 2 == 0 ? "g" : "c") + n)];

    private static async Task Train(GrainCluster cluster)
    {
        long nowMs = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (int user = 0; user < Users; user++)
        {
            await cluster.User($"u{user}").Record(EventsOf(user, nowMs));
            if (user < Segmented)
                await cluster.User($"u{user}").Configure(new UserSettings { Attributes = [new("region", user % 2 == 0 ? "north" : "south"), new("segment", user % 2 == 0 ? "N" : "S")] });
        }
        await cluster.Tenant.Coordinator.Start(TrainingPlan.From(new AlsOptions { Rank = 8, Sweeps = 6, Lambda = 1 }, [.. EventTypeRules.Default.All.Select(r => new TypeWeight(r.Type, r.SignedWeight))]));
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
    }

    private static EventRecord[] EventsOf(int user, long nowMs)
    {
        var events = Bought(user).Select((item, n) => Planted.Event($"u{user}", item, timeMs: nowMs - (40 - n / 2) * DayMs) with { SessionId = $"order {n / 2}" }).ToList();
        if (Looks(user))
            events.Add(Planted.Event($"u{user}", Looked, "view", timeMs: nowMs - 1000));
        return [.. events];
    }
}
