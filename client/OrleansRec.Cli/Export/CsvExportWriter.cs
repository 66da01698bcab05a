using CsvHelper;

namespace OrleansRec.Cli.Export;

/// <summary>RFC 4180 with a header, in UTF-8.</summary>
internal sealed class CsvExportWriter : IExportWriter
{
    private readonly CsvWriter _csv;

    public CsvExportWriter(Stream file, IReadOnlyList<ExportColumn> columns)
    {
        _csv = CsvWriter.Create(file, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        foreach (var column in columns)
            _csv.WriteField(column.Name);
        _csv.EndRecord();
    }

    public Task Write(object?[] row, CancellationToken cancellationToken)
    {
        foreach (object? value in row)
            _csv.WriteField(ExportText.Of(value) ?? "");
        _csv.EndRecord();
        return Task.CompletedTask;
    }

    public Task Finish(CancellationToken cancellationToken)
    {
        _csv.Flush();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _csv.Dispose();
        return ValueTask.CompletedTask;
    }
}
