using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: a what-if is the list that the same events would give, and leaves nothing behind. Method: random users of a planted shop, random events added and removed, and the same events recorded of another user, whose
/// list must be equal to the last bit.
/// </summary>
public sealed class WhatIfTests
{
    private const int Items = 40, Users = 30, Questions = 40;

    public static TheoryData<ulong> Seeds => [1, 2, 3, 4, 5];

    [Theory, MemberData(nameof(Seeds))]
    public void WhatIf_RandomChanges_EqualsARealReplay(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        var random = new Random((int)seed);
        await Fill(cluster, random);
        var asked = new List<(string User, string Twin, WhatIf Question, int Added, int Removed)>();
        for (int n = 0; n < Questions; n++)
        {
            string user = $"u{random.Next(Users + 1)}", twin = $"twin{n}";
            HistoryEvent[] events = (await cluster.User(user).Export()).Events;
            WhatIf question = Question(random, user, events);
            HistoryEvent[] left = [.. events.Where(e => !question.RemovedItems.Contains(e.ItemId) && !question.RemovedEvents.Contains(e.EventKey))];
            EventRecord[] all = [.. left.Select(e => new EventRecord(twin, e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey, e.Text)), .. question.Added.Select(e => e with { UserId = twin })];
            int accepted = all.Length == 0 ? 0 : (await cluster.User(twin).Record(all)).Accepted;
            asked.Add((user, twin, question, accepted - left.Length, events.Length - left.Length));
        }
        // What counts all users comes to rest: popular items, and the order of the ladder.
        await Task.Delay(TimeSpan.FromSeconds(20), cluster.Clock);
        int changed = 0;
        foreach (var (user, twin, question, added, removed) in asked)
        {
            UserHistory before = await cluster.User(user).Export();
            RecommendationList realBefore = await cluster.User(user).Recommend(question.Request);

            WhatIfAnswer answer = await cluster.User(user).WhatIf(question);

            RecommendationList replay = await cluster.User(twin).Recommend(question.Instead ?? question.Request);
            Assert.Equal(replay.Items, answer.List.Items);
            Assert.Equal(replay.ModelVersion, answer.List.ModelVersion);
            Assert.Equal((added, removed), (answer.Added, answer.Removed));
            Assert.Equal(realBefore.Items, answer.Real.Items);
            // Nothing is left behind.
            UserHistory after = await cluster.User(user).Export();
            Assert.Equal((before.Version, before.Events.Length), (after.Version, after.Events.Length));
            Assert.Equal(before.Events, after.Events);
            Assert.Equal(realBefore.Items, (await cluster.User(user).Recommend(question.Request)).Items);
            changed += replay.Items.SequenceEqual(realBefore.Items) ? 0 : 1;
        }
        Assert.InRange(changed, Questions / 2, Questions);
    });

    [Fact]
    public void WhatIf_OtherRulesWeightsAndScenario_EqualTheListUnderThem() => GrainCluster.Run(6, async cluster =>
    {
        await Fill(cluster, new Random(6));
        IUserGrain user = cluster.User("u1");
        NamedJson cap = new("cap", """{"kind":"cap","field":"brand","most":1}""", 0), bury = new("bury", """{"kind":"bury","when":"item.brand == \"b1\"","factor":"0.1"}""", 0);
        RecommendRequest plain = new() { K = 12 }, home = new() { K = 12, Shape = new() { Scenario = "home" } };
        RecommendRequest weighed = new() { K = 12, Shape = new() { Scenario = "home", Weights = [new("als", 0.2), new("item-item", 1)] } };

        WhatIfAnswer capped = await user.WhatIf(new() { Request = plain, Rules = [cap, bury] });
        WhatIfAnswer other = await user.WhatIf(new() { Request = plain, Instead = weighed });
        Assert.Equal((await user.Recommend(weighed)).Items, other.List.Items);
        Assert.Equal((await user.Recommend(plain)).Items, other.Real.Items);
        Assert.Equal((await user.Recommend(plain)).Items, capped.Real.Items);
        await cluster.Tenant.ShopRules.SetListRule(cap.Name, cap.Json);
        await cluster.Tenant.ShopRules.SetListRule(bury.Name, bury.Json);
        await Task.Delay(TimeSpan.FromSeconds(2), cluster.Clock);
        RecommendationList underRules = await user.Recommend(plain);
        Assert.Equal(underRules.Items, capped.List.Items);
        Assert.Equal(5, underRules.Items.Length);
        // No rules at all in the place of the shop's.
        WhatIfAnswer free = await user.WhatIf(new() { Request = home, Rules = [] });
        Assert.Equal(5, free.Real.Items.Length);
        Assert.Equal(12, free.List.Items.Length);
        Assert.Equal(underRules.Items, (await user.Recommend(plain)).Items);
    });

    [Fact]
    public void WhatIf_Exploration_FallsAlikeInBothLists() => GrainCluster.Run(7, async cluster =>
    {
        await Fill(cluster, new Random(7));
        ListShape shape = new() { Preview = """{"name":"preview","rules":[{"name":"explore","kind":"exploration","positions":[1,2,3,4,5]}]}""" };
        for (int n = 0; n < 5; n++)
        {
            WhatIfAnswer same = await cluster.User("u1").WhatIf(new() { Request = new() { K = 5, Shape = shape } });
            Assert.Equal(same.Real.Items, same.List.Items);
        }
    });

    [Fact]
    public void WhatIf_WithoutConsent_IsTheListOfAStranger_AndBadQuestionsAreRefused() => GrainCluster.Run(8, async cluster =>
    {
        await Fill(cluster, new Random(8));
        IUserGrain user = cluster.User("u2");
        await user.Configure(new UserSettings { MayPersonalise = false });
        // Popular items are counted.
        await Task.Delay(TimeSpan.FromSeconds(20), cluster.Clock);
        WhatIfAnswer answer = await user.WhatIf(new() { Added = [Planted.Event("u2", "i3")], Request = new() { K = 5 } });
        Assert.Equal(answer.Real.Items, answer.List.Items);
        Assert.Equal((await cluster.User("stranger").Recommend(new() { K = 5 })).Items, answer.List.Items);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => user.WhatIf(new() { Request = new() { K = 0 } }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => user.WhatIf(new() { Instead = new() { K = 1001 } }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => user.WhatIf(new() { RemovedItems = new string[WhatIf.ChangesMax + 1] }));
        ListRefusedException broken = await Assert.ThrowsAsync<ListRefusedException>(() => user.WhatIf(new() { Rules = [new("a", """{"kind":"boost","factor":"0.5"}""", 0)] }));
        Assert.Equal("rules[0].factor", broken.Field);
        Assert.Equal("rules[0]", (await Assert.ThrowsAsync<ListRefusedException>(() => user.WhatIf(new() { Rules = [new("a", "[", 0)] }))).Field);
        Assert.Contains("scenario", (await Assert.ThrowsAsync<ListRefusedException>(() => user.WhatIf(new() { Instead = new() { Shape = new() { Scenario = "hone" } } }))).Message);
    });

    private static WhatIf Question(Random random, string user, HistoryEvent[] events)
    {
        string[] types = ["purchase", "view", "cart", "dislike", "impression"];
        EventRecord[] added = [.. Enumerable.Range(0, random.Next(4)).Select(n => Planted.Event(user, random.Next(8) == 0 ? "nobody sells it" : $"i{random.Next(Items)}", types[random.Next(types.Length)], timeMs: 5_000 + n))];
        // An event that the history has already adds nothing.
        if (events.Length > 0 && random.Next(3) == 0)
            added = [.. added, new EventRecord(user, events[^1].ItemId, "purchase", 1, 9_000, null, events[^1].EventKey)];
        RecommendRequest request = new() { K = random.Next(3, 12), Shape = random.Next(3) switch { 0 => null, 1 => new() { Scenario = "home" }, _ => new() { Filter = "item.price >= 5" } } };
        return new()
        {
            Added = added, RemovedItems = [.. events.Where(_ => random.Next(4) == 0).Select(e => e.ItemId)], RemovedEvents = [.. events.Where(_ => random.Next(5) == 0).Select(e => e.EventKey)],
            Request = request, Instead = random.Next(3) == 0 ? request with { K = 7, Shape = new() { Scenario = "cart", Basket = [$"i{random.Next(Items)}"] } } : null,
        };
    }

    private static async Task Fill(GrainCluster cluster, Random random)
    {
        for (int n = 0; n < Items; n++)
            await cluster.ItemShard(cluster.Map.OfItem($"i{n}")).Put([new($"i{n}", $"title {n % 7}", [], n % 20, null, true, [], new() { Brand = $"b{n % 5}" })]);
        for (int user = 0; user < Users; user++)
            await cluster.User($"u{user}").Record([.. Enumerable.Range(0, random.Next(1, 9)).Select(n => $"i{random.Next(Items)}").Distinct().Select((id, n) => Planted.Event($"u{user}", id, timeMs: 1000 + n))]);
        await cluster.Tenant.Coordinator.Start(TrainingPlan.From(new AlsOptions { Rank = 4, Sweeps = 3, Lambda = 1 }, [.. EventTypeRules.Default.All.Select(r => new TypeWeight(r.Type, r.SignedWeight))]));
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
    }
}
