using System.Globalization;
using System.Text;
using OrleansRec.Bench.Goals;
using OrleansRec.Model;

namespace OrleansRec.Bench.Report;

/// <summary>Writes table.md, in the form that docs/PERFORMANCE.md carries, and the plots beside it.</summary>
internal static class MarkdownReport
{
    public static void Write(BenchRun run)
    {
        Directory.CreateDirectory(run.Arguments.Out);
        string path = Path.Combine(run.Arguments.Out, "table.md");
        File.WriteAllText(path, Text(run));
        foreach (Plot plot in run.Plots)
            File.WriteAllText(Path.Combine(run.Arguments.Out, plot.FileName), SvgPlot.Draw(plot));
        Console.WriteLine($"written to {path}{(run.Plots.Count > 0 ? $", with {run.Plots.Count} plots" : "")}");
    }

    private static string Text(BenchRun run)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, {Machine()}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}. FMA peak {run.Limits.Peak / 1e9:F0} GFLOP/s a core, read bandwidth {run.Limits.Bandwidth / 1e9:F1} GB/s (one thread); kernel rung {KernelRung.Single.Name}.");
        text.AppendLine();
        if (run.Goals.Count > 0)
            Append(text, ["", "what", "goal", "measured", "holds", "remark"], run.Goals.OrderBy(g => g.Point).Select(Row));
        foreach (FigureTable table in run.Tables)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"**{table.Title}**").AppendLine();
            Append(text, table.Columns, table.Rows);
            if (table.Note.Length > 0)
                text.AppendLine(table.Note).AppendLine();
        }
        foreach (Plot plot in run.Plots)
            text.AppendLine(CultureInfo.InvariantCulture, $"![{plot.Title}]({plot.FileName})").AppendLine();
        return text.ToString();
    }

    private static string[] Row(Goal goal) =>
        [goal.Point.ToString(CultureInfo.InvariantCulture), goal.Name, goal.WantedText, goal.MeasuredText, goal.Holds ? "yes" : "**no**", goal.Remark];

    private static void Append(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        text.AppendLine(Line(columns)).AppendLine(Line([.. columns.Select(_ => "---")]));
        foreach (IReadOnlyList<string> row in rows)
            text.AppendLine(Line(row));
        text.AppendLine();
    }

    private static string Line(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |";

    /// <summary>The processor's name where the system tells it.</summary>
    private static string Machine()
    {
        const string Cpu = "/proc/cpuinfo";
        string? line = File.Exists(Cpu) ? File.ReadLines(Cpu).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? $"{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
