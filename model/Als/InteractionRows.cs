namespace OrleansRec.Model;

/// <summary>The observed pairs of one side, row by row (CSR): 4 bytes a pair for its column and 0, 1 or 4 for its value, and 4 a row.</summary>
/// <remarks>
/// Worked example: row 0 has values 2 and 1 in columns 1 and 3, row 1 is empty, row 2 has 5 in column 0:
/// starts = [0, 2, 2, 3], columns = [1, 3, 0], values = [2, 1, 5]. Columns ascend within a row, which makes every sum over a row one fixed sum.
/// </remarks>
public sealed class InteractionRows
{
    private readonly int[] columns;
    private readonly ValueColumn values;

    /// <summary>Takes the three arrays as they are; they must not change afterwards.</summary>
    /// <param name="starts">Where each row begins, shape (rows + 1), from 0 to the number of pairs, not descending.</param>
    /// <param name="columns">Row of the other side for each pair, ascending within a row.</param>
    /// <param name="values">r of each pair, finite.</param>
    /// <exception cref="ArgumentException">The arrays do not fit each other, or columns do not ascend within a row.</exception>
    public InteractionRows(int[] starts, int[] columns, float[] values)
        : this(starts, columns, ValueColumn.Of(values))
    {
    }

    /// <summary>As the other constructor, with values that are kept as small as they allow.</summary>
    /// <param name="starts">Where each row begins, shape (rows + 1), from 0 to the number of pairs, not descending.</param>
    /// <param name="columns">Row of the other side for each pair, ascending within a row.</param>
    /// <param name="values">r of each pair, finite.</param>
    /// <exception cref="ArgumentException">The arrays do not fit each other, or columns do not ascend within a row.</exception>
    public InteractionRows(int[] starts, int[] columns, ValueColumn values)
    {
        if (starts.Length == 0 || starts[0] != 0)
            throw new ArgumentException("Starts begins with 0 and holds one entry more than there are rows.", nameof(starts));
        if (columns.Length < starts[^1] || values.Length < starts[^1])
            throw new ArgumentException($"Starts ends at {starts[^1]}; got {columns.Length} columns and {values.Length} values.", nameof(starts));
        for (int row = 0; row + 1 < starts.Length; row++)
            RequireAscending(columns, starts[row], starts[row + 1], row);
        Starts = starts;
        this.columns = columns;
        this.values = values;
    }

    /// <summary>How many rows there are.</summary>
    public int RowCount => Starts.Length - 1;

    /// <summary>How many observed pairs there are.</summary>
    public int PairCount => Starts[^1];

    /// <summary>Where each row begins, shape (rows + 1).</summary>
    public int[] Starts { get; }

    /// <summary>The columns of all rows, one after another, shape (pairs).</summary>
    public int[] AllColumns => columns;

    /// <summary>The values of all rows, one after another, shape (pairs).</summary>
    public ValueColumn AllValues => values;

    /// <summary>Bytes of the arrays.</summary>
    public long CapacityBytes => sizeof(int) * ((long)Starts.Length + columns.Length) + values.CapacityBytes;

    /// <summary>The columns of a row, ascending.</summary>
    public ReadOnlySpan<int> Columns(int row) => columns.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    /// <summary>The values of a row, as its columns. Allocates unless they lie as floats.</summary>
    public ReadOnlySpan<float> Values(int row)
    {
        float[] own = [];
        return Values(row, ref own);
    }

    /// <summary>The values of a row, as its columns; in a buffer, which grows where it must, unless they lie as floats.</summary>
    public ReadOnlySpan<float> Values(int row, scoped ref float[] buffer) => values.Slice(Starts[row], Starts[row + 1] - Starts[row], ref buffer);

    private static void RequireAscending(int[] columns, int start, int end, int row)
    {
        if (end < start)
            throw new ArgumentException($"Row {row} starts at {start} and ends at {end}.", nameof(columns));
        for (int i = start; i < end; i++)
            if (columns[i] < 0 || (i > start && columns[i] <= columns[i - 1]))
                throw new ArgumentException($"Columns of row {row} must ascend from 0; got {columns[i]} at entry {i - start}.", nameof(columns));
    }
}
