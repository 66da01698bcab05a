namespace OrleansRec.Cli.Import;

/// <summary>What is not sure about a file, and the option that decides it.</summary>
/// <param name="Option">The option, without dashes.</param>
/// <param name="Value">What the file holds.</param>
/// <param name="Rule">What must be said.</param>
public sealed record FileDoubt(string Option, string Value, string Rule);

/// <summary>What was found out about a file before it is read.</summary>
public sealed record FileFindings
{
    /// <summary>Lines of the preview.</summary>
    public const int PreviewLines = 5;

    /// <summary>The format's name on the command line.</summary>
    public required string Format { get; init; }

    /// <summary>The layout in words, where it is one that is known.</summary>
    public string? Layout { get; init; }

    /// <summary>The encoding, and how it is known.</summary>
    public string Encoding { get; init; } = "";

    /// <summary>What separates fields, and how it is known; null where nothing does.</summary>
    public string? Separator { get; init; }

    /// <summary>Whether the first line names the columns.</summary>
    public bool HasHeader { get; init; }

    /// <summary>Which columns hold which part, such as "item" to "Lineitem sku|Lineitem name".</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Columns { get; init; } = [];

    /// <summary>Columns that nobody reads.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>The type of lines, or the column that tells it.</summary>
    public string Type { get; init; } = "";

    /// <summary>How times are written.</summary>
    public string Times { get; init; } = "";

    /// <summary>What is not sure.</summary>
    public IReadOnlyList<FileDoubt> Doubts { get; init; } = [];

    /// <summary>The first lines as they are read.</summary>
    public IReadOnlyList<ImportLine> Preview { get; init; } = [];

    /// <summary>The findings for a person, a line for each.</summary>
    public IEnumerable<string> Told()
    {
        yield return $"format: {Format}{(Layout is null ? "" : $", {Layout}")}";
        if (Encoding.Length > 0)
            yield return $"encoding: {Encoding}";
        if (Separator is not null)
            yield return $"separator: {Separator}; {(HasHeader ? "the first line names the columns" : "no header")}";
        yield return $"columns: {string.Join(", ", Columns.Select(c => $"{c.Key}={c.Value}"))}";
        if (Unread.Count > 0)
            yield return $"not read: {string.Join(", ", Unread)}";
        yield return $"type: {Type}";
        if (Times.Length > 0)
            yield return $"times: {Times}";
        yield return Doubts.Count == 0 ? "sure" : $"not sure: {string.Join("; ", Doubts.Select(d => $"--{d.Option} {d.Rule}"))}";
    }
}

/// <summary>A file of which something is not sure that an option decides.</summary>
public sealed class UnsureFileException(FileFindings found)
    : BadInputException(found.Doubts[0].Option, found.Doubts[0].Value, found.Doubts[0].Rule)
{
    /// <summary>What was found.</summary>
    public FileFindings Found { get; } = found;
}
