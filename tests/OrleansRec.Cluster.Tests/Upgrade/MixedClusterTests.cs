using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Cluster.Tests.Processes;
using OrleansRec.Contracts;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Upgrade;

/// <summary>
/// Goal: while silos are upgraded one after the other, the old and the new serve together. Method: one silo of today's build and one whose contracts lack the fields
/// that came to the training plan, the shard's report and the training's status; events, lists, explanations and trainings through both, and again
/// after the coordinator's silo has left, by which the coordinator moves to the other, and come back.
/// </summary>
public sealed class MixedClusterTests(ITestOutputHelper output)
{
    private const int Older = 0;
    private const int Today = 1;
    private const int UserCount = 120;
    private const int ItemCount = 60;
    private const int K = 10;

    private static readonly TimeSpan trainingTimeout = TimeSpan.FromSeconds(60);

    private static readonly ShardMap shards = new(16, 12);

    // Few users are enough to hold some out, and no version is refused for its quality. Shards that were placed before both silos knew each other are soon at home.
    private static readonly Dictionary<string, string> settings = new()
    {
        ["Training__QualityGate__ShareMax"] = "0.5", ["Training__QualityGate__UsersMin"] = "5", ["Training__QualityGate__Tolerance"] = "1",
        ["Cluster__MovePeriod"] = "00:00:00.200",
    };

    private readonly KnownUser[] users = [.. Enumerable.Range(0, UserCount).Select(n => new KnownUser($"user {n}"))];
    private readonly List<string> wrong = [];

