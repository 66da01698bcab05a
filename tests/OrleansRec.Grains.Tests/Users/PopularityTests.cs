using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>Goal: an item is as popular as the users who like it are many. Method: planted ratings and dislikes; random events against a count from scratch.</summary>
public sealed class PopularityTests
{
    [Theory, InlineData(1), InlineData(2)]
    public void Popular_LowRatingsAndDislikes_AddNothing(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        foreach (string user in Planted.Ids("u", 4))
        {
            await cluster.User(user).Record(
                [.. Planted.Ids("good", 2).Select(i => Planted.Event(user, i, "rating", 5)), .. Planted.Ids("bad", 2).Select(i => Planted.Event(user, i, "rating", -1))]);
            await cluster.User(user).Record([Planted.Event(user, "turned-down", "dislike"), Planted.Event(user, "shown", "impression")]);
        }
        await cluster.User("u0").Record([Planted.Event("u0", "bad1", "rating", 4, timeMs: 9)]);

        await cluster.Until("everything is counted", async () => (await cluster.Item("bad1").Get())?.Events == 5 && (await cluster.Item("shown").Get())?.Events == 4);
        await AssertPopular();
        foreach (int shard in Enumerable.Range(0, cluster.Map.ItemShards))
            await cluster.ItemShard(shard).Snapshot();
        await cluster.Crash();
        await AssertPopular();

        async Task AssertPopular()
        {
            RecommendationList list = await cluster.User("stranger").Recommend(new() { K = 10 });
            Assert.Equal([("good0", 4f), ("good1", 4f), ("bad1", 1f), ("bad0", 0f), ("shown", 0f), ("turned-down", 0f)], list.Items.Select(i => (i.ItemId, i.Score)));
        }
    });

    [Fact]
    public void Dislike_AnItem_LeavesItOutOfTheNextList() => GrainCluster.Run(3, async cluster =>
    {
        string[] items = Planted.Ids("i", 8);
        await Planted.Model(1, items, cluster.Map).Publish(cluster);
        await cluster.User("ann").Record([Planted.Event("ann", "i0", "view")]);
        Assert.Contains("i3", Ids(await cluster.User("ann").Recommend(new() { K = 20 })));

        RecordedList answer = await cluster.User("ann").RecordThenRecommend([Planted.Event("ann", "i3", "dislike")], new() { K = 20 });
        Assert.DoesNotContain("i3", Ids(answer.List));
        Assert.DoesNotContain("i3", Ids(await cluster.User("ann").Recommend(new() { K = 20 })));
        // Without a model too, and not for others.
        await cluster.User("bob").Record([Planted.Event("bob", "x", "dislike"), Planted.Event("bob", "y", "view")]);
        await cluster.Until("both are counted", async () => await cluster.Item("x").Get() is not null && await cluster.Item("y").Get() is not null);
        Assert.DoesNotContain("x", Ids(await cluster.User("bob").Recommend(new() { K = 20 })));
        Assert.Contains("x", Ids(await cluster.User("stranger").Recommend(new() { K = 20 })));
    });

    [Fact]
    public void Dislike_UnderAModel_PullsTheScoreToNothing() => GrainCluster.Run(4, async cluster =>
    {
        string[] items = Planted.Ids("i", 8);
        PlantedModel model = Planted.Model(1, items, cluster.Map);
        await model.Publish(cluster);
        await cluster.User("ann").Record([Planted.Event("ann", "i0", "view")]);
        float before = Score(await cluster.User("ann").Recommend(All), "i3");
        await cluster.User("ann").Record([Planted.Event("ann", "i3", "dislike")]);
        // The item's target is 0 with the confidence of the dislike; as a like it would be 1.
        Assert.True(Math.Abs(Score(await cluster.User("ann").Recommend(All), "i3")) < Math.Abs(before));
    });

    /// <summary>The deltas that item shards are sent add up to the users with an event that likes the item, whatever was appended, taken back and erased.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Feed_RandomOperations_CountsWhoLikes(int seed)
    {
        var random = new Random(seed);
        var state = new UserShardState(2);
        string[] types = ["view", "rating", "dislike", "impression", "like"];
        for (ulong key = 1; key <= 600; key++)
        {
            string user = $"u{random.Next(5)}";
            if (random.Next(60) == 0)
                state.Erase(user);
            else if (random.Next(4) == 0 && Any(state, user, random) is { } old)
                state.Remove(user, old);
            else
                state.Append(new(user, $"i{random.Next(4)}", types[random.Next(types.Length)], random.Next(-1, 6), (long)key, null, key), out _);
        }

        var liked = new Dictionary<string, int>();
        foreach (UserRow row in state.Sorted())
        {
            var items = new HashSet<string>();
            foreach (RecordEvent e in row.Record)
                if (EventTypeRules.Default.Likes(state.Texts.Types[e.Type], e.Value) && items.Add(state.Texts.Items[e.Item]))
                    liked[state.Texts.Items[e.Item]] = liked.GetValueOrDefault(state.Texts.Items[e.Item]) + 1;
        }
        var counted = new Dictionary<string, int>();
        foreach (ItemFeedEvent e in state.Backlogs.SelectMany(b => b.Next(0, 0, state.LastSequence, int.MaxValue, state.Texts).Events))
            counted[e.ItemId] = counted.GetValueOrDefault(e.ItemId) + e.UserDelta + e.LikeCorrection;
        Assert.NotEmpty(liked);
        Assert.All(counted, c => Assert.Equal((c.Key, liked.GetValueOrDefault(c.Key)), (c.Key, c.Value)));
    }

    [Fact]
    public void Search_HasNoItem_CountsNowhereAndIsExported() => GrainCluster.Run(5, async cluster =>
    {
        EventRecord search = Planted.Event("ann", EventRules.NoItem, "search") with { Text = "red lamp" };
        await cluster.User("ann").Record([search, Planted.Event("ann", "lamp", "view")]);
        await cluster.Until("the view is counted", async () => (await cluster.Item("lamp").Get())?.Events == 1);

        await cluster.Crash();

        UserHistory history = await cluster.User("ann").Export();
        Assert.Equal([("red lamp", "search"), (null, "view")], history.Events.Select(e => (e.Text, e.Type)));
        UserShardStatus status = await cluster.ShardOf("ann").GetStatus();
        Assert.Equal((2, 1, 1), ((int)status.Events, (int)status.Pairs, (await cluster.User("ann").GetProfile())!.Items));
        Assert.Equal(1, (await cluster.ShardOf("ann").List(null, 10)).Single().Items);
        await cluster.ShardOf("ann").Snapshot();
        await cluster.Crash();
        Assert.Equal("red lamp", (await cluster.User("ann").Export()).Events[0].Text);
        Assert.True((await cluster.User("ann").Remove(search.EventKey)).Found);
        Assert.Null((await cluster.User("ann").Export()).Events.Single().Text);
    });

    private static readonly RecommendRequest All = new() { K = 20, IncludeSeen = true };

    private static ulong? Any(UserShardState state, string user, Random random)
    {
        var keys = new List<ulong>();
        if (state.Find(user) is { } record)
            foreach (RecordEvent e in record)
                keys.Add(state.Texts.KeyOf(user, e));
        return keys.Count == 0 ? null : keys[random.Next(keys.Count)];
    }

    private static float Score(RecommendationList list, string item) => list.Items.Single(i => i.ItemId == item).Score;

    private static string[] Ids(RecommendationList list) => [.. list.Items.Select(i => i.ItemId)];
}
