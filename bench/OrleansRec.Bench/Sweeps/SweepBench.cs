using System.Diagnostics;
using System.Globalization;
using OrleansRec.Bench.Kernels;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Bench.Sweeps;

/// <summary>
/// Seconds of a sweep pair (users and items) on generated data of MovieLens 1M's shape and skew: in model/ alone on one thread as a fraction of the multiply-add
/// peak, and through the grains with 1, 4 and 16 shards beside model/ on the same number of threads.
/// </summary>
internal static class SweepBench
{
    private const int Users = 6_040, Items = 3_706, Pairs = 1_000_209, Sweeps = 3;

    public static async Task<int> Run()
    {
        double peak = MachineLimits.MultiplyAddPeak();
        Console.WriteLine($"{Users:N0} users, {Items:N0} items, {Pairs:N0} pairs; rung {KernelRung.Single.Name}, peak {peak / 1e9:F0} GFLOP/s a core; seconds of the fastest sweep pair");
        var pairs = Generate();
        var (userIds, itemIds, byUser, byItem) = Lay(pairs);
        foreach (int rank in new[] { 16, 64, 128 })
        {
            var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 1, Sweeps = Sweeps };
            double alone = ModelAlone(options, userIds, itemIds, byUser, byItem);
            double useful = 2.0 * byUser.PairCount * rank * rank + (double)(byUser.RowCount + byItem.RowCount) * (Math.Pow(rank, 3) / 3 + 3.0 * rank * rank);
            Console.WriteLine(Text($"k={rank,-4} model/ alone, 1 thread      {alone,7:F3} s   {useful / alone / peak,6:P1} of peak"));
            foreach (int shards in new[] { 1, 4, 16 })
            {
                double grains = await ThroughGrains(options, pairs, shards);
                Console.WriteLine(Text($"k={rank,-4} grains, {shards,2} shards, 1 worker  {grains,7:F3} s   {grains / alone,6:F2} times model/ alone"));
            }
        }
        return 0;
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
                await cluster.Grains.GetGrain<IUserShardGrain>(ShardKeys.Of(shard.Key)).Append(batch);
        var coordinator = cluster.Grains.GetGrain<ITrainingCoordinatorGrain>(ShardKeys.Coordinator);
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

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
