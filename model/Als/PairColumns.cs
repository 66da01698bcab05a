using System.Numerics;

namespace OrleansRec.Model;

/// <summary>The columns of pairs, ascending within a row: two bytes each, and four a row for each further 65,536 rows of the other side; four each where that takes less.</summary>
/// <remarks>
/// The columns of a row that are in one block of 65,536 lie together. Of a column its low 16 bits are kept, of a row where its blocks but the first begin. Worked
/// example: a side of 70,000 rows, and a row with the columns 3, 65,537, 65,540, which are pairs 0 to 2, is kept as [3, 1, 4] and the block's begin 1. One writer; any number of readers
/// once nobody writes.
/// </remarks>
public sealed class PairColumns
{
    private const int BlockBits = 16, BlockRows = 1 << BlockBits;

    private readonly int[]? wide;
    private readonly ushort[] low;

    /// <summary>Where blocks 1, 2, … of each row begin, shape (rows, <see cref="further"/>).</summary>
    private readonly int[] begins;
    private readonly int further;

    /// <summary>Columns to be filled with <see cref="Put"/>.</summary>
    /// <param name="starts">Where each row begins, shape (rows + 1).</param>
    /// <param name="columnCount">Columns are below this.</param>
    public PairColumns(ReadOnlySpan<int> starts, int columnCount)
        : this(starts, columnCount, new ushort[IsNarrow(starts, columnCount) ? starts[^1] : 0])
    {
    }

    private PairColumns(ReadOnlySpan<int> starts, int columnCount, ushort[] low)
    {
        this.low = low;
        further = 0;
        begins = [];
        if (!IsNarrow(starts, columnCount))
        {
            wide = new int[starts[^1]];
            return;
        }
        further = Further(columnCount);
        begins = new int[(starts.Length - 1) * further];
        for (int row = 0; further > 0 && row + 1 < starts.Length; row++)
            begins.AsSpan(row * further, further).Fill(starts[row]);
    }

    private PairColumns(int[]? wide, ushort[] low) => (this.wide, this.low, begins) = (wide, low, []);

    /// <summary>Takes an array as it is.</summary>
    public static PairColumns Of(int[] columns) => new(columns, []);

    /// <summary>Takes an array as it is: columns below 65,536.</summary>
    public static PairColumns Of(ushort[] columns) => new(null, columns);

    /// <summary>How many columns there is room for.</summary>
    public int Length => wide?.Length ?? low.Length;

    /// <summary>Bytes of the arrays.</summary>
    public long CapacityBytes => sizeof(ushort) * (long)low.Length + sizeof(int) * ((long)begins.Length + (wide?.Length ?? 0));

    /// <summary>The columns as they lie; null where they are kept smaller.</summary>
    internal int[]? Wide => wide;

    /// <summary>Writes the next columns of a row, behind those that it has.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="at">Where they go among all pairs.</param>
    /// <param name="columns">Columns, ascending and behind those of the row so far.</param>
    /// <param name="added">Added to each.</param>
    public void Put(int row, int at, ReadOnlySpan<int> columns, int added = 0)
    {
        if (columns.IsEmpty)
            return;
        if (wide is not null)
        {
            for (int i = 0; i < columns.Length; i++)
                wide[at + i] = columns[i] + added;
            return;
        }
        int block = (columns[0] + added) >> BlockBits;
        for (int i = 0; i < columns.Length; i++)
        {
            int column = columns[i] + added;
            low[at + i] = (ushort)column;
            for (; block < column >> BlockBits; block++)
                begins[row * further + block] = at + i;
        }
        // The blocks to come begin behind what the row has so far.
        if (block < further)
            begins.AsSpan(row * further + block, further - block).Fill(at + columns.Length);
    }

    /// <summary>Copies a stretch of a row, as whole numbers.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="from">The first pair, not before the row's first.</param>
    /// <param name="end">Behind the last one, not behind the row's last.</param>
    /// <param name="into">Shape (end − from).</param>
    public void CopyTo(int row, int from, int end, Span<int> into)
    {
        if (wide is not null)
        {
            wide.AsSpan(from, end - from).CopyTo(into);
            return;
        }
        int at = from;
        for (int block = 0; block < further && at < end; block++)
        {
            int stop = Math.Clamp(begins[row * further + block], at, end);
            Widen(low.AsSpan(at, stop - at), block << BlockBits, into[(at - from)..]);
            at = stop;
        }
        Widen(low.AsSpan(at, end - at), further << BlockBits, into[(at - from)..]);
    }

    /// <summary>The first pair of a row, of those from <paramref name="from"/> to <paramref name="end"/>, whose column is not below a value. Only for columns of one block.</summary>
    internal int FirstFrom(int from, int end, int column)
    {
        int found = wide is not null ? wide.AsSpan(from, end - from).BinarySearch(column) : low.AsSpan(from, end - from).BinarySearch((ushort)column);
        return from + (found < 0 ? ~found : found);
    }

    /// <summary>The column of a pair. Only for columns of one block.</summary>
    internal int this[int at] => wide is not null ? wide[at] : low[at];

    /// <summary>The same pairs with other columns, in the same order; takes this over, so that there is no copy where its array serves.</summary>
    /// <param name="starts">Where each row begins, shape (rows + 1).</param>
    /// <param name="to">What takes the place of each column, ascending.</param>
    /// <param name="columnCount">Those are below this.</param>
    internal PairColumns TakeWith(ReadOnlySpan<int> starts, ReadOnlySpan<int> to, int columnCount)
    {
        if (wide is not null && !IsNarrow(starts, columnCount))
        {
            for (int at = 0; at < starts[^1]; at++)
                wide[at] = to[wide[at]];
            return this;
        }
        var taken = wide is null && IsNarrow(starts, columnCount) ? new PairColumns(starts, columnCount, low) : new PairColumns(starts, columnCount);
        int[] row = [];
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            int count = starts[r + 1] - starts[r];
            if (row.Length < count)
                row = new int[Math.Max(count, 2 * row.Length)];
            for (int i = 0; i < count; i++)
                row[i] = to[this[starts[r] + i]];
            taken.Put(r, starts[r], row.AsSpan(0, count));
        }
        return taken;
    }

    /// <summary>Blocks but the first.</summary>
    private static int Further(int columnCount) => Math.Max(0, (columnCount - 1) >> BlockBits);

    private static bool IsNarrow(ReadOnlySpan<int> starts, int columnCount) => 2L * (starts.Length - 1) * Further(columnCount) <= starts[^1];

    private static void Widen(ReadOnlySpan<ushort> from, int added, Span<int> into)
    {
        var plus = new Vector<uint>((uint)added);
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(from[i..]), out var lower, out var upper);
            (lower + plus).As<uint, int>().CopyTo(into[i..]);
            (upper + plus).As<uint, int>().CopyTo(into[(i + Vector<uint>.Count)..]);
        }
        for (; i < from.Length; i++)
            into[i] = from[i] + added;
    }
}
