namespace OrleansRec.Cli.Export;

/// <summary>What a column of an export holds.</summary>
public enum ExportKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number with a fraction.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A time.</summary>
    Time,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>Several texts.</summary>
    Texts,

    /// <summary>Texts by name.</summary>
    Map,
}

/// <summary>One column of an export.</summary>
/// <param name="Name">The name that an import looks for.</param>
/// <param name="Kind">What it holds.</param>
public sealed record ExportColumn(string Name, ExportKind Kind);

/// <summary>Writes rows to a file. Each row has a value for each column: string, double, long, DateTimeOffset, bool, string[] or a dictionary of texts, or null.</summary>
public interface IExportWriter : IAsyncDisposable
{
    /// <summary>Writes a row.</summary>
    Task Write(object?[] row, CancellationToken cancellationToken);

    /// <summary>Writes what is still in memory.</summary>
    Task Finish(CancellationToken cancellationToken);
}
