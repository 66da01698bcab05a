using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Kernels;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;
using OrleansRec.Model;
using static System.FormattableString;

namespace OrleansRec.Bench.Quality;

/// <summary>
/// Seconds until a training is as good as the exact solver's converged one: its objective within 0.1 % of that one's, and its NDCG@10 on held-out pairs within 0.5 %, for
/// every solver from the same start, on all cores. Solvers sweep in turns.
/// </summary>
/// <remarks>
/// λ of the large set is the one of 10, 30, 60, 100, 200 and 400 with the best NDCG@10 at k = 64 after ten sweeps (0.080, 0.080, 0.083, 0.087, 0.093, 0.024). The converged objective is found by the shortest way:
/// conjugate gradient with tight steps, whose every sweep changes the objective by less, until what is left by the ratio of the last two changes is <see cref="LeftMax"/> of it; that is taken off.
/// So the line lies where it is within a tenth of its own height, for one solver as for another. The objective is computed between sweeps, off the clock.
/// </remarks>
internal sealed class QualityBench : IBenchSection
{
    private const double ObjectiveWithin = 0.001, NdcgWithin = 0.005, LeftMax = 1e-4, Wanted = 2;

    /// <summary>What the exact solver reaches of the peak where it is compared with: as in point 1 at k = 128.</summary>
    private const double ExactShareWanted = 0.42;

    /// <summary>Sweeps after which a solver that has not passed a line is given up.</summary>
    private const int SweepsMax = 40;

    private const int HeldOutUsers = 5_000;

    private static readonly int Threads = Environment.ProcessorCount;

    private static readonly (string Name, RowSolver Solver)[] Solvers =
        [("exact", RowSolver.Cholesky), ("conjugate gradient", RowSolver.ConjugateGradient), ("iALS++", RowSolver.Subspace), ("auto", RowSolver.Auto)];

    public string Name => "quality";

    public IReadOnlyList<int> Points { get; } = [2];

    public Task Measure(BenchRun run)
    {
        var large = GeneratedPairs.Of(PairShape.TenMillion, HeldOutUsers);
        int only = run.Arguments.Number("--rank", 0);
        foreach (int rank in only > 0 ? new[] { only } : run.IsCheck ? [128, 256] : [64, 128, 256])
            Measure(run, PairShape.TenMillion, large, rank);
        if (!run.IsCheck && only == 0)
            Measure(run, PairShape.MovieLens1M, GeneratedPairs.Of(PairShape.MovieLens1M, HeldOutUsers / 5), 64);
        return Task.CompletedTask;
    }

    private static void Measure(BenchRun run, PairShape shape, GeneratedPairs data, int rank)
    {
        var options = new AlsOptions { Rank = rank, Lambda = shape == PairShape.TenMillion ? 200 : 30, Alpha = 1 };
        var (objective, ndcg) = Converged(data, options, run.IsCheck);
        run.Say($"k={rank} {shape.Name}: converged objective {objective:F0}, NDCG@10 {ndcg:F4}");
        SolverRun[] runs = [.. Solvers
            // At these ranks `auto` is conjugate gradient in every row.
            .Where(s => !run.IsCheck || s.Solver is RowSolver.Cholesky or RowSolver.Auto)
            .Select(s => new SolverRun(s.Name, new(data, options with { Solver = s.Solver }, Threads), objective * (1 + ObjectiveWithin), run.IsCheck ? 0 : ndcg * (1 - NdcgWithin)))];
        var loops = new List<double>();
        for (int sweep = 0; sweep < SweepsMax && runs.Any(r => !r.HasPassed); sweep++)
        {
            loops.Add(MultiplyAddLoop.Rate(Threads));
            foreach (SolverRun each in runs.Where(r => !r.HasPassed))
                each.Sweep();
        }
        foreach (SolverRun each in runs)
            run.Say($"k={rank} {each.Name}: objective after {Text(each.SecondsTo(each.ObjectiveSweeps))} s and {each.ObjectiveSweeps} sweeps, {each.SweepSeconds.Text("F2", " s")} a sweep");
        if (shape == PairShape.TenMillion && rank >= 128)
            AddGoals(run, shape, data, rank, runs, loops);
        if (run.IsCheck)
            return;
        var table = new FigureTable(
            Invariant($"Seconds to the quality of the converged exact model, {shape.Name}, k = {rank}, λ = {options.Lambda}, {Threads} threads"),
            "solver", "objective within 0.1 %", "sweeps", "NDCG@10 within 0.5 %", "seconds a sweep, least and most");
        foreach (SolverRun each in runs)
            table.Add($"{each.Name}", $"{Text(each.SecondsTo(each.ObjectiveSweeps))}", $"{each.ObjectiveSweeps}", $"{Text(each.SecondsTo(each.NdcgSweeps))}", $"{each.SweepSeconds.Text("F2")}");
        run.Add(table);
    }

