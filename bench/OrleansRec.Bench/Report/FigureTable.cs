using System.Globalization;

namespace OrleansRec.Bench.Report;

/// <summary>Figures without a goal of their own, as rows of text.</summary>
/// <param name="title">What was measured, on which data.</param>
/// <param name="columns">Headers.</param>
internal sealed class FigureTable(string title, params string[] columns)
{
    private readonly List<string[]> rows = [];

    public string Title => title;

    public IReadOnlyList<string> Columns => columns;

    public IReadOnlyList<string[]> Rows => rows;

    /// <summary>What a reader has to know of the figures.</summary>
    public string Note { get; init; } = "";

    /// <summary>Adds a row; each cell is written in the invariant culture.</summary>
    public void Add(params FormattableString[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"Table '{title}' has {columns.Length} columns; got {cells.Length} cells.", nameof(cells));
        rows.Add(Array.ConvertAll(cells, cell => cell.ToString(CultureInfo.InvariantCulture)));
    }
}
