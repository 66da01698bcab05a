using OrleansRec.Contracts;
using OrleansRec.Grains.Items;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Grains.Tests.Items;

/// <summary>Goal: the answer to a put comes when no silo serves from what it was told before. Method: what a shard tells, on a fake clock.</summary>
public sealed class CatalogueReadersTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void Until_WhatWasTold_IsServedForThePeriod()
    {
        var clock = new SimulatedClock();
        var readers = new CatalogueReaders(clock, Period);
        Assert.True(readers.Until(readers.ToldUntil) <= TimeSpan.Zero);
        readers.Told();
        long before = readers.ToldUntil;
        Assert.Equal(Period, readers.Until(before));
        clock.AdvanceTo(clock.GetUtcNow() + TimeSpan.FromMilliseconds(100));
        readers.Told();
        Assert.Equal((150, 250), ((int)readers.Until(before).TotalMilliseconds, (int)readers.Until(readers.ToldUntil).TotalMilliseconds));
        readers.AssumeTold(TimeSpan.FromSeconds(1));
        Assert.Equal(1250, (int)readers.Until(readers.ToldUntil).TotalMilliseconds);
        clock.AdvanceTo(clock.GetUtcNow() + TimeSpan.FromMilliseconds(200));
        Assert.True(readers.Until(before) <= TimeSpan.Zero);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Put_AnotherSiloWasToldJustNow_AnswersWhenItMustAskAgain(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        IItemShardGrain shard = cluster.ItemShard(cluster.Map.OfItem("a"));
        await shard.Put([Planted.Item("a")]);
        DateTimeOffset asked = cluster.Clock.GetUtcNow();
        // As a silo asks that has no item shard.
        await shard.GetChanges(0);
        await shard.Put([Planted.Item("a", visible: false)]);
        Assert.True(cluster.Clock.GetUtcNow() - asked >= Period, $"The answer came after {cluster.Clock.GetUtcNow() - asked}.");
        asked = cluster.Clock.GetUtcNow();
        await shard.GetChanges(0);
        Assert.True(await shard.Delete("a"));
        Assert.True(cluster.Clock.GetUtcNow() - asked >= Period);
        // Nobody was told since: there is nothing to wait for but the store, whose calls take a few milliseconds of the clock.
        await Task.Delay(Period, cluster.Clock);
        asked = cluster.Clock.GetUtcNow();
        await shard.Put([Planted.Item("a")]);
        Assert.True(cluster.Clock.GetUtcNow() - asked < Period);
    });
}
