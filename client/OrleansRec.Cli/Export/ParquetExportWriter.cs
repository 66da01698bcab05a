using Parquet;
using Parquet.Schema;

namespace OrleansRec.Cli.Export;

/// <summary>Parquet, in row groups of a bounded number of rows.</summary>
internal sealed class ParquetExportWriter : IExportWriter
{
    /// <summary>As many rows are in memory before they are written.</summary>
    public const int RowGroupRows = 1 << 17;

    private readonly ParquetWriter _parquet;
    private readonly DataField[] _fields;
    private readonly IReadOnlyList<ExportColumn> _columns;
    private readonly List<object?[]> _rows = [];

    private ParquetExportWriter(ParquetWriter parquet, DataField[] fields, IReadOnlyList<ExportColumn> columns) => (_parquet, _fields, _columns) = (parquet, fields, columns);

    public static async Task<ParquetExportWriter> Begin(Stream file, IReadOnlyList<ExportColumn> columns, CancellationToken cancellationToken)
    {
        DataField[] fields = [.. columns.Select(FieldOf)];
        return new(await ParquetWriter.CreateAsync(new ParquetSchema(fields), file, cancellationToken: cancellationToken), fields, columns);
    }

    public async Task Write(object?[] row, CancellationToken cancellationToken)
    {
        _rows.Add(row);
        if (_rows.Count >= RowGroupRows)
            await WriteGroup(cancellationToken);
    }

    public async Task Finish(CancellationToken cancellationToken)
    {
        if (_rows.Count > 0)
            await WriteGroup(cancellationToken);
    }

    public ValueTask DisposeAsync() => _parquet.DisposeAsync();

    private static DataField FieldOf(ExportColumn column) => column.Kind switch
    {
        ExportKind.Number => new DataField(column.Name, typeof(double), isNullable: true),
        ExportKind.Whole => new DataField(column.Name, typeof(long), isNullable: true),
        ExportKind.Truth => new DataField(column.Name, typeof(bool), isNullable: true),
        ExportKind.Time => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true),
        _ => new DataField(column.Name, typeof(string), isNullable: true),
    };

    private async Task WriteGroup(CancellationToken cancellationToken)
    {
        using (var group = _parquet.CreateRowGroup())
        {
            for (int i = 0; i < _fields.Length; i++)
                await WriteColumn(group, i, cancellationToken);
            group.CompleteValidate();
        }
        _rows.Clear();
    }

    private Task WriteColumn(ParquetRowGroupWriter group, int at, CancellationToken cancellationToken) => _columns[at].Kind switch
    {
        ExportKind.Number => Values<double>(group, at, cancellationToken),
        ExportKind.Whole => Values<long>(group, at, cancellationToken),
        ExportKind.Truth => Values<bool>(group, at, cancellationToken),
        ExportKind.Time => group.WriteAsync<DateTime>(_fields[at], _rows.Select(r => (r[at] as DateTimeOffset?)?.UtcDateTime).ToArray().AsMemory(), cancellationToken: cancellationToken),
        _ => group.WriteAsync(_fields[at], _rows.Select(r => ExportText.Of(r[at])).ToArray()),
    };

    private Task Values<T>(ParquetRowGroupWriter group, int at, CancellationToken cancellationToken) where T : struct =>
        group.WriteAsync<T>(_fields[at], _rows.Select(r => r[at] as T?).ToArray().AsMemory(), cancellationToken: cancellationToken);
}
