using Spectre.Console;

namespace OrleansRec.Simulation.Commands;

/// <summary>Tables on standard output; on a terminal with lines, else with columns that programs can cut.</summary>
internal static class Tables
{
    public static void Print(string[] header, IEnumerable<string[]> rows)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var row in rows.Prepend(header))
                Console.Out.WriteLine(string.Join('\t', row));
            return;
        }
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var name in header)
            table.AddColumn(new TableColumn(Markup.Escape(name)));
        foreach (var row in rows)
            table.AddRow(row.Select(Markup.Escape).ToArray());
        AnsiConsole.Write(table);
    }
}
