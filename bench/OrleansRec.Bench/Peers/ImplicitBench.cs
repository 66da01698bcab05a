using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;
using OrleansRec.Model;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Peers;

/// <summary>The Python package `implicit` on the same pairs in the same run, where `python3 -c 'import implicit'` works; else a row that says that it is absent.</summary>
internal sealed class ImplicitBench : IBenchSection
{
    private const int Sweeps = 4;

    private static readonly TimeSpan pythonMax = TimeSpan.FromHours(1);
    private static readonly int[] ranks = [16, 64, 128];

    public string Name => "implicit";

    public IReadOnlyList<int> Points { get; } = [];

    public async Task Measure(BenchRun run)
    {
        PairShape shape = PairShape.MovieLens1M;
        var table = new FigureTable($"Seconds of a sweep pair beside the Python package implicit, 1 thread; {shape.Name}", "k", "model/ alone, exact", "implicit, Cholesky", "implicit, 3 CG steps", "ratio to Cholesky")
        {
            Note = await Python("-c", "import implicit") is null ? "The package implicit is absent: `python3 -c 'import implicit'` fails here." : "",
        };
        if (table.Note.Length == 0)
            await Compare(table, GeneratedPairs.Of(shape), shape);
        run.Add(table);
    }

    private static async Task Compare(FigureTable table, GeneratedPairs pairs, PairShape shape)
    {
        string folder = Directory.CreateTempSubdirectory("orleansrec-implicit-").FullName;
        try
        {
            Write(folder, pairs.ByUser);
            string script = Path.Combine(AppContext.BaseDirectory, "Peers", "implicit_sweeps.py");
            foreach (int rank in ranks)
            {
                string answer = await Python(script, folder, Invariant($"{shape.Users}"), Invariant($"{shape.Items}"), Invariant($"{rank}"), Invariant($"{Sweeps}"))
                    ?? throw new InvalidOperationException($"{script} failed for k = {rank}.");
                using var json = JsonDocument.Parse(answer);
                double cholesky = json.RootElement.GetProperty("cholesky").GetDouble(), cg = json.RootElement.GetProperty("cg").GetDouble(), own = Own(pairs, rank);
                table.Add($"{rank}", $"{own:F3}", $"{cholesky:F3}", $"{cg:F3}", $"{cholesky / own:F1}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A training of many sweeps less one of a single sweep, so that start values and the first touch of memory are in neither.</summary>
    private static double Own(GeneratedPairs pairs, int rank)
    {
        double one = Seconds(1), many = Seconds(1 + Sweeps);
        return (many - one) / Sweeps;

        double Seconds(int sweeps)
        {
            var options = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 1, Sweeps = sweeps };
            long start = Stopwatch.GetTimestamp();
            AlsTrainer.Train(options, pairs.UserIds, pairs.ItemIds, pairs.ByUser, pairs.ByItem);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static void Write(string folder, InteractionRows rows)
    {
        var columns = new List<int>(rows.PairCount);
        var values = new List<float>(rows.PairCount);
        int[] starts = new int[rows.RowCount + 1];
        for (int row = 0; row < rows.RowCount; row++)
        {
            columns.AddRange(rows.Columns(row));
            values.AddRange(rows.Values(row));
            starts[row + 1] = columns.Count;
        }
        File.WriteAllBytes(Path.Combine(folder, "starts.i4"), MemoryMarshal.AsBytes<int>(starts));
        File.WriteAllBytes(Path.Combine(folder, "columns.i4"), MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(columns)));
        File.WriteAllBytes(Path.Combine(folder, "values.f4"), MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)));
    }

    /// <summary>What it printed, or null where there is no python3 or it failed.</summary>
    private static async Task<string?> Python(params string[] arguments)
    {
        try
        {
            ProgramEnd end = await ProgramEnd.Of(new("python3", arguments), pythonMax);
            return end.Code == 0 ? end.Output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
