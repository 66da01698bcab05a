using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Silo.Hosting;
using static System.FormattableString;

namespace OrleansRec.Bench.Sweeps;

/// <summary>
/// Seconds of a sweep pair (users and items) through the grains of a silo, in turns with model/ alone on the same pairs and as many threads: generated data of
/// MovieLens 1M's shape and skew.
/// </summary>
internal sealed class SweepBench : IBenchSection
{
    private const int GoalShards = 16;

    private const int GoalAttempts = 5, FigureAttempts = 3;

    /// <summary>Sweeps of an attempt whose mean counts, after one that begins with start values and untouched memory.</summary>
    private const int Sweeps = 5;

    /// <summary>The most that the grains may add.</summary>
    private const double Most = 1.1;

    private static readonly PairShape shape = PairShape.MovieLens1M;

    public string Name => "sweeps";

    public IReadOnlyList<int> Points { get; } = [3];

    public async Task Measure(BenchRun run)
    {
        var pairs = GeneratedPairs.Of(shape);
        foreach (int workers in Environment.ProcessorCount >= 2 ? new[] { 1, 2 } : [1])
        {
            await using LocalCluster cluster = await Filled(pairs, GoalShards, workers);
            foreach (int rank in new[] { 64, 128 })
            {
                var (alone, grains) = await Turns(cluster, pairs, rank, workers, GoalAttempts);
                run.Add(Goal.AtMost(3, Invariant($"a sweep through the grains, {GoalShards} shards, over model/ alone, both on {workers} thread{(workers > 1 ? "s" : "")}, k = {rank}, {shape.Pairs:N0} pairs"),
                    Most, grains.Over(alone), GoalUnit.Times, Invariant($"{grains.Text("0.000", " s")} and {alone.Text("0.000", " s")}")));
            }
        }
        if (!run.IsCheck)
            run.Add(await Figures(pairs));
    }

    private static async Task<FigureTable> Figures(GeneratedPairs pairs)
    {
        var table = new FigureTable(
            Invariant($"Seconds of a sweep pair, objective included; {shape.Users:N0} users, {shape.Items:N0} items, {shape.Pairs:N0} pairs with power-law activity and popularity, 1 thread; median of {FigureAttempts}, least and most"),
            "k", "shards", "grains", "model/ alone", "times");
        foreach (int shards in new[] { 1, 4, 16 })
        {
            await using LocalCluster cluster = await Filled(pairs, shards, workers: 1);
            foreach (int rank in new[] { 16, 64, 128 })
            {
                var (alone, grains) = await Turns(cluster, pairs, rank, workers: 1, FigureAttempts);
                table.Add($"{rank}", $"{shards}", $"{grains.Text("F3")}", $"{alone.Text("F3")}", $"{grains.Over(alone).Text("F2")}");
            }
        }
        return table;
    }

    /// <summary>Mean seconds of a sweep of either, attempt by attempt. The cluster trains once before, unmeasured.</summary>
    private static async Task<(Attempts Alone, Attempts Grains)> Turns(LocalCluster cluster, GeneratedPairs pairs, int rank, int workers, int attempts)
    {
        var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 1, Sweeps = 1 + Sweeps };
        var training = new SteppedTraining(pairs, options, workers, attempts * Sweeps);
        await ThroughGrains(cluster, options);
        double[] alone = new double[attempts], grains = new double[attempts];
        for (int attempt = 0; attempt < attempts; attempt++)
            (alone[attempt], grains[attempt]) = (training.Seconds(Sweeps), await ThroughGrains(cluster, options));
        return (new(alone), new(grains));
    }

    private static async Task<double> ThroughGrains(LocalCluster cluster, AlsOptions options)
    {
        var coordinator = cluster.Grains.Coordinator;
        await coordinator.Start(TrainingPlan.From(options, []));
        TrainingStatus status;
        do
        {
            await Task.Delay(20);
            status = await coordinator.GetStatus();
        }
        while (!status.IsOver);
        return status.Phase == TrainingPhase.Done ? status.SweepSeconds.Skip(1).Average() : throw new InvalidOperationException(status.Reason);
    }

    private static async Task<LocalCluster> Filled(GeneratedPairs pairs, int shards, int workers)
    {
        LocalCluster cluster = await LocalCluster.InMemory(new(shards, shards), workers, default);
        foreach (var shard in Events(pairs).GroupBy(e => cluster.Shards.OfUser(e.UserId)))
            foreach (EventRecord[] batch in shard.Chunk(20_000))
                await cluster.Grains.UserShard(shard.Key).Append(batch);
        return cluster;
    }

    private static IEnumerable<EventRecord> Events(GeneratedPairs pairs)
    {
        ulong key = 0;
        for (int user = 0; user < pairs.UserIds.Length; user++)
            for (int at = pairs.ByUser.Starts[user]; at < pairs.ByUser.Starts[user + 1]; at++)
                yield return new(pairs.UserIds[user], pairs.ItemIds[pairs.ByUser.Columns(user)[at - pairs.ByUser.Starts[user]]], "interaction", pairs.ByUser.AllValues[at], (long)key, null, ++key);
    }
}
