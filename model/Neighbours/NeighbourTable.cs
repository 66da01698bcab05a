namespace OrleansRec.Model.Neighbours;

/// <summary>The neighbours of consecutive rows, row by row, ascending by the neighbour's number.</summary>
/// <remarks>
/// Worked example: row 0 has neighbours 1 (weight 0.5) and 3 (0.25), row 1 has none, row 2 has 0 (1): starts = [0, 2, 2, 3], neighbours = [1, 3, 0],
/// weights = [0.5, 0.25, 1].
/// </remarks>
/// <param name="Starts">Where each row begins, shape (rows + 1).</param>
/// <param name="Neighbours">Numbers of the neighbours among all items.</param>
/// <param name="Weights">What the row scores for each unit of the neighbour in a past; finite.</param>
public sealed record NeighbourTable(int[] Starts, int[] Neighbours, float[] Weights)
{
    /// <summary>How many rows there are.</summary>
    public int RowCount => Starts.Length - 1;

    /// <summary>The numbers of a row's neighbours, ascending.</summary>
    public ReadOnlySpan<int> NeighboursOf(int row) => Neighbours.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    /// <summary>Their weights.</summary>
    public ReadOnlySpan<float> WeightsOf(int row) => Weights.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    /// <summary>The rows of several tables, one after another.</summary>
    /// <param name="parts">Tables of consecutive ranges of rows.</param>
    public static NeighbourTable Join(IReadOnlyList<NeighbourTable> parts)
    {
        var starts = new List<int> { 0 };
        foreach (var part in parts)
        {
            int before = starts[^1];
            for (int row = 1; row <= part.RowCount; row++)
                starts.Add(before + part.Starts[row]);
        }
        return new([.. starts], [.. parts.SelectMany(p => p.Neighbours)], [.. parts.SelectMany(p => p.Weights)]);
    }
}

/// <summary>Collects the rows of a table one after another, the best m of each.</summary>
internal sealed class NeighbourTableWriter(int neighboursMax, string[] ids)
{
    private readonly ScoredRow[] _best = new ScoredRow[neighboursMax];
    private readonly List<int> _starts = [0], _neighbours = [];
    private readonly List<float> _weights = [];

    /// <summary>Adds the next row: of its neighbours those with the largest weights stay, and none of −∞.</summary>
    public void Add(ReadOnlySpan<int> neighbours, ReadOnlySpan<float> weights)
    {
        var heap = new BestRows(_best, ids);
        for (int n = 0; n < neighbours.Length; n++)
            if (weights[n] > float.NegativeInfinity && weights[n] >= heap.Threshold)
                heap.Offer(n, weights[n]);
        Keep(heap.Sort(), neighbours, weights);
    }

    /// <summary>Adds the next row: of its neighbours those whose weights are largest by amount, negative ones too.</summary>
    public void AddLargest(ReadOnlySpan<int> neighbours, ReadOnlySpan<float> weights)
    {
        var heap = new BestRows(_best, ids);
        for (int n = 0; n < neighbours.Length; n++)
            if (weights[n] != 0 && Math.Abs(weights[n]) >= heap.Threshold)
                heap.Offer(n, Math.Abs(weights[n]));
        Keep(heap.Sort(), neighbours, weights);
    }

    private void Keep(int count, ReadOnlySpan<int> neighbours, ReadOnlySpan<float> weights)
    {
        var kept = _best.AsSpan(0, count);
        kept.Sort((a, b) => a.Row.CompareTo(b.Row));
        foreach (var entry in kept)
        {
            _neighbours.Add(neighbours[entry.Row]);
            _weights.Add(weights[entry.Row]);
        }
        _starts.Add(_neighbours.Count);
    }

    public NeighbourTable ToTable() => new([.. _starts], [.. _neighbours], [.. _weights]);
}
