using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansRec.Model.Evaluation;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Evaluation;

/// <summary>Trials of a search, a JSON object a line, each written to the disk before the next begins. A last line that was cut off is measured again.</summary>
/// <remarks>The first line says what was searched: a journal of other data, split or seed is refused, since its figures would be taken for this search's.</remarks>
internal sealed class TrialJournal
{
    private readonly string _path;
    private readonly List<Trial> _trials = [];

    private TrialJournal(string path) => _path = path;

    /// <summary>Trials of earlier runs.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>Opens a journal, and begins it where it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="search">What is searched, in words that are the same in every run.</param>
    /// <exception cref="BadInputException">The file is of another search, or is no journal.</exception>
    public static TrialJournal Open(string path, string search)
    {
        var journal = new TrialJournal(path);
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            journal.Write(new() { ["search"] = search });
            return journal;
        }
        string text = File.ReadAllText(path);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // What is behind the last line end was cut off.
        int whole = text.EndsWith('\n') ? lines.Length : lines.Length - 1;
        if (whole == 0 || Parse(path, 1, lines[0])["search"]?.GetValue<string>() is not { } earlier)
            throw new BadInputException("journal", path, "must be a journal of tune, or not be there");
        if (earlier != search)
            throw new BadInputException("journal", path, $"must be of this search ({search}); it is of {earlier}");
        for (int n = 1; n < whole; n++)
            journal._trials.Add(TrialOf(path, n + 1, Parse(path, n + 1, lines[n])));
        if (whole < lines.Length)
            File.WriteAllText(path, string.Concat(lines.Take(whole).Select(l => l + "\n")));
        return journal;
    }

    /// <summary>Writes a trial down.</summary>
    public void Append(Trial trial) => Write(new() { ["rung"] = trial.Rung, ["key"] = trial.Key, ["value"] = trial.Value });

    private void Write(JsonObject line)
    {
        using var file = new FileStream(_path, FileMode.Append, FileAccess.Write);
        file.Write(System.Text.Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"));
        file.Flush(flushToDisk: true);
    }

    private static JsonObject Parse(string path, int number, string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new BadInputException("journal", path, $"must hold a JSON object on line {number}", e);
        }
    }

    private static Trial TrialOf(string path, int number, JsonObject line) =>
        line["rung"] is JsonValue rung && line["key"] is JsonValue key && line["value"] is JsonValue value
            && rung.TryGetValue(out int r) && key.TryGetValue(out string? k) && value.TryGetValue(out double v)
            ? new(r, k, v) : throw new BadInputException("journal", path, $"must hold rung, key and value on line {number}");
}
