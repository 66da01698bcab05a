using System.Diagnostics;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;
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
    private const int Sweeps = 6, GoalShards = 16;

    private static readonly PairShape shape = PairShape.MovieLens1M;

    /// <summary>The most that the grains may add.</summary>
    private const double Most = 1.1;

    public string Name => "sweeps";

    public IReadOnlyList<int> Points { get; } = [3];

    public async Task Measure(BenchRun run)
    {
        var pairs = GeneratedPairs.Of(shape);
        foreach (int rank in new[] { 64, 128 })
        {
            var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 1, Sweeps = Sweeps };
            foreach (int workers in Environment.ProcessorCount >= 2 ? new[] { 1, 2 } : [1])
            {
                // Both keep their fastest sweep of all attempts: what disturbs a measurement only ever makes it slower.
                double alone = double.MaxValue, grains = double.MaxValue;
                await run.AddBest(async () =>
                {
                    alone = Math.Min(alone, ModelAlone(options, pairs, workers));
                    grains = Math.Min(grains, await ThroughGrains(options, pairs, GoalShards, workers));
                    return Goal.AtMost(3, Invariant($"a sweep through the grains, {GoalShards} shards, over model/ alone, both on {workers} thread{(workers > 1 ? "s" : "")}, k = {rank}, {shape.Pairs:N0} pairs"),
                        Most, grains / alone, GoalUnit.Times, Invariant($"{grains:0.000} s and {alone:0.000} s"));
                });
            }
        }
        if (!run.IsCheck)
            run.Add(await Figures(run, pairs));
    }

    private static async Task<FigureTable> Figures(BenchRun run, GeneratedPairs pairs)
    {
        var table = new FigureTable(
            Invariant($"Seconds of the fastest sweep pair, objective included; {shape.Users:N0} users, {shape.Items:N0} items, {shape.Pairs:N0} pairs with power-law activity and popularity, 1 thread"),
            "k", "model/ alone", "of the FMA peak", "grains, 1 shard", "4 shards", "16 shards");
        foreach (int rank in new[] { 16, 64, 128 })
        {
            var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 1, Sweeps = Sweeps };
            double alone = ModelAlone(options, pairs, workers: 1);
            var grains = new List<double>();
            foreach (int shards in new[] { 1, 4, 16 })
                grains.Add(await ThroughGrains(options, pairs, shards, workers: 1));
            table.Add($"{rank}", $"{alone:F3}", $"{pairs.UsefulFlops(rank) / alone / run.Limits.Peak * 100:F0} %", $"{grains[0]:F3}", $"{grains[1]:F3}", $"{grains[2]:F3}");
        }
        return table;
    }

    /// <summary>The fastest sweep, as of the grains.</summary>
    private static double ModelAlone(AlsOptions options, GeneratedPairs pairs, int workers)
    {
        double best = double.MaxValue;
        long start = Stopwatch.GetTimestamp();
        AlsTrainer.Train(options, pairs.UserIds, pairs.ItemIds, pairs.ByUser, pairs.ByItem, workers, (sweep, _) =>
        {
            // The first sweep begins with start values and untouched memory.
            if (sweep > 1)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
        });
        return best;
    }

    private static async Task<double> ThroughGrains(AlsOptions options, GeneratedPairs pairs, int shards, int workers)
    {
        await using var cluster = await LocalCluster.InMemory(new(shards, shards), workers, default);
        foreach (var shard in Events(pairs).GroupBy(e => cluster.Shards.OfUser(e.UserId)))
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

    private static IEnumerable<EventRecord> Events(GeneratedPairs pairs)
    {
        ulong key = 0;
        for (int user = 0; user < pairs.UserIds.Length; user++)
            for (int at = pairs.ByUser.Starts[user]; at < pairs.ByUser.Starts[user + 1]; at++)
                yield return new(pairs.UserIds[user], pairs.ItemIds[pairs.ByUser.Columns(user)[at - pairs.ByUser.Starts[user]]], "interaction", pairs.ByUser.AllValues[at], (long)key, null, ++key);
    }
}
