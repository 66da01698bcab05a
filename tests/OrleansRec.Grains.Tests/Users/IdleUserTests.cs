using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>Goal: an idle user costs nothing but its row. Method: activations and the bytes of rows are counted, under a fake clock.</summary>
public sealed class IdleUserTests
{
    private const int Users = 50;

    private static readonly string[] Items = Planted.Ids("item", 20);

    [Fact]
    public void UserGrain_NobodyAsks_LeavesMemoryAndComesBackTheSame() => GrainCluster.Run(1, async cluster =>
    {
        PlantedModel model = Planted.Model(1, Items, cluster.Map);
        await model.Publish(cluster);
        var before = new RecommendationList[Users];
        for (int user = 0; user < Users; user++)
        {
            await cluster.User($"user{user}").Record([Planted.Event($"user{user}", Items[user % Items.Length])]);
            before[user] = await cluster.User($"user{user}").Recommend(new() { K = 5 });
        }
        var (users, all) = await cluster.CountActivations();
        Assert.Equal(Users, users);

        await cluster.Until("idle users have left memory", async () =>
        {
            await cluster.CollectIdle();
            return (await cluster.CountActivations()).Users == 0;
        });

        Assert.InRange((await cluster.CountActivations()).All, 0, all - users);
        for (int user = 0; user < Users; user++)
            Assert.Equal(before[user].Items, (await cluster.User($"user{user}").Recommend(new() { K = 5 })).Items);
    });

    /// <summary>What a shard keeps of a user grows with the user's events and with nothing else: no request adds to it.</summary>
    [Theory]
    [InlineData(1, 40), InlineData(10, 170), InlineData(100, 1_500)]
    public void Record_SoManyEventsOfAFile_TakesSoManyBytesAtMost(int events, int bytesMax)
    {
        var state = new UserShardState(1);
        UserRecord? record = null;
        for (int n = 0; n < events; n++)
        {
            long timeMs = 1_700_000_000_000 + n * 300_000_123L;
            state.Append(new("ann", $"item{n}", "view", 1, timeMs, null, ContentKey.Of("ann", $"item{n}", "view", null, timeMs, 1)), out record);
        }
        Assert.Equal(events, record!.Count);
        Assert.InRange(record.CapacityBytes, 1, bytesMax);
    }
}
