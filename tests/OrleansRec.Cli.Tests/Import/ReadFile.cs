using System.Text;
using OrleansRec.Cli.Import;
using OrleansRec.Model;

namespace OrleansRec.Cli.Tests.Import;

/// <summary>What became of the lines of one file: those that are events, and those left out.</summary>
internal sealed record ReadFile(FileFindings Found, IReadOnlyList<ImportLine> Events, IReadOnlyList<ImportLine> Rejected, ImportWarnings Warnings, IReadOnlyList<string> Unread)
{
    private static readonly long nowMs = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Why lines were left out, in the order of the lines.</summary>
    public IEnumerable<string> Reasons => Rejected.Select(l => l.Rejected!.Reason);

    /// <summary>The user ids of the events.</summary>
    public IEnumerable<string?> Users => Events.Select(e => e.User);

    /// <summary>The item ids of the events.</summary>
    public IEnumerable<string?> Items => Events.Select(e => e.Item);

    /// <summary>The times of the events.</summary>
    public IEnumerable<string> Times => Events.Select(e => DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs!.Value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));

    public static ReadFile Text(string text, ImportFormat? format = ImportFormat.Csv, string? columns = null, string? type = null, ReadOptions? options = null) =>
        Bytes(Encoding.UTF8.GetBytes(text), format, columns, type, options);

    public static ReadFile Bytes(byte[] content, ImportFormat? format = ImportFormat.Csv, string? columns = null, string? type = null, ReadOptions? options = null, string ending = "")
    {
        string path = Path.Combine(Path.GetTempPath(), $"read-{Guid.NewGuid():N}{ending}");
        File.WriteAllBytes(path, content);
        try
        {
            return Path_(path, format, columns, type, options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static ReadFile Path_(string path, ImportFormat? format = null, string? columns = null, string? type = null, ReadOptions? options = null)
    {
        var plan = new ImportPlan(path, format, ImportColumns.Parse(columns), type) { Read = options ?? ReadOptions.Default };
        using var file = InteractionReading.Open(plan);
        var rules = new LineRules(EventTypeRules.Default, knowsTypes: true, plan, file.Warnings, nowMs);
        var (events, rejected) = (new List<ImportLine>(), new List<ImportLine>());
        var line = new ImportLine();
        while (file.Lines.Read(ref line))
        {
            rules.Check(ref line);
            (line.Rejected is null ? events : rejected).Add(line);
        }
        return new(file.Found, events, rejected, file.Warnings, file.Unread);
    }
}
