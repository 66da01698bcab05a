using System.Diagnostics;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Silo.Hosting;
using static System.FormattableString;

namespace OrleansRec.Bench.Sweeps;

/// <summary>
/// Seconds of a sweep pair (users and items) on generated data of MovieLens 1M's shape and skew: in model/ alone on one thread as a fraction of the multiply-add
/// peak, and through the grains with 1, 4 and 16 shards beside model/ on the same number of threads.
/// </summary>
internal sealed class SweepBench : IBenchSection
{
    private const int Users = 6_040, Items = 3_706, Pairs = 1_000_209, Sweeps = 3, GoalShards = 16;

    /// <summary>The most that the grains may add.</summary>
    private const double Most = 1.1;

    public string Name => "sweeps";

    public IReadOnlyList<int> Points { get; } = [3];

    public async Task Measure(BenchRun run)
    {
        var pairs = Generate();
        var (userIds, itemIds, byUser, byItem) = Lay(pairs);
        foreach (int rank in new[] { 64, 128 })
        {
            var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 1, Sweeps = Sweeps };
            await run.AddBest(async () =>
            {
                double alone = ModelAlone(options, userIds, itemIds, byUser, byItem);
                double grains = await ThroughGrains(options, pairs, GoalShards);
                return Goal.AtMost(3, Invariant($"a sweep through the grains, {GoalShards} shards, 1 thread, over model/ alone, k = {rank}, {Pairs:N0} pairs"),
                    Most, grains / alone, GoalUnit.Times, Invariant($"{grains:0.000} s and {alone:0.000} s"));
            });
        }
        if (!run.IsCheck)
            run.Add(await Figures(run, pairs, userIds, itemIds, byUser, byItem));
    }

    private static async Task<FigureTable> Figures(
        BenchRun run, List<(int User, int Item, float Value)> pairs, string[] userIds, string[] itemIds, InteractionRows byUser, InteractionRows byItem)
    {
        var table = new FigureTable(
            Invariant($"Seconds of the fastest sweep pair, objective included; {Users:N0} users, {Items:N0} items, {Pairs:N0} pairs with power-law activity and popularity, 1 thread"),
            "k", "model/ alone", "of the FMA peak", "grains, 1 shard", "4 shards", "16 shards");
        foreach (int rank in new[] { 16, 64, 128 })
        {
            var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 1, Sweeps = Sweeps };
            double alone = ModelAlone(options, userIds, itemIds, byUser, byItem);
            double useful = 2.0 * byUser.PairCount * rank * rank + (double)(byUser.RowCount + byItem.RowCount) * (Math.Pow(rank, 3) / 3 + 3.0 * rank * rank);
            var grains = new List<double>();
            foreach (int shards in new[] { 1, 4, 16 })
                grains.Add(await ThroughGrains(options, pairs, shards));
            table.Add($"{rank}", $"{alone:F3}", $"{useful / alone / run.Limits.Peak * 100:F0} %", $"{grains[0]:F3}", $"{grains[1]:F3}", $"{grains[2]:F3}");
        }
        return table;
    }

    private static double ModelAlone(AlsOptions options, string[] userIds, string[] itemIds, InteractionRows byUser, InteractionRows byItem)
    {
        double best = double.MaxValue;
        for (int run = 0; run < 2; run++)
        {
            long start = Stopwatch.GetTimestamp();
            AlsTrainer.Train(options, userIds, itemIds, byUser, byItem);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / options.Sweeps);
        }
        return best;
    }

    private static async Task<double> ThroughGrains(AlsOptions options, List<(int User, int Item, float Value)> pairs, int shards)
    {
        await using var cluster = await LocalCluster.InMemory(new(shards, shards), 1, default);
        foreach (var shard in pairs.Select((p, n) => new EventRecord($"u{p.User}", $"i{p.Item}", "interaction", p.Value, n, null, (ulong)n + 1)).GroupBy(e => cluster.Shards.OfUser(e.UserId)))
            foreach (EventRecord[] batch in shard.Chunk(20_000))
                await cluster.Grains.UserShard(shard.Key).Append(batch);
        var coordinator = cluster.Grains.Coordinator;
        await coordinator.Start(TrainingPlan.From(options, []));
        TrainingStatus status;
        do
        {
            await Task.Delay(20);
            status = await coordinator.GetStatus();
        }
        while (!status.IsOver);
        return status.Phase == TrainingPhase.Done ? status.SweepSeconds.Min() : throw new InvalidOperationException(status.Reason);
    }

    /// <summary>Distinct pairs; activity and popularity follow power laws as in MovieLens 1M, where the most active tenth of users holds two fifths of the pairs.</summary>
    private static List<(int User, int Item, float Value)> Generate()
    {
        var random = new Random(1);
        var seen = new HashSet<(int, int)>();
        var pairs = new List<(int, int, float)>(Pairs);
        while (pairs.Count < Pairs)
        {
            int user = (int)(Users * Math.Pow(random.NextDouble(), 1.9)), item = (int)(Items * Math.Pow(random.NextDouble(), 2.2));
            if (seen.Add((user, item)))
                pairs.Add((user, item, random.Next(1, 6)));
        }
        return pairs;
    }

    private static (string[] UserIds, string[] ItemIds, InteractionRows ByUser, InteractionRows ByItem) Lay(List<(int User, int Item, float Value)> pairs)
    {
        var builder = new PairBlock.Builder();
        foreach (var user in pairs.GroupBy(p => $"u{p.User}").OrderBy(g => RowKey.Of(g.Key)))
            builder.Add(user.Key, [.. user.Select(p => p.Item)], [.. user.Select(p => p.Value)]);
        PairBlock block = builder.Build(Items, item => $"i{item}");
        return (block.UserIds, block.ItemIds, block.ByUser, block.ByItem());
    }
}
