using OrleansRec.Bench.Goals;
using Spectre.Console;

namespace OrleansRec.Bench.Report;

/// <summary>Tables on the terminal.</summary>
internal static class ConsoleReport
{
    private const int FileColumns = 200;

    /// <summary>A file or a pipe has no width of its own, and takes no colours.</summary>
    public static void Prepare()
    {
        if (!Console.IsOutputRedirected)
            return;
        AnsiConsole.Profile.Width = FileColumns;
        AnsiConsole.Profile.Capabilities.Ansi = false;
    }

    public static void Write(FigureTable figures)
    {
        var table = new Table().Title(Markup.Escape(figures.Title)).AddColumns([.. figures.Columns.Select(Markup.Escape)]);
        foreach (string[] row in figures.Rows)
            table.AddRow(Array.ConvertAll(row, Markup.Escape));
        AnsiConsole.Write(table);
        if (figures.Note.Length > 0)
            Console.WriteLine(figures.Note);
    }

    public static void Write(IReadOnlyCollection<Goal> goals)
    {
        if (goals.Count == 0)
            return;
        var table = new Table().Title("Goals").AddColumns("", "what", "goal", "median", "spread", "", "remark");
        foreach (Goal goal in goals.OrderBy(g => g.Point))
            table.AddRow(Array.ConvertAll(
                [$"{goal.Point}", goal.Name, goal.WantedText, goal.MedianText, goal.SpreadText, goal.Holds ? "holds" : "MISSED", goal.Remark], Markup.Escape));
        AnsiConsole.Write(table);
        Console.WriteLine($"{goals.Count(g => g.Holds)} of {goals.Count} goals hold");
    }
}
