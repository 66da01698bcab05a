using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansRec.Api;
using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;
using OrleansRec.Silo.Placement;

namespace OrleansRec.Cluster.Tests.RoundTrips;

/// <summary>
/// Goal: a list through a gateway of its own and two silos takes at most three cross-process round trips after one another, whether its user is in memory or not. Method:
/// call filters note every grain call of a list, who made it and where it ran; the copies of model and catalogue are stale at every list, which is the worst case.
/// </summary>
/// <remarks>Every silo holds the current version before the lists. What is counted are calls. Orleans' look-up of where a grain is, at the first call to it from a silo, is not one.</remarks>
public sealed class ListRoundTripTests
{
    private const int RoundTripsMax = 3;
    private const int UserCount = 40;
    private const int ItemCount = 60;

    [Fact]
    public async Task Recommend_ColdAndWarmUsers_TakesAtMostThreeRoundTrips()
    {
        await using SiloCluster cluster = await SiloCluster.Start(silos: 2, new ShardMap(6, 4), ConfigureSilo, ConfigureGateway);
        string[] users = [.. Enumerable.Range(0, UserCount).Select(n => $"user {n}")];
        await Teach(cluster, users);
        await using ServiceProvider gateway = GatewayOver(cluster);
        IRecommender recommender = gateway.GetRequiredService<Recommenders>().Of(TenantId.Default);

        CallTrace[] cold = await Lists(recommender, users), warm = await Lists(recommender, users);

        Assert.All(cold.Concat(warm), trace => Assert.True(trace.Sequential is >= 1 and <= RoundTripsMax, $"{trace.Sequential} round trips:\n{trace}"));
        // The counter is no use where nothing crosses between the silos.
        Assert.Contains(cold, trace => trace.Sequential > 1);
        TestContext.Current.TestOutputHelper!.WriteLine($"cold: {Summary(cold)}; warm: {Summary(warm)}");
    }

    [Fact]
    public async Task Sequential_CallsSideBySideAndAfterOneAnother_CountsChains()
    {
        await using SiloCluster cluster = await SiloCluster.Start(silos: 2, new ShardMap(6, 4), ConfigureSilo, ConfigureGateway);
        TenantGrains grains = cluster.Tenant;
        Func<int, Task> ask = shard => grains.UserShard(shard).GetStatus();

        CallTrace beside = await CallTrace.Of(() => Task.WhenAll(Enumerable.Range(0, 6).Select(ask)));
        CallTrace after = await CallTrace.Of(async () =>
        {
            for (int shard = 0; shard < 6; shard++)
                await ask(shard);
        });

        Assert.Equal((6, 6, 6), (beside.Crossings, after.Crossings, after.Sequential));
        Assert.InRange(beside.Sequential, 1, 5);
    }

    private static async Task<CallTrace[]> Lists(IRecommender recommender, string[] users)
    {
        var traces = new CallTrace[users.Length];
        for (int i = 0; i < users.Length; i++)
        {
            RecommendationAnswer? list = null;
            string user = users[i];
            traces[i] = await CallTrace.Of(async () => list = await recommender.RecommendAsync(user));
            Assert.Equal(RecommendationSource.Personal, list!.Items[0].Source);
        }
        return traces;
    }

    /// <summary>Events go straight to the shards, so no user is in memory.</summary>
    private static async Task Teach(SiloCluster cluster, string[] users)
    {
        var random = new Random(5);
        foreach (var shard in users.GroupBy(cluster.Map.OfUser))
            await cluster.Tenant.UserShard(shard.Key).Append(
                [.. from user in shard from n in Enumerable.Range(0, 8) select new EventRecord(user, $"item {random.Next(ItemCount)}", "view", 1, 1_000 + n, null, IdHash.Of($"{user}-{n}"))]);
        await cluster.Tenant.Coordinator.Start(new() { Rank = 8, Sweeps = 2 });
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await cluster.Tenant.Models.GetCurrent(late.Token) == 0)
            await Task.Delay(50, late.Token);
        // The first list on a silo after a publication waits for the silo's copy of the version, whoever asks for it.
        foreach (var silo in cluster.Silos)
            await silo.ServiceProvider.GetRequiredService<SiloCopies>().Of(TenantId.Default).Models.Get(silo.ServiceProvider.GetRequiredService<IGrainFactory>(), late.Token);
    }

    private static void ConfigureSilo(IServiceCollection services)
    {
        services.AddHomePlacement();
        services.Configure<ServingOptions>(o => o.StalenessPeriod = TimeSpan.FromMilliseconds(1));
        services.AddSingleton<IOutgoingGrainCallFilter>(provider => new CallTrace.Outgoing(NameOf(provider)));
        services.AddSingleton<IIncomingGrainCallFilter>(provider => new CallTrace.Incoming(NameOf(provider)));
    }

    private static void ConfigureGateway(IServiceCollection services) => services.AddSingleton<IOutgoingGrainCallFilter>(new CallTrace.Outgoing("gateway"));

    private static string NameOf(IServiceProvider silo) => silo.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToString();

    private static ServiceProvider GatewayOver(SiloCluster cluster)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<IGrainFactory>(cluster.Client);
        services.AddSingleton(cluster.Map);
        services.AddSingleton(EventTypeRules.Default);
        services.AddSingleton<IRandomSource, CryptoRandomSource>();
        services.AddSingleton<IServingGate, ServingGate>();
        services.AddOrleansRecGateway();
        return services.BuildServiceProvider();
    }

    private static string Summary(CallTrace[] traces) =>
        string.Join(", ", traces.CountBy(t => t.Sequential).OrderBy(c => c.Key).Select(c => $"{c.Value} lists with {c.Key}"));
}
