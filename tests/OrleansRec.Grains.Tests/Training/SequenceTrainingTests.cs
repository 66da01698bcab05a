using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Grains.Tests.Training;

/// <summary>
/// Goal: a sequence model trained through the grains has the same bits for any number of shards and through any losses; it lives and goes with its version; a list follows the user's last event in the same request; what diverges is
/// never published. Method: a shop whose next item follows from the last one.
/// </summary>
public sealed class SequenceTrainingTests
{
    private const int UserCount = 120, ItemCount = 24, Length = 9;

    private static readonly SequencePlan Sequence = new() { IsAlone = true, Width = 16, Length = 8, UniformNegatives = 16, BatchSequences = 16, LearningRate = 0.01, Dropout = 0, Epochs = 8, Patience = 8 };

    private static readonly TrainingPlan Plan = TrainingPlan.From(new AlsOptions { Rank = 4, Sweeps = 2, Lambda = 2, Alpha = 3 }, []) with { Sequence = Sequence };

    [Fact]
    public void Train_AnyShardsAndAnyLosses_GivesTheSameBits()
    {
        float[]? one = null;
        foreach (var (users, items, crashes) in new[] { (1, 1, 0), (3, 3, 0), (16, 5, 0), (3, 2, 5), (2, 3, 6) })
        {
            GrainCluster.Run((ulong)(users + crashes), async cluster =>
            {
                await Import(cluster);
                await cluster.Tenant.Coordinator.Start(Plan);
                var random = new Random(users);
                for (int crash = 0; crash < crashes; crash++)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 200)), cluster.Clock);
                    await cluster.Crash();
                    await cluster.Tenant.Coordinator.GetStatus();
                }
                await End(cluster, TrainingPhase.Done);
                SequenceBlob stored = (await Stored(cluster, 1))!;
                one ??= stored.Parameters.Values;
                Assert.Equal(one, stored.Parameters.Values);
                Assert.Equal((await cluster.Models.Get()).CurrentModel!.Attempt, stored.Attempt);
                await cluster.Until("nothing of the training is left", async () => !await HasCheckpoints(cluster, 1));
            }, new(users, items));
        }
    }

    /// <summary>After item n comes item n + 1: of three items in the list that answers an event one is it; for a user, a visitor and with an explanation.</summary>
    [Fact]
    public void Recommend_AfterAnEvent_HoldsWhatFollowsIt() => GrainCluster.Run(2, async cluster =>
    {
        await Import(cluster);
        await Train(cluster);
        int hits = 0;
        for (int item = 0; item < ItemCount; item++)
        {
            EventRecord[] events = [Planted.Event("newcomer", Item(item), id: $"n{item}", timeMs: 5_000 + item)];
            RecordedList recorded = await cluster.User($"newcomer {item}").RecordThenRecommend([.. events.Select(e => e with { UserId = $"newcomer {item}" })], new() { K = 3 });
            RecommendationList visitor = await cluster.Tenant.Scoring.RecommendFor([new(Item(item), 1)], new() { K = 3 });
            Assert.Equal(recorded.List.Items, visitor.Items);
            Assert.All(recorded.List.Items, i => Assert.Equal(SequencePart.PartName, i.Source));
            hits += recorded.List.Items.Any(i => i.ItemId == Item((item + 1) % ItemCount)) ? 1 : 0;
        }
        Assert.True(hits >= ItemCount - 2, $"{hits} of {ItemCount}");
        RecommendationList explained = await cluster.User("newcomer 5").Recommend(new() { K = 2, Shape = new() { Explain = true } });
        Assert.Equal(explained.Items.Select(i => (double)i.Score), explained.Notes!.Select(n => n.Parts!.Single(p => p.Part == SequencePart.PartName).Amount), (a, b) => Math.Abs(a - b) < 1e-4);
    });

    /// <summary>Events one by one, one of them late, and one taken back: always the list of a user who did the same at once.</summary>
    [Fact]
    public void Recommend_HistoryGrowsAndShrinks_EqualsThatOfTheSameHistoryAtOnce() => GrainCluster.Run(3, async cluster =>
    {
        await Import(cluster);
        await Train(cluster);
        List<EventRecord> events = [];
        for (int n = 0; n < 20; n++)
        {
            EventRecord next = Planted.Event("grows", Item(n * 7 % ItemCount), id: $"g{n}", timeMs: n == 11 ? 5_003 : 6_000 + n);
            events.Add(next);
            RecordedList grown = await cluster.User("grows").RecordThenRecommend([next], new() { K = 5, IncludeSeen = true });
            if (n == 15)
            {
                await cluster.User("grows").Remove(events[4].EventKey);
                events.RemoveAt(4);
                grown = grown with { List = await cluster.User("grows").Recommend(new() { K = 5, IncludeSeen = true }) };
            }
            string twin = $"twin {n}";
            await cluster.User(twin).Record([.. events.Select(e => e with { UserId = twin })]);
            Assert.Equal((await cluster.User(twin).Recommend(new() { K = 5, IncludeSeen = true })).Items, grown.List.Items);
        }
    });

    [Fact]
    public void Train_LearningRateTooHigh_FailsWithAReasonAndPublishesNothing() => GrainCluster.Run(4, async cluster =>
    {
        await Import(cluster);
        await cluster.Tenant.Coordinator.Start(Plan with { Sequence = Sequence with { LearningRate = 1, Epochs = 40, Patience = 40 } });
        TrainingStatus status = await End(cluster, TrainingPhase.Failed);
        Assert.Contains("sequence model", status.Reason, StringComparison.Ordinal);
        Assert.Equal(0, (await cluster.Models.Get()).Current);
        await cluster.Until("nothing is left", async () => !await HasCheckpoints(cluster, 1) && await Stored(cluster, 1) is null);
    });

    [Fact]
    public void Train_ShopWithoutSequences_FailsWithAReason() => GrainCluster.Run(5, async cluster =>
    {
        EventRecord[] events = [.. Enumerable.Range(0, 20).Select(n => Planted.Event($"u{n}", Item(n % 3), id: $"e{n}"))];
        await Append(cluster, events);
        await cluster.Tenant.Coordinator.Start(Plan);
        Assert.Contains("at least 2 items", (await End(cluster, TrainingPhase.Failed)).Reason, StringComparison.Ordinal);
    });

    [Fact]
    public void Stop_WhileSequencesAreLearned_LeavesNothing() => GrainCluster.Run(6, async cluster =>
    {
        await Import(cluster);
        await cluster.Tenant.Coordinator.Start(Plan with { Sequence = Sequence with { Epochs = 1_000, Patience = 1_000 } });
        await cluster.Until("an epoch", async () => (await cluster.Tenant.Coordinator.GetStatus()).Sequence is { Losses.Length: > 1 });
        TrainingStatus status = await cluster.Tenant.Coordinator.GetStatus();
        Assert.Equal((TrainingPhase.LearningSequences, 2, true, 1_000), (status.Phase, status.Sweep, status.Sequence!.IsChoosing, status.Sequence.EpochsMax));
        Assert.True(await cluster.Tenant.Coordinator.Stop());
        await cluster.Until("nothing is left", async () => !await HasCheckpoints(cluster, 1));
        Assert.Equal(0, (await cluster.Models.Get()).Current);
    });

    [Fact]
    public void Publish_MoreVersionsThanAreKept_DeletesTheirSequenceModels() => GrainCluster.Run(7, async cluster =>
    {
        await Import(cluster);
        for (int version = 1; version <= 3; version++)
            await Train(cluster);
        bool[] isKept = await Task.WhenAll(Enumerable.Range(1, 3).Select(async v => await Stored(cluster, v) is not null));
        Assert.Equal([false, true, true], isKept);
    }, configure: s => s.PostConfigure<ModelDirectoryOptions>(o => o.VersionsKept = 2));

    [Fact]
    public void Lists_SequenceModelIsDamaged_AreThoseOfTheFactors() => GrainCluster.Run(8, async cluster =>
    {
        await Import(cluster);
        await Train(cluster);
        LogSnapshot whole = (await cluster.Disk.ReadSnapshot(LogStreams.SequenceModel(TenantId.Default, 1)))!;
        byte[] damaged = whole.Content.ToArray();
        damaged[damaged.Length / 2] ^= 1;
        await cluster.Disk.WriteSnapshot(LogStreams.SequenceModel(TenantId.Default, 1), (await cluster.Disk.Open(LogStreams.SequenceModel(TenantId.Default, 1))).Epoch, 1, damaged, compact: true);
        await cluster.Restart();
        RecommendationList list = await cluster.User("user 3").Recommend(new() { K = 4 });
        Assert.Equal(4, list.Items.Length);
        Assert.DoesNotContain(list.Items, i => i.Source == SequencePart.PartName);
    });

    private static string Item(int item) => $"item {item}";

    /// <summary>Each user goes through the items in their order from a place of its own.</summary>
    private static Task Import(GrainCluster cluster) => Append(cluster, [.. Enumerable.Range(0, UserCount * Length).Select(n =>
        Planted.Event($"user {n / Length}", Item((n / Length * 5 + n % Length) % ItemCount), id: $"e{n}", timeMs: 1_000 + n % Length))]);

    private static async Task Append(GrainCluster cluster, EventRecord[] events)
    {
        foreach (var shard in events.GroupBy(e => cluster.Map.OfUser(e.UserId)))
            foreach (EventRecord[] batch in shard.Chunk(500))
                await cluster.UserShard(shard.Key).Append(batch);
    }

    private static async Task Train(GrainCluster cluster)
    {
        await cluster.Tenant.Coordinator.Start(Plan with { PublishAlways = true });
        await End(cluster, TrainingPhase.Done);
    }

    private static async Task<TrainingStatus> End(GrainCluster cluster, TrainingPhase phase)
    {
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
        TrainingStatus status = await cluster.Tenant.Coordinator.GetStatus();
        Assert.True(status.Phase == phase, $"{status.Phase}: {status.Reason}");
        return status;
    }

    private static async Task<SequenceBlob?> Stored(GrainCluster cluster, long version) =>
        await cluster.Disk.ReadSnapshot(LogStreams.SequenceModel(TenantId.Default, version)) is { } kept ? SequenceCoding.Read(kept.Content.Span) : null;

    private static async Task<bool> HasCheckpoints(GrainCluster cluster, long version) =>
        await cluster.Disk.ReadSnapshot(LogStreams.SequenceCheckpoint(TenantId.Default, version, 0)) is not null
        || await cluster.Disk.ReadSnapshot(LogStreams.SequenceCheckpoint(TenantId.Default, version, 1)) is not null;
}
