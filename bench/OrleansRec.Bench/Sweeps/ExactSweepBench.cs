using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Kernels;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;
using OrleansRec.Model;
using static System.FormattableString;

namespace OrleansRec.Bench.Sweeps;

/// <summary>
/// The exact sweep pair (users and items, objective included) in model/ alone, on one thread and on two, in turns with the bare multiply-add loop on as many threads.
/// </summary>
internal sealed class ExactSweepBench : IBenchSection
{
    private const int Point = 1;

    /// <summary>What two threads of the sweep give over one, as a share of what two threads of the bare loop give over one.</summary>
    private const double TwoThreadsGoal = 0.95;

    private const int SmallAttempts = 9, LargeAttempts = 5;

    /// <summary>An attempt sweeps for about this long on one thread, but at least once.</summary>
    private const double AttemptSeconds = 0.4;

    /// <summary>Share of the peak, by rank, on each shape.</summary>
    private static readonly (int Rank, double Small, double Large)[] s_goals = [(16, 0.15, 0.12), (64, 0.40, 0.33), (128, 0.45, 0.42)];

    /// <summary>The large shape takes minutes a sweep beyond rank 128.</summary>
    private static readonly int[] s_smallRanks = [16, 32, 48, 64, 96, 128, 192, 256], s_largeRanks = [16, 32, 64, 128];

    public string Name => "exact";

    public IReadOnlyList<int> Points { get; } = [Point];

    public Task Measure(BenchRun run)
    {
        Measure(run, PairShape.MovieLens1M, s_smallRanks, goal => goal.Small, SmallAttempts);
        Measure(run, PairShape.TenMillion, s_largeRanks, goal => goal.Large, LargeAttempts);
        return Task.CompletedTask;
    }

    private static void Measure(BenchRun run, PairShape shape, int[] ranks, Func<(int Rank, double Small, double Large), double> share, int attempts)
    {
        var pairs = GeneratedPairs.Of(shape);
        var table = new FigureTable(
            $"Seconds of an exact sweep pair, objective included, model/ alone; {shape.Name}; rung {KernelRung.Single.Name}; median of {attempts}, least and most",
            "k", "1 thread", "of the FMA peak", "2 threads", "times 1 thread", "times 1 thread, bare loop");
        int[] goalRanks = Array.ConvertAll(s_goals, g => g.Rank);
        foreach (int rank in run.IsCheck ? goalRanks : ranks)
        {
            SweepTurn[] turns = Turns(pairs, rank, attempts);
            Attempts one = Attempts.Of(turns, t => t.One), two = Attempts.Of(turns, t => t.Two);
            Attempts shares = Attempts.Of(turns, t => pairs.UsefulFlops(rank) / t.One / t.LoopOne);
            if (Array.Find(s_goals, g => g.Rank == rank) is { Rank: > 0 } goal)
                AddGoals(run, shape, goal.Rank, share(goal), shares, turns);
            table.Add($"{rank}", $"{one.Text("F3")}", $"{shares.Times(100).Text("F0", " %")}", $"{two.Text("F3")}", $"{one.Over(two).Text("F2")}", $"{Attempts.Of(turns, t => t.LoopTwo / t.LoopOne).Text("F2")}");
        }
        if (!run.IsCheck)
            run.Add(table);
    }

    private static void AddGoals(BenchRun run, PairShape shape, int rank, double share, Attempts shares, SweepTurn[] turns)
    {
        run.Add(Goal.AtLeast(Point, $"exact sweep pair, k = {rank}, {shape.Name}, 1 thread: useful operations of the FMA peak", share, shares, GoalUnit.Share,
            Attempts.Of(turns, t => t.One * 1e3).Text("0.0", " ms")));
        if (Environment.ProcessorCount < 2)
            return;
        Attempts sweep = Attempts.Of(turns, t => t.One / t.Two), loop = Attempts.Of(turns, t => t.LoopTwo / t.LoopOne);
        run.Add(Goal.AtLeast(Point, $"exact sweep pair, k = {rank}, {shape.Name}: what 2 threads give over 1, of what they give the bare loop", TwoThreadsGoal, sweep.Over(loop), GoalUnit.Share,
            Invariant($"{sweep.Text("0.00")} and {loop.Text("0.00")} times")));
    }

    private static SweepTurn[] Turns(GeneratedPairs pairs, int rank, int attempts)
    {
        var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 2 };
        int sweeps = Math.Max(1, (int)(AttemptSeconds * ExpectedRate / pairs.UsefulFlops(rank)));
        SteppedTraining one = new(pairs, options, workers: 1, attempts * sweeps), two = new(pairs, options, workers: 2, attempts * sweeps);
        return [.. Enumerable.Range(0, attempts).Select(_ => new SweepTurn(MultiplyAddLoop.Rate(1), one.Seconds(sweeps), MultiplyAddLoop.Rate(2), two.Seconds(sweeps)))];
    }

    /// <summary>Useful operations a second, to choose the number of sweeps by; not a figure.</summary>
    private const double ExpectedRate = 50e9;

    /// <summary>One attempt: operations a second of the bare loop, and seconds of a sweep pair.</summary>
    private sealed record SweepTurn(double LoopOne, double One, double LoopTwo, double Two);
}