    [Fact]
    public async Task Serve_WithAnOlderAndATodaysSilo_AnswersThroughBothAndTrainsOnEither()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        using var older = new OlderProduct();
        await using ProcessCluster cluster = await ProcessCluster.Start([older.Program, ProductProcess.BuiltProgram], shards, settings);
        try
        {
            using (RecommenderClient client = cluster.Client())
                await client.PutItemsAsync([.. Enumerable.Range(0, ItemCount).Select(n => new ItemInput { ItemId = $"item {n}", Title = $"Item {n}", Categories = [$"kind {n % 3}"] })]);
            await Record(cluster, round: 0);
            await CheckPlaces(cluster);
            int first = await Train(cluster);
            await Serve(cluster, round: 1);

            // The coordinator moves to the other, which reads what the first has stored.
            await cluster.Stop(first);
            using (RecommenderClient client = cluster.Client(1 - first))
                Assert.Equal(1 - first, cluster.IndexOf((await client.GetStatusAsync()).TrainingSilo!));
            await cluster.StartAgain(first);
            // With the first back, shards and coordinator may be on either again.
            await Train(cluster);
            await Serve(cluster, round: 2);
            foreach (KnownUser user in users)
                using (RecommenderClient client = cluster.Client(Older))
                    wrong.AddRange(user.Exported(await client.ExportUserAsync(user.Id)));
            Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{cluster.Output}", e);
        }
    }

    /// <summary>Either silo has shards of both sides, and both tell where each is: a field that the two know.</summary>
    private static async Task CheckPlaces(ProcessCluster cluster)
    {
        await cluster.AtHome();
        foreach (int silo in new[] { Older, Today })
        {
            using RecommenderClient client = cluster.Client(silo);
            ServerStatus status = await client.GetStatusAsync();
            Assert.Equal([Older, Today], status.UserShards.Select(s => cluster.IndexOf(s.Silo!)).Distinct().Order());
            Assert.Equal([Older, Today], status.ItemShards.Select(s => cluster.IndexOf(s.Silo!)).Distinct().Order());
        }
    }

    /// <summary>Trains twice, the second time in comparison with the first; returns where the coordinator was.</summary>
    private async Task<int> Train(ProcessCluster cluster)
    {
        using RecommenderClient older = cluster.Client(Older), today = cluster.Client(Today);
        foreach (RecommenderClient client in new[] { older, today })
        {
            TrainingStartedAnswer started = await client.StartTrainingAsync(new() { Rank = 8, Sweeps = 3 });
            Assert.True(started.Started);
            using var timeout = new CancellationTokenSource(trainingTimeout);
            TrainingInfo end;
            while (!(end = await client.GetTrainingAsync(timeout.Token)).IsOver)
                await Task.Delay(20, timeout.Token);
            Assert.True(end.Phase == "done", $"{end.Phase}: {end.Reason}");
            Assert.Equal((started.Version, UserCount, ItemCount), (end.Version, (int)end.Users, (int)end.Items));
        }

        // Trainings go on while shards and coordinator are on their way home, as after a silo came back. Where the coordinator is, is looked at when they are there.
        await cluster.AtHome();
        // The coordinator's silo is a field that one of them does not know: its own silo tells, and the other one reads the default or does not read it.
        ServerStatus[] seen = [await older.GetStatusAsync(), await today.GetStatusAsync()];
        int at = cluster.IndexOf(Assert.Single(seen, s => s.TrainingSilo is not null).TrainingSilo!);
        Assert.NotNull(seen[at].TrainingSilo);
        // So is the quality. Each side holds out as far as the plan that it read says so; the version is published on what the coordinator then knows.
        TrainingInfo[] training = [await older.GetTrainingAsync(), await today.GetTrainingAsync()];
        Assert.Null(training[1 - at].Quality);
        Assert.Equal(training[at].Losses, training[1 - at].Losses);
        foreach (ServerStatus status in seen)
            Assert.Equal((UserCount, ItemCount), ((int)status.Users, (int)status.CatalogueItems));
        output.WriteLine($"Coordinator on the {(at == Older ? "older" : "today's")} silo: model {training[at].Version}, compared on {training[at].Quality?.Users ?? 0} users; "
            + $"{seen[at].UserShards.Count(s => cluster.IndexOf(s.Silo!) == Older)} of {shards.UserShards} user shards on the older");
        return at;
    }

    /// <summary>Events, then every user's list and its first item's explanation through either silo.</summary>
    private async Task Serve(ProcessCluster cluster, int round)
    {
        await Record(cluster, round);
        using RecommenderClient older = cluster.Client(Older), today = cluster.Client(Today);
        long version = (await today.ListModelsAsync()).Current;
        Assert.Equal(version, (await older.ListModelsAsync()).Current);
        foreach (KnownUser user in users)
        {
            // A silo may still answer from the version before for a moment, and a user may be on its way home from one silo to the other.
            RecommendationAnswer[] lists = [];
            ExplanationAnswer?[] explained = [];
            await SiloCluster.Until($"both silos answer from version {version} for {user.Id}", async () =>
            {
                lists = [await older.RecommendAsync(user.Id, new() { K = K }), await today.RecommendAsync(user.Id, new() { K = K })];
                explained = [await older.ExplainAsync(user.Id, lists[1].Items[0].ItemId), await today.ExplainAsync(user.Id, lists[0].Items[0].ItemId)];
                return lists.All(l => l.ModelVersion >= version) && explained.All(e => e?.ModelVersion >= version);
            });
            foreach (RecommendationAnswer list in lists)
            {
                wrong.AddRange(user.Listed(list));
                Assert.Equal((K, RecommendationSource.Personal), (list.Items.Length, list.Items[0].Source));
            }
            Assert.Equal(lists[0].Items, lists[1].Items);
            Assert.Equal((lists[0].ModelVersion, lists[0].HistoryVersion), (explained[0]!.ModelVersion, explained[0]!.HistoryVersion));
            Assert.Equal(explained[0]!.Contributions, explained[1]!.Contributions);
            wrong.AddRange(user.Explained(lists[0], lists[0].Items[0], explained[0]));
        }
    }

    /// <summary>Some events of every user, of half of them through each silo. Users prefer a third of the items.</summary>
    private async Task Record(ProcessCluster cluster, int round)
    {
        using RecommenderClient older = cluster.Client(Older), today = cluster.Client(Today);
        for (int n = 0; n < users.Length; n++)
        {
            EventInput[] events = [.. Enumerable.Range(0, 6).Select(e => new EventInput
            {
                EventId = $"{round}-{e}-{users[n].Id}", UserId = users[n].Id, ItemId = $"item {(n % 3 + 3 * (n * 7 + e * 5 + round * 11)) % ItemCount}", Type = "view",
            })];
            wrong.AddRange(users[n].Recorded(events, await (n % 2 == 0 ? older : today).RecordEventsAsync(events)));
        }
    }
}
