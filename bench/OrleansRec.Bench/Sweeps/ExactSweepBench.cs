using System.Diagnostics;
using System.Globalization;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;
using OrleansRec.Model;

namespace OrleansRec.Bench.Sweeps;

/// <summary>The exact sweep pair (users and items, objective included) in model/ alone, as a share of the FMA peak, on one thread and on two.</summary>
internal sealed class ExactSweepBench : IBenchSection
{
    private const int Point = 1;
    private const double TwoThreadsGoal = 1.85;

    /// <summary>Share of the peak, by rank, on each shape.</summary>
    private static readonly (int Rank, double Small, double Large)[] s_goals = [(16, 0.15, 0.12), (64, 0.40, 0.33), (128, 0.45, 0.42)];

    /// <summary>The large shape takes minutes a sweep beyond rank 128.</summary>
    private static readonly int[] s_smallRanks = [16, 32, 48, 64, 96, 128, 192, 256], s_largeRanks = [16, 32, 64, 128];

    public string Name => "exact";

    public IReadOnlyList<int> Points { get; } = [Point];

    public async Task Measure(BenchRun run)
    {
        await Measure(run, PairShape.MovieLens1M, s_smallRanks, goal => goal.Small, sweeps: 6);
        await Measure(run, PairShape.TenMillion, s_largeRanks, goal => goal.Large, sweeps: 3);
    }

    private static async Task Measure(BenchRun run, PairShape shape, int[] ranks, Func<(int Rank, double Small, double Large), double> share, int sweeps)
    {
        var pairs = GeneratedPairs.Of(shape);
        foreach (var goal in s_goals)
        {
            // Both sides of a ratio keep their fastest sweep of all attempts: what disturbs a measurement only ever makes it slower.
            double one = double.MaxValue, two = double.MaxValue;
            await run.AddBest(() =>
            {
                one = Math.Min(one, PairSeconds(pairs, goal.Rank, sweeps, workers: 1));
                return Goal.AtLeast(Point, $"exact sweep pair, k = {goal.Rank}, {shape.Name}, 1 thread: useful operations of the FMA peak", share(goal),
                    pairs.UsefulFlops(goal.Rank) / one / run.Limits.Peak, GoalUnit.Share, Seconds(one));
            });
            if (Environment.ProcessorCount >= 2)
                await run.AddBest(() =>
                {
                    one = Math.Min(one, PairSeconds(pairs, goal.Rank, sweeps, workers: 1));
                    two = Math.Min(two, PairSeconds(pairs, goal.Rank, sweeps, workers: 2));
                    return Goal.AtLeast(Point, $"exact sweep pair, k = {goal.Rank}, {shape.Name}: 2 threads over 1", TwoThreadsGoal, one / two, GoalUnit.Times, Seconds(two));
                });
        }
        if (!run.IsCheck)
            run.Add(Figures(run, pairs, shape, ranks, sweeps));
    }

    private static FigureTable Figures(BenchRun run, GeneratedPairs pairs, PairShape shape, int[] ranks, int sweeps)
    {
        var table = new FigureTable(
            $"Seconds of an exact sweep pair, objective included, model/ alone; {shape.Name}; rung {KernelRung.Single.Name}", "k", "1 thread", "of the FMA peak", "2 threads", "times 1 thread");
        foreach (int rank in ranks)
        {
            double one = PairSeconds(pairs, rank, sweeps, 1), two = PairSeconds(pairs, rank, sweeps, 2);
            table.Add($"{rank}", $"{one:F3}", $"{pairs.UsefulFlops(rank) / one / run.Limits.Peak * 100:F0} %", $"{two:F3}", $"{one / two:F2}");
        }
        return table;
    }

    /// <summary>The fastest sweep pair of a training.</summary>
    private static double PairSeconds(GeneratedPairs pairs, int rank, int sweeps, int workers)
    {
        // A short sweep is repeated for as long as others take.
        var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 2, Sweeps = rank < 64 ? sweeps * 4 : sweeps };
        double best = double.MaxValue;
        long start = 0;
        AlsTrainer.Train(options, pairs.UserIds, pairs.ItemIds, pairs.ByUser, pairs.ByItem, workers, (sweep, _) =>
        {
            // The first sweep begins with start values and untouched memory.
            if (sweep > 1)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
        });
        return best;
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms");
}
