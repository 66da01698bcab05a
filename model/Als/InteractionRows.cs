namespace OrleansRec.Model;

/// <summary>The observed pairs of one side, row by row (CSR): 2 or 4 bytes a pair for its column (<see cref="PairColumns"/>), 0, 1 or 4 for its value, and 4 a row.</summary>
/// <remarks>
/// Worked example: row 0 has values 2 and 1 in columns 1 and 3, row 1 is empty, row 2 has 5 in column 0:
/// starts = [0, 2, 2, 3], columns = [1, 3, 0], values = [2, 1, 5]. Columns ascend within a row, which makes every sum over a row one fixed sum.
/// </remarks>
public sealed class InteractionRows
{
    private readonly PairColumns columns;
    private readonly ValueColumn values;

    /// <summary>Takes the three arrays as they are; they must not change afterwards.</summary>
    /// <param name="starts">Where each row begins, shape (rows + 1), from 0 to the number of pairs, not descending.</param>
    /// <param name="columns">Row of the other side for each pair, ascending within a row.</param>
    /// <param name="values">r of each pair, finite.</param>
    /// <exception cref="ArgumentException">The arrays do not fit each other, or columns do not ascend within a row.</exception>
    public InteractionRows(int[] starts, int[] columns, float[] values)
        : this(starts, PairColumns.Of(columns), ValueColumn.Of(values))
    {
    }

    /// <summary>As the other constructor, with columns and values that are kept as small as they allow.</summary>
    /// <param name="starts">Where each row begins, shape (rows + 1), from 0 to the number of pairs, not descending.</param>
    /// <param name="columns">Row of the other side for each pair, ascending within a row.</param>
    /// <param name="values">r of each pair, finite.</param>
    /// <exception cref="ArgumentException">The arrays do not fit each other, or columns do not ascend within a row.</exception>
    public InteractionRows(int[] starts, PairColumns columns, ValueColumn values)
    {
        if (starts.Length == 0 || starts[0] != 0)
            throw new ArgumentException("Starts begins with 0 and holds one entry more than there are rows.", nameof(starts));
        if (columns.Length < starts[^1] || values.Length < starts[^1])
            throw new ArgumentException($"Starts ends at {starts[^1]}; got {columns.Length} columns and {values.Length} values.", nameof(starts));
        Starts = starts;
        this.columns = columns;
        this.values = values;
        int[] buffer = [];
        for (int row = 0; row + 1 < starts.Length; row++)
            RequireAscending(row, ref buffer);
    }

    /// <summary>How many rows there are.</summary>
    public int RowCount => Starts.Length - 1;

    /// <summary>How many observed pairs there are.</summary>
    public int PairCount => Starts[^1];

    /// <summary>Where each row begins, shape (rows + 1).</summary>
    public int[] Starts { get; }

    /// <summary>The columns of all rows as they are kept, one after another.</summary>
    public PairColumns AllColumns => columns;

    /// <summary>The values of all rows, one after another, shape (pairs).</summary>
    public ValueColumn AllValues => values;

    /// <summary>Bytes of the arrays.</summary>
    public long CapacityBytes => sizeof(int) * (long)Starts.Length + columns.CapacityBytes + values.CapacityBytes;

    /// <summary>The columns of all rows where they lie as whole numbers, else null.</summary>
    internal int[]? WideColumns => columns.Wide;

    /// <summary>How many pairs a row has.</summary>
    public int CountOf(int row) => Starts[row + 1] - Starts[row];

    /// <summary>The columns of a row, ascending. Allocates unless they lie as whole numbers.</summary>
    public ReadOnlySpan<int> Columns(int row)
    {
        int[] own = [];
        return Columns(row, ref own);
    }

    /// <summary>The columns of a row, ascending; in a buffer, which grows where it must, unless they lie as whole numbers.</summary>
    public ReadOnlySpan<int> Columns(int row, scoped ref int[] buffer)
    {
        int count = CountOf(row);
        if (columns.Wide is { } wide)
            return wide.AsSpan(Starts[row], count);
        if (buffer.Length < count)
            buffer = new int[Math.Max(count, 2 * buffer.Length)];
        columns.CopyTo(row, Starts[row], Starts[row + 1], buffer);
        return buffer.AsSpan(0, count);
    }

    /// <summary>Copies the columns of a stretch of a row.</summary>
    internal void CopyColumns(int row, int from, int end, Span<int> into) => columns.CopyTo(row, from, end, into);

    /// <summary>The values of a row, as its columns. Allocates unless they lie as floats.</summary>
    public ReadOnlySpan<float> Values(int row)
    {
        float[] own = [];
        return Values(row, ref own);
    }

    /// <summary>The values of a row, as its columns; in a buffer, which grows where it must, unless they lie as floats.</summary>
    public ReadOnlySpan<float> Values(int row, scoped ref float[] buffer) => values.Slice(Starts[row], Starts[row + 1] - Starts[row], ref buffer);

    private void RequireAscending(int row, ref int[] buffer)
    {
        if (CountOf(row) < 0)
            throw new ArgumentException($"Row {row} starts at {Starts[row]} and ends at {Starts[row + 1]}.", nameof(columns));
        var own = Columns(row, ref buffer);
        for (int i = 0; i < own.Length; i++)
            if (own[i] < 0 || (i > 0 && own[i] <= own[i - 1]))
                throw new ArgumentException($"Columns of row {row} must ascend from 0; got {own[i]} at entry {i}.", nameof(columns));
    }
}
