using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>Goal: a user shard to which nothing happens does nothing. Method: the turns of user shards, calls and ticks of their timers alike, are counted under a fake clock.</summary>
public sealed class IdleShardTests
{
    private readonly TurnCounter _turns = new();

    /// <summary>Fixed: the timer that tries again what failed ran every second, whether or not there was anything.</summary>
    [Fact]
    public void UserShard_NothingHappens_RunsNoTurn() => Run(async cluster =>
    {
        await cluster.UserShard(0).GetStatus();
        await LongAfter(cluster);
        long began = _turns.Count;
        await LongAfter(cluster);
        Assert.Equal(began, _turns.Count);

        // That ticks are counted shows after an event: besides its call there are those that look after the commit.
        string user = Planted.Ids("user", 20).First(id => cluster.Map.OfUser(id) == 0);
        await cluster.UserShard(0).Append([Planted.Event(user, "item1")]);
        await LongAfter(cluster);
        long after = _turns.Count;
        Assert.True(after > began + 1, $"{after - began} turns followed an event.");

        await LongAfter(cluster);
        Assert.Equal(after, _turns.Count);
    });

    /// <summary>A shard that has nothing for an item shard does not wake it.</summary>
    [Fact]
    public void UserShard_WithoutEvents_WakesNoItemShard() => Run(async cluster =>
    {
        await cluster.UserShard(0).GetStatus();
        await LongAfter(cluster);
        Assert.Equal(1, (await cluster.CountActivations()).All);
    });

    private void Run(Func<GrainCluster, Task> test) => GrainCluster.Run(1, test, configure: services =>
    {
        services.AddSingleton<IIncomingGrainCallFilter>(_turns);
        services.PostConfigure<UserShardOptions>(o => o.FeedCheckPeriod = TimeSpan.FromDays(1));
    });

    /// <summary>Long enough for whatever a shard does after its start, or after an event.</summary>
    private static Task LongAfter(GrainCluster cluster) => Task.Delay(TimeSpan.FromMinutes(1), cluster.Clock);

    private sealed class TurnCounter : IIncomingGrainCallFilter
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.TargetId.Type.ToString() == "user-shard")
                Interlocked.Increment(ref _count);
            return context.Invoke();
        }
    }
}
