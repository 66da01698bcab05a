using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Users;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Goal: within a visit a share of the last list stays, by option, and the answer and a measure tell how much did. Method: gardeners who buy kitchen items, whose lists turn over without the option.</summary>
public sealed class SteadyListTests
{
    private const int K = 5;

    [Fact]
    public void Steady_TasteTurnsOver_KeepsTheShareThatThePlainListDoesNot() => Run(async cluster =>
    {
        RecommendationList first = await List(cluster, "steady"), control = await List(cluster, "measured");
        Assert.Null(first.Overlap);
        Assert.Equal(1, (await List(cluster, "steady")).Overlap);
        await TurnOver(cluster);

        RecommendationList second = await List(cluster, "steady", explain: true), turned = await List(cluster, "measured");

        Assert.True(turned.Overlap < 0.6, $"The lists of the control have {turned.Overlap} in common.");
        Assert.Equal(Common(control, turned) / (double)K, turned.Overlap);
        Assert.True(second.Overlap >= 0.6, $"The steady lists have {second.Overlap} in common.");
        Assert.Equal(Common(first, second) / (double)K, second.Overlap);
        Assert.Contains(second.Notes!, n => n.Effects!.Any(e => e.Rule == SteadyRows.Rule));
    });

    [Fact]
    public void Steady_OfTheRequest_TakesThePlaceOfTheScenarios() => Run(async cluster =>
    {
        await List(cluster, "steady");
        await TurnOver(cluster);
        Assert.True((await List(cluster, "steady", steadiness: 0)).Overlap < 0.6);
        await List(cluster, "home");
        Assert.Null((await List(cluster, "home")).Overlap);
        RecommendationList before = await List(cluster, "home", steadiness: 0);
        Assert.Null(before.Overlap);
        await cluster.User("u0").Record([.. TwoKinds.Bought(2).Where(i => !before.Items.Any(b => b.ItemId == i)).Select(i => Planted.Event("u0", i))]);
        Assert.Equal(1, (await List(cluster, "home", steadiness: 1)).Overlap);
    });

    [Fact]
    public void Steady_AfterAPause_BeginsANewVisit() => Run(async cluster =>
    {
        await List(cluster, "steady");
        await Task.Delay(SteadyLists.VisitPauseMax - TimeSpan.FromSeconds(30), cluster.Clock);
        Assert.Equal(1, (await List(cluster, "steady")).Overlap);
        await Task.Delay(SteadyLists.VisitPauseMax, cluster.Clock);
        Assert.Null((await List(cluster, "steady")).Overlap);
    });

    [Fact]
    public void Steady_WhatWasBoughtOrHidden_Goes() => Run(async cluster =>
    {
        RecommendationList first = await List(cluster, "steady", steadiness: 1);
        await cluster.User("u0").Record([Planted.Event("u0", first.Items[0].ItemId)]);
        await TwoKinds.Put(cluster, first.Items[1].ItemId, garden: true, visible: false);
        RecommendationList second = await List(cluster, "steady", steadiness: 1);
        Assert.Equal((K - 2.0) / K, second.Overlap);
        Assert.DoesNotContain(second.Items, i => i.ItemId == first.Items[0].ItemId || i.ItemId == first.Items[1].ItemId);
        Assert.Equal(K, second.Items.Length);
    });

    [Fact]
    public void Steady_WithoutConsentOrAfterErasure_LooksNotBack() => Run(async cluster =>
    {
        await List(cluster, "steady");
        await cluster.User("u0").Configure(new() { MayPersonalise = false });
        Assert.Null((await List(cluster, "steady")).Overlap);
        await cluster.User("u0").Configure(new());
        await List(cluster, "steady");
        await cluster.User("u0").Erase();
        Assert.Null((await List(cluster, "steady")).Overlap);
    });

    [Fact]
    public void Steady_BlocksOfAPage_AreEachSteady_AndTheOverlapIsMeasured() => Run(async cluster =>
    {
        var measured = new ConcurrentBag<double>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Name == "orleansrec.lists.overlap") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => measured.Add(value));
        listener.Start();
        RecommendRequest[] blocks = [new() { K = 4, Shape = new() { Scenario = "home" } }, new() { K = 3, Shape = new() { Scenario = "steady" } }];
        await cluster.User("u0").RecommendPage(blocks);
        RecommendationList[] page = await cluster.User("u0").RecommendPage(blocks);
        Assert.Equal([null, 1.0], page.Select(l => l.Overlap));
        Assert.Contains(1.0, measured);
    });

    private static void Run(Func<GrainCluster, Task> test) => TwoKinds.Run(async cluster =>
    {
        await cluster.Tenant.ShopRules.SetScenario("steady", """{"parts":[{"name":"als","weight":1}],"steadiness":0.6}""");
        await cluster.Tenant.ShopRules.SetScenario("measured", """{"parts":[{"name":"als","weight":1}],"steadiness":0}""");
        await test(cluster);
    });

    private static Task<RecommendationList> List(GrainCluster cluster, string scenario, double? steadiness = null, bool explain = false) =>
        cluster.User("u0").Recommend(new() { K = K, Shape = new() { Scenario = scenario, Steadiness = steadiness, Explain = explain } });

    /// <summary>User u0 gardens; what it buys here is of the kitchen.</summary>
    private static Task TurnOver(GrainCluster cluster) => cluster.User("u0").Record([.. Enumerable.Range(0, 8).Select(n => Planted.Event("u0", $"c{n}", value: 4))]);

    private static int Common(RecommendationList a, RecommendationList b) => a.Items.Select(i => i.ItemId).Intersect(b.Items.Select(i => i.ItemId)).Count();
}
