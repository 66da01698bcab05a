namespace OrleansRec.Model.Neighbours;

/// <summary>Finds the m items most alike to each item, by sparse co-occurrence, one row after another.</summary>
/// <remarks>
/// Cost Σ n_u² over users with n_u items. Memory is the pairs, one accumulator of a double and an int an item for each worker, and the table. Sums run over users in the order of
/// their rows, so the result does not depend on workers or on how rows are divided.
/// </remarks>
public static class ItemNeighbours
{
    private const int RowsAtOnce = 64;

    /// <summary>Builds the neighbours of a range of items among all items.</summary>
    /// <param name="byUser">Pairs by user; columns are item numbers.</param>
    /// <param name="itemIds">Id of each item, shape (I); ties break by it.</param>
    /// <param name="options">How.</param>
    /// <param name="first">The first item of the range.</param>
    /// <param name="end">Behind the last item.</param>
    /// <param name="workers">Threads, ≥ 1; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">An option or the range is out of bounds.</exception>
    public static NeighbourTable Build(InteractionRows byUser, string[] itemIds, NeighbourOptions options, int first, int end, int workers = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        RequireRange(first, end, itemIds.Length);
        var pairs = WeightedPairs.Of(byUser, itemIds.Length, options.ValuePower, options.LengthPower, options.RowItemsMax);
        var sums = ColumnSums.Of(pairs.Columns);
        var parts = new NeighbourTable[(end - first + RowsAtOnce - 1) / RowsAtOnce];
        var scratch = new CoOccurrence?[workers];
        PieceWork.Run(parts.Length, workers, (part, worker) =>
        {
            int from = first + part * RowsAtOnce;
            parts[part] = Rows(pairs, sums, itemIds, options, from, Math.Min(end, from + RowsAtOnce), scratch[worker] ??= new(itemIds.Length));
        });
        return NeighbourTable.Join(parts);
    }

    internal static void RequireRange(int first, int end, int count)
    {
        if (first < 0 || end < first || end > count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"A range lies within 0 … {count}; got {first} to {end}.");
    }

    private static NeighbourTable Rows(
        WeightedPairs pairs, ColumnSums sums, string[] ids, NeighbourOptions options, int first, int end, CoOccurrence scratch)
    {
        var writer = new NeighbourTableWriter(options.NeighboursMax, ids);
        for (int item = first; item < end; item++)
        {
            scratch.Collect(pairs, item);
            writer.Add(scratch.Touched, scratch.Weigh(item, sums, options));
        }
        return writer.ToTable();
    }
}

/// <summary>Σ x² and Σ x of each column, and its number of pairs.</summary>
internal sealed record ColumnSums(double[] Squares, double[] Values, int[] Counts, int RowCount)
{
    public static ColumnSums Of(WeightedPairs.Side columns)
    {
        double[] squares = new double[columns.Count], values = new double[columns.Count];
        var counts = new int[columns.Count];
        int rowCount = 0;
        for (int column = 0; column < columns.Count; column++)
        {
            foreach (float x in columns.ValuesOf(column))
                (squares[column], values[column]) = (squares[column] + (double)x * x, values[column] + x);
            counts[column] = columns.CountOf(column);
            foreach (int row in columns.OthersOf(column))
                rowCount = Math.Max(rowCount, row + 1);
        }
        return new(squares, values, counts, rowCount);
    }
}

/// <summary>Σ x_ui·x_uj over users and how many they are, for one item i and every j: accumulators that are reused from row to row.</summary>
internal sealed class CoOccurrence(int itemCount)
{
    private readonly double[] _dots = new double[itemCount];
    private readonly int[] _shared = new int[itemCount], _touched = new int[itemCount];
    private readonly float[] _weights = new float[itemCount];
    private int _count;

    /// <summary>The items that share a user with the item, ascending.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _count);

    /// <summary>How many users an item shares with the one under way.</summary>
    public int SharedWith(int item) => _shared[item];

    public void Collect(WeightedPairs pairs, int item)
    {
        foreach (int other in Touched)
            (_dots[other], _shared[other]) = (0, 0);
        _count = 0;
        var users = pairs.Columns.OthersOf(item);
        var values = pairs.Columns.ValuesOf(item);
        for (int n = 0; n < users.Length; n++)
        {
            var items = pairs.Rows.OthersOf(users[n]);
            var others = pairs.Rows.ValuesOf(users[n]);
            double x = values[n];
            for (int m = 0; m < items.Length; m++)
            {
                int j = items[m];
                if (_shared[j]++ == 0)
                    _touched[_count++] = j;
                _dots[j] += x * others[m];
            }
        }
        Remove(item);
        _touched.AsSpan(0, _count).Sort();
    }

    /// <summary>The similarity of each touched item; −∞ for one that is not kept.</summary>
    public ReadOnlySpan<float> Weigh(int item, ColumnSums sums, NeighbourOptions options)
    {
        for (int n = 0; n < _count; n++)
        {
            int j = _touched[n];
            double s = SimilarityOf(item, j, sums, options) * _shared[j] / (_shared[j] + options.Shrinkage);
            _weights[n] = s > 0 ? (float)s : float.NegativeInfinity;
        }
        return _weights.AsSpan(0, _count);
    }

    private double SimilarityOf(int i, int j, ColumnSums sums, NeighbourOptions options) => options.Similarity switch
    {
        Similarity.Jaccard => (double)_shared[j] / (sums.Counts[i] + sums.Counts[j] - _shared[j]),
        Similarity.Pearson => Correlation(i, j, sums),
        _ => _dots[j] / (Math.Pow(sums.Squares[i], options.TargetShare) * Math.Pow(sums.Squares[j], 1 - options.TargetShare)),
    };

    private double Correlation(int i, int j, ColumnSums sums)
    {
        double n = sums.RowCount, common = _dots[j] - sums.Values[i] * sums.Values[j] / n;
        double own = sums.Squares[i] - sums.Values[i] * sums.Values[i] / n, other = sums.Squares[j] - sums.Values[j] * sums.Values[j] / n;
        return own > 0 && other > 0 ? common / Math.Sqrt(own * other) : 0;
    }

    private void Remove(int item)
    {
        int at = _touched.AsSpan(0, _count).IndexOf(item);
        if (at < 0)
            return;
        (_dots[item], _shared[item]) = (0, 0);
        _touched[at] = _touched[--_count];
    }
}
