using System.IO.Compression;
using OrleansRec.Cli.Import;

namespace OrleansRec.Cli.Export;

/// <summary>Makes the file of an export: under another name until it is whole, so that a broken export leaves nothing that looks like one.</summary>
public sealed class ExportFile : IAsyncDisposable
{
    private const string Rule = "must end in .jsonl, .ndjson, .csv, .parquet, .jsonl.gz, .ndjson.gz or .csv.gz, or --format must say jsonl, csv or parquet";

    private readonly string _path, _partPath;
    private readonly Stream _file;
    private readonly IExportWriter _writer;
    private bool _isWritten;

    private ExportFile(string path, string partPath, Stream file, IExportWriter writer) => (_path, _partPath, _file, _writer) = (path, partPath, file, writer);

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="format">jsonl, csv or parquet; null: as the name ends.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The name ends in nothing known, or the file exists or cannot be made.</exception>
    public static async Task<ExportFile> Begin(string path, string? format, IReadOnlyList<ExportColumn> columns, CancellationToken cancellationToken)
    {
        bool isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        string kind = format ?? Path.GetExtension(isPacked ? path[..^3] : path).TrimStart('.').ToLowerInvariant();
        if (kind is not ("jsonl" or "ndjson" or "csv" or "parquet") || (isPacked && kind == "parquet"))
            throw new BadInputException(format is null ? "to" : "format", format ?? path, Rule);
        if (File.Exists(path))
            throw new BadInputException("to", path, "must not exist yet");
        string partPath = path + ".part";
        Stream file = Make(path, partPath);
        try
        {
            if (isPacked)
                file = new GZipStream(file, CompressionLevel.Optimal);
            IExportWriter writer = kind switch
            {
                "csv" => new CsvExportWriter(file, columns),
                "parquet" => await ParquetExportWriter.Begin(file, columns, cancellationToken),
                _ => new JsonExportWriter(file, columns),
            };
            return new(path, partPath, file, writer);
        }
        catch
        {
            await file.DisposeAsync();
            File.Delete(partPath);
            throw;
        }
    }

    /// <summary>Writes a row.</summary>
    public async Task Write(object?[] row, CancellationToken cancellationToken)
    {
        await _writer.Write(row, cancellationToken);
        Rows++;
    }

    /// <summary>Ends the file and gives it its name.</summary>
    public async Task Finish(CancellationToken cancellationToken)
    {
        await _writer.Finish(cancellationToken);
        await Close();
        File.Move(_partPath, _path);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_isWritten)
            await Close();
        // Where it has its name there is nothing to delete.
        File.Delete(_partPath);
    }

    private async Task Close()
    {
        _isWritten = true;
        await _writer.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static FileStream Make(string path, string partPath)
    {
        try
        {
            return new(partPath, FileMode.Create, FileAccess.Write, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException("to", path, $"must be a file that can be made ({e.Message})", e);
        }
    }
}
