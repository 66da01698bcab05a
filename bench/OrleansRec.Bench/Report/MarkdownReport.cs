using System.Globalization;
using System.Text;
using OrleansRec.Bench.Goals;
using OrleansRec.Model;
using OrleansRec.Silo.Evaluation.Report;

namespace OrleansRec.Bench.Report;

/// <summary>Writes goals.md, which docs/PERFORMANCE.md carries as it is, tables.md and the plots beside them.</summary>
internal static class MarkdownReport
{
    public static void Write(BenchRun run)
    {
        Directory.CreateDirectory(run.Arguments.Out);
        if (run.Goals.Count > 0)
            Save(run, "goals.md", GoalsText(run));
        if (run.Tables.Count > 0)
            Save(run, "tables.md", TablesText(run));
        foreach (Plot plot in run.Plots)
            Save(run, plot.FileName, SvgPlot.Draw(plot));
    }

    private static void Save(BenchRun run, string name, string text) => File.WriteAllText(Path.Combine(run.Arguments.Out, name), text);

    private static string GoalsText(BenchRun run)
    {
        StringBuilder text = new StringBuilder(Head(run)).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{run.Goals.Count(g => g.Holds)} of {run.Goals.Count} goals hold.").AppendLine();
        Append(text, ["", "what", "goal", "median", "spread", "holds", "remark"], run.Goals.OrderBy(g => g.Point).Select(Row));
        return text.ToString();
    }

    private static string TablesText(BenchRun run)
    {
        var text = new StringBuilder(Head(run)).AppendLine();
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

    /// <summary>The command, the machine and the day; limits where a section asked for them.</summary>
    private static string Head(BenchRun run)
    {
        string limits = run.KnownLimits is { } known
            ? string.Create(CultureInfo.InvariantCulture, $" FMA peak {known.Peak / 1e9:F0} GFLOP/s a core, read bandwidth {known.Bandwidth / 1e9:F1} GB/s (one thread); kernel rung {KernelRung.Single.Name}.")
            : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"`{run.Arguments.Command}`, {Environment.ProcessorCount} processors, {Machine()}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}, {run.Elapsed.TotalMinutes:0.0} minutes.{(run.LoadAtStart.Length > 0 ? $" Load average when it began: {run.LoadAtStart}." : "")}{limits}{Environment.NewLine}");
    }

    private static string[] Row(Goal goal) =>
        [goal.Point.ToString(CultureInfo.InvariantCulture), goal.Name, goal.WantedText, goal.MedianText, goal.SpreadText, goal.Holds ? "yes" : "**no**", goal.Remark];

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
