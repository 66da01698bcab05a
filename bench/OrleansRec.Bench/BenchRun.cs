using System.Diagnostics;
using System.Globalization;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Kernels;
using OrleansRec.Bench.Report;
using OrleansRec.Silo.Evaluation.Report;

namespace OrleansRec.Bench;

/// <summary>What one run of the program was asked and has found.</summary>
/// <remarks>The number of attempts at a measurement is a constant of its section. No attempt is repeated, left out or preferred because of what it gave.</remarks>
internal sealed class BenchRun(BenchArguments arguments)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public BenchArguments Arguments => arguments;

    /// <summary>Only what the goals need is measured.</summary>
    public bool IsCheck => arguments.IsCheck;

    /// <summary>Multiply-add peak and read bandwidth, measured at the first call.</summary>
    public MachineLimits Limits => KnownLimits ??= MeasureLimits();

    /// <summary>The same where a section has asked for them; null where none has.</summary>
    public MachineLimits? KnownLimits { get; private set; }

    /// <summary>Threads that wanted a processor when the run began, of whatever program; it stands beside the figures and decides nothing.</summary>
    public string LoadAtStart { get; } = Load();

    /// <summary>Since the program began.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    public List<Goal> Goals { get; } = [];

    public List<FigureTable> Tables { get; } = [];

    public List<Plot> Plots { get; } = [];

    public void Add(Goal goal)
    {
        Goals.Add(goal);
        Say($"{(goal.Holds ? "  ok  " : " MISS ")} {goal.Point}. {goal.Name}: {goal.MedianText} ({goal.SpreadText}; goal {goal.WantedText})  {goal.Remark}");
    }

    public void Add(FigureTable table)
    {
        Tables.Add(table);
        ConsoleReport.Write(table);
    }

    public void Add(Plot plot) => Plots.Add(plot);

    /// <summary>Tells progress to whoever watches.</summary>
    public void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>The system's mean of the last minute; empty where it does not tell.</summary>
    private static string Load()
    {
        const string Mean = "/proc/loadavg";
        return File.Exists(Mean) ? File.ReadAllText(Mean).Split(' ')[0] : "";
    }

    private MachineLimits MeasureLimits()
    {
        var measured = MachineLimits.Measure();
        Say($"FMA peak {measured.Peak / 1e9:F0} GFLOP/s a core, read bandwidth {measured.Bandwidth / 1e9:F1} GB/s (one thread)");
        return measured;
    }
}
