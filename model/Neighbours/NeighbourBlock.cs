using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Neighbours;

/// <summary>What a block of neighbours is asked: the past as hashes and weights.</summary>
/// <param name="Sources">Hash of each item of the past.</param>
/// <param name="Weights">w of each, as <see cref="HistoryReading"/> gives them.</param>
public sealed class NeighbourQuery(ulong[] Sources, float[] Weights) : PartQuery
{
    /// <summary>Hash of each item of the past.</summary>
    public ulong[] Sources { get; } = Sources;

    /// <summary>w of each.</summary>
    public float[] Weights { get; } = Weights;
}

/// <summary>Scores a block of items by their neighbours in the user's past: score(i) = Σ over past items j of w_j · s_ij.</summary>
/// <remarks>
/// Serves every table of neighbours: item-item, EASE, bought-together. Kept turned round, by the item of the past, so a query reads only what its past names: cost Σ_j (rows that have j
/// as neighbour) and one pass over the block. Items of the past are known by their hash, so a block holds no id of another block. Explained exactly: item j of the past adds w_j·s_ij.
/// </remarks>
public sealed class NeighbourBlock : TouchedRowsPart
{
    private readonly HistoryReading _reading;
    private readonly Dictionary<ulong, (int Start, int Count)> _places;
    private readonly int[] _rows;
    private readonly float[] _weights;
    private readonly SourceSizes _sizes;

    /// <summary>Makes a block of a table.</summary>
    /// <param name="name">The part's name.</param>
    /// <param name="table">The neighbours of the block's items, numbered among all items.</param>
    /// <param name="itemIds">Id of each row of the block, shape (rows of the table).</param>
    /// <param name="allIds">Id of each item that may be a neighbour, as the table numbers them.</param>
    /// <param name="reading">How a past is weighed.</param>
    /// <param name="sizes">Of the whole version, from <see cref="SourceSizes.Of"/>; null where this block is the whole version.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public NeighbourBlock(string name, NeighbourTable table, string[] itemIds, string[] allIds, HistoryReading reading, SourceSizes? sizes = null)
        : base(itemIds)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (itemIds.Length != table.RowCount)
            throw new ArgumentException($"{table.RowCount} rows need as many ids; got {itemIds.Length}.", nameof(itemIds));
        (Name, _reading) = (name, reading);
        _sizes = sizes ?? SourceSizes.Of([table], allIds, itemIds.Length);
        (_places, _rows, _weights) = Turn(table, allIds);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override PartQuery Prepare(UserSignals signals)
    {
        var weights = new float[signals.Past.Length];
        _reading.Weigh(signals, weights);
        return new NeighbourQuery(signals.Hashes.ToArray(), weights) { Scale = _sizes.ScaleOf(signals.Hashes, weights) };
    }

    /// <inheritdoc/>
    public override void Score(PartQuery query, Span<float> scores)
    {
        scores.Clear();
        var asked = (NeighbourQuery)query;
        for (int n = 0; n < asked.Sources.Length; n++)
        {
            var rows = RowsOf(asked.Sources[n], out var weights);
            float w = asked.Weights[n];
            for (int m = 0; m < rows.Length; m++)
                scores[rows[m]] += w * weights[m];
        }
    }

    /// <inheritdoc/>
    public override double Explain(PartQuery query, int row, Span<double> amounts)
    {
        var asked = (NeighbourQuery)query;
        for (int n = 0; n < asked.Sources.Length; n++)
        {
            var rows = RowsOf(asked.Sources[n], out var weights);
            int at = rows.BinarySearch(row);
            amounts[n] = at < 0 ? 0 : (double)asked.Weights[n] * weights[at];
        }
        return 0;
    }

    private protected override void Touch(PartQuery query, TouchedRows touched)
    {
        var asked = (NeighbourQuery)query;
        long additions = 0;
        foreach (ulong source in asked.Sources)
            additions += RowsOf(source, out _).Length;
        touched.Begin(additions);
        for (int n = 0; n < asked.Sources.Length; n++)
        {
            var rows = RowsOf(asked.Sources[n], out var weights);
            touched.Add(rows, weights, asked.Weights[n]);
        }
    }

    private ReadOnlySpan<int> RowsOf(ulong source, out ReadOnlySpan<float> weights)
    {
        (int start, int count) = _places.GetValueOrDefault(source);
        weights = _weights.AsSpan(start, count);
        return _rows.AsSpan(start, count);
    }

    private static (Dictionary<ulong, (int Start, int Count)> Places, int[] Rows, float[] Weights) Turn(NeighbourTable table, string[] allIds)
    {
        var counts = new int[allIds.Length];
        foreach (int neighbour in table.Neighbours)
            counts[neighbour]++;
        var places = new Dictionary<ulong, (int Start, int Count)>();
        var next = new int[allIds.Length];
        int start = 0;
        for (int n = 0; n < counts.Length; start += counts[n++])
        {
            next[n] = start;
            if (counts[n] > 0)
                places.Add(IdHash.Of(allIds[n]), (start, counts[n]));
        }
        var (rows, weights) = (new int[start], new float[start]);
        for (int row = 0; row < table.RowCount; row++)
            for (int n = table.Starts[row]; n < table.Starts[row + 1]; n++)
            {
                int at = next[table.Neighbours[n]]++;
                (rows[at], weights[at]) = (row, table.Weights[n]);
            }
        return (places, rows, weights);
    }
}

/// <summary>How much each item of a past scores over all items of a version: what a query's scale is made of, on every silo the same.</summary>
/// <remarks>The scale is √(Σ_j w_j²·Σ_i s_ij² / I): the root of the mean square of the scores, as if the items of a past scored different items.</remarks>
public sealed class SourceSizes
{
    private readonly Dictionary<ulong, double> _squares;
    private readonly int _itemCount;

    private SourceSizes(Dictionary<ulong, double> squares, int itemCount) => (_squares, _itemCount) = (squares, itemCount);

    /// <summary>Sums the squares of every table of a version.</summary>
    /// <param name="tables">All tables of the version, in the order of their rows.</param>
    /// <param name="allIds">Ids as the tables number neighbours.</param>
    /// <param name="itemCount">I, rows of all tables.</param>
    public static SourceSizes Of(IReadOnlyList<NeighbourTable> tables, string[] allIds, int itemCount)
    {
        var sums = new double[allIds.Length];
        foreach (var table in tables)
            for (int n = 0; n < table.Neighbours.Length; n++)
                sums[table.Neighbours[n]] += (double)table.Weights[n] * table.Weights[n];
        var squares = new Dictionary<ulong, double>();
        for (int n = 0; n < sums.Length; n++)
            if (sums[n] > 0)
                squares[IdHash.Of(allIds[n])] = sums[n];
        return new(squares, Math.Max(1, itemCount));
    }

    /// <summary>The scale of a query.</summary>
    public double ScaleOf(ReadOnlySpan<ulong> sources, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int n = 0; n < sources.Length; n++)
            sum += (double)weights[n] * weights[n] * _squares.GetValueOrDefault(sources[n]);
        return Math.Sqrt(sum / _itemCount);
    }
}
