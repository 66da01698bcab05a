using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;
using OrleansRec.Silo.Evaluation.Report;
using static System.FormattableString;

namespace OrleansRec.Bench.Memory;

/// <summary>
/// Memory and time as the history grows. The goal is the peak resident memory of one fresh server process that takes in the whole history, trains twice, so that a
/// second version is made while the first is published, and answers with lists. Arguments: <c>--events N</c>, the largest history.
/// </summary>
internal sealed class MemoryBench : IBenchSection
{
    private const double GoalMegabytes = 850;
    private const int Sweeps = 2;

    private const int LargestAttempts = 3;

    public string Name => "memory";

    public IReadOnlyList<int> Points { get; } = [6];

    public async Task Measure(BenchRun run)
    {
        int most = run.Arguments.Number("--events", HistoryShape.TenMillion.Events);
        int[] smaller = run.IsCheck ? [] : [.. new[] { most / 100, most / 10 }.Where(n => n >= 10_000)];
        var lives = new List<ServerLife>();
        foreach (int events in smaller)
            lives.AddRange(await Lives(run, events, 1));
        List<ServerLife> largest = await Lives(run, most, LargestAttempts);
        ServerLife median = largest.OrderBy(l => l.PeakMegabytes).ElementAt(LargestAttempts / 2);
        lives.Add(median);
        // The goal is of the whole shape; a smaller history says nothing of it.
        if (most >= HistoryShape.TenMillion.Events)
            run.Add(Goal.AtMost(6,
                Invariant($"peak resident memory of a fresh server that imports, trains twice and serves, {median.Shape.Events:N0} interactions, {median.Shape.Users:N0} users, {median.Shape.Items:N0} items, k = 64"),
                GoalMegabytes, Attempts.Of(largest, l => l.PeakMegabytes), GoalUnit.Megabytes,
                Invariant($"{median.StartMegabytes:N0} MB when it starts, {median.ImportedMegabytes:N0} after the import, {median.TrainedMegabytes:N0} after the first training")));
        if (run.IsCheck)
            return;
        run.Add(Growth(lives));
        if (lives.Count < 2)
            return;
        run.Add(new Plot("memory", "Peak resident memory of a server", "interactions", "MB",
            [new PlotLine("import, two trainings, lists", [.. lives.Select(l => ((double)l.Shape.Events, l.PeakMegabytes))])], IsLogX: true));
        run.Add(new Plot("growth", "Seconds", "interactions", "s",
        [
            new PlotLine("import over HTTP", [.. lives.Select(l => ((double)l.Shape.Events, l.ImportSeconds))]),
            new PlotLine(Invariant($"training, {Sweeps} sweeps"), [.. lives.Select(l => ((double)l.Shape.Events, l.TrainSeconds))]),
            new PlotLine("restart to the first list", [.. lives.Select(l => ((double)l.Shape.Events, l.RestartSeconds))]),
        ], IsLogX: true, IsLogY: true));
    }

    /// <summary>Servers one after another that take in the same history, each from an empty folder.</summary>
    private static async Task<List<ServerLife>> Lives(BenchRun run, int events, int attempts)
    {
        string folder = Directory.CreateTempSubdirectory("orleansrec-memory-").FullName;
        try
        {
            HistoryShape shape = HistoryShape.OfEvents(events);
            string file = Path.Combine(folder, "events.csv");
            HistoryCsv.Write(file, shape);
            var lives = new List<ServerLife>();
            for (int attempt = 0; attempt < attempts; attempt++)
            {
                ServerLife life = await ServerLife.Measure(shape, file, Path.Combine(folder, Invariant($"data-{attempt}")), Sweeps, restarts: !run.IsCheck);
                run.Say($"{events:N0} interactions: {life.PeakMegabytes:N0} MB at most, import {life.ImportSeconds:0.0} s, training {life.TrainSeconds:0.0} s");
                lives.Add(life);
            }
            return lives;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static FigureTable Growth(List<ServerLife> lives)
    {
        var table = new FigureTable("Growth", "interactions", "users", "items", "peak MB", "bytes an interaction", "import over HTTP, s", "training, s", "restart, s")
        {
            Note = Invariant($"One server process for each line; training is {Sweeps} sweeps with k = 64. Bytes an interaction: what the server holds after the import beyond what it holds when it starts, users and items included."),
        };
        foreach (ServerLife l in lives)
            table.Add($"{l.Shape.Events:N0}", $"{l.Shape.Users:N0}", $"{l.Shape.Items:N0}", $"{l.PeakMegabytes:N0}",
                $"{(l.ImportedMegabytes - l.StartMegabytes) * 1e6 / l.Shape.Events:N0}", $"{l.ImportSeconds:0.0}", $"{l.TrainSeconds:0.0}", $"{l.RestartSeconds:0.00}");
        return table;
    }
}
