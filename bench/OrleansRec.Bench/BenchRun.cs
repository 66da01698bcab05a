using System.Diagnostics;
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

    /// <summary>The same with those during which a neighbour had a processor.</summary>
    public const int DisturbedAttemptsMax = 6;

    /// <summary>Undisturbed is a machine whose threads together reach this share of the most that they reached in this run.</summary>
    private const double WholeShare = 0.93;

    /// <summary>How long a measurement waits for the machine to be undisturbed, and how often it looks.</summary>
    private static readonly TimeSpan wholeWaitMax = TimeSpan.FromSeconds(20), wholeWaitStep = TimeSpan.FromSeconds(0.5);

    private MachineLimits? limits;
    private double processors;

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

    /// <summary>
    /// Adds the best of up to <see cref="AttemptsMax"/> measurements, ending with the first that holds; the row says how many there were. One that was disturbed does not count, up
    /// to <see cref="DisturbedAttemptsMax"/> in all.
    /// </summary>
    public async Task AddBest(Func<Task<Goal>> measure)
    {
        Goal? best = null;
        int attempts = 0, disturbed = 0;
        while (best is not { Holds: true } && attempts - disturbed < AttemptsMax && attempts < DisturbedAttemptsMax)
        {
            bool isWhole = await WaitUntilWhole();
            Goal next = await measure();
            best = best is null || next.Margin > best.Margin ? next : best;
            attempts++;
            if (!isWhole || !IsWhole())
                disturbed++;
        }
        string measurements = attempts == 1 ? "" : $"(best of {attempts} measurements{(disturbed > 0 ? $", {disturbed} of them beside a neighbour's work" : "")})";
        Add(best! with { Remark = $"{best.Remark} {measurements}".Trim() });
    }

    public Task AddBest(Func<Goal> measure) => AddBest(() => Task.FromResult(measure()));

    /// <summary>Progress, for who watches.</summary>
    public void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private MachineLimits MeasureLimits()
    {
        var measured = MachineLimits.Measure();
        IsWhole();
        Say($"FMA peak {measured.Peak / 1e9:F0} GFLOP/s a core, read bandwidth {measured.Bandwidth / 1e9:F1} GB/s (one thread); {Environment.ProcessorCount} threads reach {processors:F2} times the peak of one");
        return measured;
    }

    private async Task<bool> WaitUntilWhole()
    {
        long start = Stopwatch.GetTimestamp();
        while (!IsWhole())
        {
            if (Stopwatch.GetElapsedTime(start) > wholeWaitMax)
                return false;
            await Task.Delay(wholeWaitStep);
        }
        return true;
    }

    private bool IsWhole()
    {
        // More than there are is one that was disturbed while it worked alone.
        double now = Math.Min(Environment.ProcessorCount, MachineLimits.ProcessorsNow());
        processors = Math.Max(processors, now);
        return now >= WholeShare * processors;
    }
}
