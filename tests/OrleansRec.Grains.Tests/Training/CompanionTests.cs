using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Grains.Tests.Training;

/// <summary>
/// Goal: a training through the grains stores the companion that one thread builds from the same events and factors, whatever the shards and whoever dies meanwhile; it lives and goes with its version, and a list
/// never fails for it. Method: bytes are compared with those of <see cref="CompanionBuilder"/>; stores are damaged and held.
/// </summary>
public sealed class CompanionTests
{
    private static readonly PlantedShop Shop = new(1);

    private static TrainingPlan Plan => Shop.Plan(rank: 8, sweeps: 2);

    [Theory, InlineData(1, 1), InlineData(3, 3), InlineData(2, 5)]
    public void Train_AnyShards_StoresTheCompanionOfOneThread(int userShards, int itemShards) => GrainCluster.Run(3, async cluster =>
    {
        await Import(cluster, shuffleSeed: 5);
        await Train(cluster);

        ModelCompanion stored = (await Read(cluster, 1))!;
        Assert.Equal(Bytes(OneThread(stored, await FactorsOf(cluster), shuffleSeed: 5)), Bytes(stored));
        Assert.NotNull(stored.Quality);
        Assert.Equal(PlantedShop.UserCount, stored.Read.Users);
    }, new(userShards, itemShards));

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Train_ProcessDiesAgainAndAgain_StoresTheSameCompanionUnderItsAttempt(int seed) => GrainCluster.Run((ulong)seed, async cluster =>
    {
        var random = new Random(seed);
        await Import(cluster, shuffleSeed: 5);
        await cluster.Tenant.Coordinator.Start(Plan);
        for (int crash = 0; crash < 4; crash++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 300)), cluster.Clock);
            await cluster.Crash();
            await cluster.Tenant.Coordinator.GetStatus();
        }
        await End(cluster);

        ModelCompanion stored = (await Read(cluster, 1))!;
        Assert.Equal((await cluster.Models.Get()).CurrentModel!.Attempt, stored.Attempt);
        Assert.Equal(Bytes(OneThread(stored, await FactorsOf(cluster), shuffleSeed: 5)), Bytes(stored));
    });

    [Fact]
    public void Publish_MoreVersionsThanAreKept_DeletesTheirCompanions() => GrainCluster.Run(4, async cluster =>
    {
        await Import(cluster, shuffleSeed: 1);
        for (int version = 1; version <= 3; version++)
            await Train(cluster);

        bool[] isKept = await Task.WhenAll(Enumerable.Range(1, 3).Select(async v => await cluster.Disk.ReadSnapshot(Stream(v)) is not null));
        Assert.Equal([false, true, true], isKept);
    }, configure: s => s.PostConfigure<ModelDirectoryOptions>(o => o.VersionsKept = 2));

    [Fact]
    public void Stop_TrainingUnderWay_LeavesNoCompanion() => GrainCluster.Run(6, async cluster =>
    {
        await Import(cluster, shuffleSeed: 1);
        await cluster.Tenant.Coordinator.Start(Shop.Plan(rank: 8, sweeps: 30));
        await cluster.Until("a sweep", async () => (await cluster.Tenant.Coordinator.GetStatus()).Sweep >= 2);
        LogOpening stale = await cluster.Disk.Open(Stream(1));
        await cluster.Disk.WriteSnapshot(Stream(1), stale.Epoch, 1, new byte[] { 1 }, compact: true);
        Assert.True(await cluster.Tenant.Coordinator.Stop());
        await cluster.Until("the companion is gone", async () => await cluster.Disk.ReadSnapshot(Stream(1)) is null);
    });

    [Fact]
    public void Lists_CompanionDamagedMissingOrOfAnotherAttempt_AreOfTheFactorsAlone() => GrainCluster.Run(7, async cluster =>
    {
        await Import(cluster, shuffleSeed: 1);
        await Train(cluster);
        RecommendationList list = await cluster.User("user 3").Recommend(new());
        byte[] whole = (await cluster.Disk.ReadSnapshot(Stream(1)))!.Content.ToArray(), damaged = [.. whole];
        damaged[damaged.Length / 2] ^= 1;
        ModelCompanion other = CompanionCoding.Read(whole) with { Attempt = 9 };
        foreach ((byte[]? content, string told) in ((byte[]?, string)[])[(damaged, "checksum"), (Bytes(other), "attempt 9"), (whole[..20], "damaged"), (null, "has no models")])
        {
            await cluster.Disk.Delete(Stream(1));
            if (content is not null)
                await cluster.Disk.WriteSnapshot(Stream(1), (await cluster.Disk.Open(Stream(1))).Epoch, 1, content, compact: true);
            var log = new ToldLog();
            Assert.Null(await Read(cluster, 1, log));
            Assert.Contains(told, Assert.Single(log.Told));
            await cluster.Restart();
            RecommendationList alone = await cluster.User("user 3").Recommend(new());
            Assert.Equal(list.Items, alone.Items);
        }
    });

    [Fact]
    public void Train_CompanionsOff_PublishesWithoutOne() => GrainCluster.Run(8, async cluster =>
    {
        await Import(cluster, shuffleSeed: 1);
        await Train(cluster);
        Assert.Null(await cluster.Disk.ReadSnapshot(Stream(1)));
        Assert.NotEmpty((await cluster.User("user 3").Recommend(new())).Items);
    }, configure: s => s.PostConfigure<TrainingOptions>(o => o.CompanionEventsMax = 0));

    [Fact]
    public void GetHistories_PagesUpToTheWatermark_LeaveOutWhoHasNotAgreed() => GrainCluster.Run(9, async cluster =>
    {
        EventRecord[] events = [.. Enumerable.Range(0, 9_000).Select(n => Planted.Event($"u{n % 300}", $"i{n % 70}", n % 2 == 0 ? "purchase" : "impression", id: $"e{n}", timeMs: n) with { SessionId = n % 3 == 0 ? $"s{n % 300}" : null })];
        await cluster.UserShard(0).Append(events);
        await cluster.User("u7").Configure(new UserSettings { MayPersonalise = false });
        await cluster.UserShard(0).Append([Planted.Event("u1", "late")]);
        var seen = new List<(string User, string Item, float Amount, long TimeMs, string? Session, byte Marks)>();
        int pages = 0;
        for (string? after = null; ; pages++)
        {
            HistoryPage page = await cluster.Tenant.UserTraining(0).GetHistories(new(TrainingPlan.From(new(), [new("purchase", 5), new("impression", 0)]), 9_001, after));
            for (int user = 0; user < page.UserIds.Length; user++)
                for (int n = page.Starts[user]; n < page.Starts[user + 1]; n++)
                    seen.Add((page.UserIds[user], page.Items[BitConverter.ToInt32(page.ItemOf, 4 * n)], BitConverter.ToSingle(page.Amounts, 4 * n), BitConverter.ToInt64(page.TimesMs, 8 * n),
                        BitConverter.ToInt32(page.SessionOf, 4 * n) is >= 0 and var s ? page.Sessions[s] : null, page.Marks[n]));
            if ((after = page.LastUserId) is null)
                break;
        }
        Assert.True(pages >= 1);
        Assert.Equal(
            events.Where(e => e.UserId != "u7").OrderBy(e => RowKey.Of(e.UserId)).ThenBy(e => e.TimeMs)
                .Select(e => (e.UserId, e.ItemId, e.Type == "purchase" ? 5 : float.NaN, e.TimeMs, e.SessionId, (byte)(e.Type == "purchase" ? 3 : 0))),
            seen);
        await Assert.ThrowsAsync<TrainingUnknownException>(() => cluster.Tenant.UserTraining(0).GetHistories(new(Plan, 1_000_000, null)));
    }, new(1, 1));

    /// <summary>The events of the shop, on fifty days.</summary>
    private static EventRecord[] Events(int shuffleSeed)
    {
        EventRecord[] events = [.. Shop.Events.Select(e => e with { TimeMs = 1_000 + (long)(e.EventKey % 50) * HistoryReading.DayMs })];
        new Random(shuffleSeed).Shuffle(events);
        return events;
    }

    private static async Task Import(GrainCluster cluster, int shuffleSeed)
    {
        foreach (EventRecord[] batch in Events(shuffleSeed).Chunk(200))
            await Task.WhenAll(batch.GroupBy(e => cluster.Map.OfUser(e.UserId)).Select(g => cluster.UserShard(g.Key).Append([.. g])));
    }

    private static string Stream(long version) => LogStreams.Companion(TenantId.Default, version);

    private static async Task Train(GrainCluster cluster)
    {
        await cluster.Tenant.Coordinator.Start(Plan);
        await End(cluster);
        TrainingStatus status = await cluster.Tenant.Coordinator.GetStatus();
        Assert.True(status.Phase == TrainingPhase.Done, status.Reason);
    }

    private static Task End(GrainCluster cluster) => cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);

    private static byte[] Bytes(ModelCompanion companion)
    {
        var into = new ArrayBufferWriter<byte>();
        CompanionCoding.Write(companion, into);
        return into.WrittenSpan.ToArray();
    }

    private static async Task<ModelCompanion?> Read(GrainCluster cluster, long version, ILogger? logger = null)
    {
        ModelInfo info = (await cluster.Models.Get()).Models.Single(m => m.Version == version);
        var reader = new CompanionReader(TenantId.Default, cluster.Disk, new InlineComputePool(), logger ?? NullLogger.Instance);
        return (await reader.Read(info, (await FactorsOf(cluster)).Ids)).Companion;
    }

    private static async Task<(string[] Ids, float[] Factors)> FactorsOf(GrainCluster cluster)
    {
        var (ids, factors) = (new List<string>(), new List<float>());
        for (int shard = 0; shard < cluster.Map.ItemShards; shard++)
        {
            PublishedBlock block = PublishedBlock.Read((await cluster.Disk.ReadSnapshot(LogStreams.Model(TenantId.Default, 1, shard)))!.Content.Span);
            ids.AddRange(block.Ids);
            factors.AddRange(block.Factors);
        }
        return ([.. ids], [.. factors]);
    }

    /// <summary>The companion of the same events, factors and moment, built here.</summary>
    private static ModelCompanion OneThread(ModelCompanion stored, (string[] Ids, float[] Factors) items, int shuffleSeed)
    {
        EventRecord[] events = Events(shuffleSeed);
        var builder = new ShopHistories.Builder(items.Ids, 1_000_000);
        foreach (var user in events.GroupBy(e => e.UserId).OrderBy(g => RowKey.Of(g.Key)))
        {
            builder.BeginUser(user.Key);
            foreach (EventRecord e in user)
                builder.Add(e.ItemId, e.Value, e.TimeMs, null, true, false);
        }
        var gram = new double[64];
        GramMatrix.Add(items.Factors, 8, gram);
        return CompanionBuilder.Build(new()
        {
            Version = 1, Attempt = stored.Attempt, Als = Plan.ToOptions(), ItemFactors = items.Factors, Gram = gram, Histories = builder.Build(),
            Features = new OrleansRec.Model.Content.ItemFeatures?[items.Ids.Length], AtMs = (stored.Days.FirstDay + stored.Days.DayCount - 1) * HistoryReading.DayMs,
        });
    }

    private sealed class ToldLog : ILogger
    {
        public List<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Told.Add(formatter(state, exception));
    }
}
