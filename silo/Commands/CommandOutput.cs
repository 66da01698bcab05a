using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace OrleansRec.Silo.Commands;

/// <summary>
/// What a command says: tables on standard output, or, with --json, exactly one object there and nothing else; progress and notes go to standard error.
/// </summary>
public sealed class CommandOutput(bool json)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IAnsiConsole _error = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Whether one object is asked for.</summary>
    public bool Json { get; } = json;

    /// <summary>Tables and texts for people.</summary>
    public IAnsiConsole Screen { get; } = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Out) });

    private bool CanDraw => !Console.IsErrorRedirected && _error.Profile.Capabilities.Interactive;

    /// <summary>A line on standard error.</summary>
    public static void Note(string text) => Console.Error.WriteLine(text);

    /// <summary>A line on standard output; nothing with --json.</summary>
    public void Line(string text)
    {
        if (!Json)
            Console.Out.WriteLine(text);
    }

    /// <summary>The one object of --json.</summary>
    public void Object(JsonNode value)
    {
        if (Json)
            Console.Out.WriteLine(value.ToJsonString(Indented));
    }

    /// <summary>The one object of --json; otherwise what <paramref name="show"/> prints.</summary>
    public void Answer<T>(T value, JsonTypeInfo<T> type, Action<T> show)
    {
        if (Json)
            Object(JsonSerializer.SerializeToNode(value, type)!);
        else
            show(value);
    }

    /// <summary>A table; on a terminal with lines, else with columns that programs can cut.</summary>
    public void Table(string[] header, IEnumerable<string[]> rows)
    {
        if (Json)
            return;
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine(string.Join('\t', header));
            foreach (string[] row in rows)
                Console.Out.WriteLine(string.Join('\t', row));
            return;
        }
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string name in header)
            table.AddColumn(new TableColumn(Markup.Escape(name)));
        foreach (string[] row in rows)
            table.AddRow(row.Select(Markup.Escape).ToArray());
        Screen.Write(table);
    }

    /// <summary>Runs work with a progress bar on standard error; where that is no terminal, a line at every tenth.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">Told where to report a share from 0 to 1 and a text.</param>
    public async Task<T> Progress<T>(string title, Func<Action<double, string>, Task<T>> work)
    {
        if (!CanDraw)
            return await work(new Tenths(title).Report);
        return await _error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                return await work((share, text) => (bar.Value, bar.Description) = (share, Markup.Escape($"{title} {text}")));
            });
    }

    private sealed class Tenths(string title)
    {
        private int _said = -1;

        public void Report(double share, string text)
        {
            int tenth = (int)(share * 10);
            if (Interlocked.Exchange(ref _said, tenth) != tenth)
                Note($"{title} {text}");
        }
    }
}
