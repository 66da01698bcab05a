namespace OrleansRec.Model;

/// <summary>Solved rows on their way out of the eigenbasis: many at a time, because turning rows together is a matrix product that stays in registers.</summary>
/// <remarks>Turned alone or with others, a row gets the same bits.</remarks>
internal ref struct RowsLeaving(IEigenbasisSide side, LeavingScratch scratch, int width, Span<float> factors, int origin)
{
    private readonly Span<float> factors = factors;
    private int count;

    /// <summary>The rows taken since the last <see cref="Flush"/>.</summary>
    public readonly ReadOnlySpan<int> Taken => scratch.Rows.AsSpan(0, count);

    /// <summary>Whether there is no room for another before <see cref="Flush"/>.</summary>
    public readonly bool IsFull => count == LeavingScratch.RowsMax;

    /// <summary>Takes a solved row, padded, in the basis; flushes before where it must.</summary>
    public void Add(int row, ReadOnlySpan<float> x)
    {
        if (IsFull)
            Flush();
        x.CopyTo(scratch.Inside.Span[(count * side.Size)..]);
        scratch.Rows[count++] = row;
    }

    /// <summary>Writes what was taken to the factors.</summary>
    public void Flush()
    {
        side.Leave(scratch.Inside, count, scratch.Outside);
        for (int i = 0; i < count; i++)
            scratch.Outside.Span.Slice(i * side.Size, width).CopyTo(factors.Slice((scratch.Rows[i] - origin) * width, width));
        count = 0;
    }
}

/// <summary>Where rows wait that leave together.</summary>
internal sealed class LeavingScratch(int size)
{
    /// <summary>Rows that leave together.</summary>
    public const int RowsMax = 64;

    /// <summary>Which rows.</summary>
    public int[] Rows { get; } = new int[RowsMax];

    /// <summary>Those rows in the basis, shape (<see cref="RowsMax"/>, size).</summary>
    public AlignedBlock<float> Inside { get; } = new(RowsMax * size);

    /// <summary>And out of it.</summary>
    public AlignedBlock<float> Outside { get; } = new(RowsMax * size);
}