    /// <summary>
    /// The sweeps of both solvers, made in turns, are the attempts: their number until the objective is reached is a property of the solvers, their time is measured.
    /// </summary>
    private static void AddGoals(BenchRun run, PairShape shape, GeneratedPairs data, int rank, SolverRun[] runs, List<double> loops)
    {
        SolverRun exact = runs[0], best = runs.Skip(1).MinBy(r => r.SecondsTo(r.ObjectiveSweeps))!;
        Attempts shares = new([.. exact.SweepSeconds.Values.Zip(loops, (seconds, loop) => data.UsefulFlops(rank) / seconds / loop)]);
        run.Add(Goal.AtLeast(2, Invariant($"the exact solver of that comparison, useful operations of the FMA peak of {Threads} threads, k = {rank}"),
            ExactShareWanted, shares, GoalUnit.Share, $"{exact.SweepSeconds.Text("F2", " s")} a sweep"));
        int both = Math.Min(exact.SweepSeconds.Count, best.SweepSeconds.Count);
        Attempts ratios = exact.SweepSeconds.First(both).Over(best.SweepSeconds.First(both)).Times((double)exact.ObjectiveSweeps / best.ObjectiveSweeps);
        run.Add(Goal.AtLeast(2, Invariant($"time to an objective within 0.1 % of the converged exact one, exact over the best option, k = {rank}, {shape.Pairs:N0} pairs, {Threads} threads"),
            Wanted, ratios, GoalUnit.Times,
            Invariant($"exact {exact.SecondsTo(exact.ObjectiveSweeps):F1} s ({exact.ObjectiveSweeps} sweeps), {best.Name} {best.SecondsTo(best.ObjectiveSweeps):F1} s ({best.ObjectiveSweeps} sweeps); sweeps in turns")));
    }

    /// <summary>The objective that sweeps tend to; and where lists are asked for, NDCG@10 after one more sweep, an exact one.</summary>
    private static (double Objective, double Ndcg) Converged(GeneratedPairs data, AlsOptions options, bool objectiveOnly)
    {
        var training = new TimedTraining(data, options with { Solver = RowSolver.ConjugateGradient, ConjugateGradientSteps = 8, ConjugateGradientTolerance = 1e-4 }, Threads);
        training.Sweep();
        double last = training.Objective(), change = double.PositiveInfinity, left = double.PositiveInfinity;
        while (left > LeftMax * last && training.Sweeps < 3 * SweepsMax)
        {
            training.Sweep();
            double now = training.Objective(), ratio = (last - now) / change;
            (last, change) = (now, last - now);
            // Changes in a geometric series add up to this. Before they are one, and at the end, where they are rounding, there is nothing to say.
            left = ratio is > 0 and < 1 ? change * ratio / (1 - ratio) : change <= 0 ? 0 : double.PositiveInfinity;
        }
        if (double.IsInfinity(left))
            throw new InvalidOperationException($"The objective does not settle within {3 * SweepsMax} sweeps.");
        if (objectiveOnly)
            return (last - left, 0);
        training.Options = options with { Solver = RowSolver.Cholesky };
        training.Sweep();
        return (last - left, training.Ndcg());
    }

    private static string Text(double seconds) => double.IsInfinity(seconds) ? "not reached" : Invariant($"{seconds:F1}");
}
