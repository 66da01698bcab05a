namespace OrleansRec.Model;

/// <summary>Solved rows on their way out of the eigenbasis: many at a time, because turning rows together is a matrix product that stays in registers.</summary>
internal unsafe ref struct RowsLeaving(RotatedSide side, ApproximateScratch scratch, Span<float> factors, int origin)
{
    private readonly Span<float> factors = factors;
    private int count;

    /// <summary>Takes a solved row, padded, in the basis.</summary>
    public void Add(int row, ReadOnlySpan<float> x)
    {
        x.CopyTo(scratch.Inside.Span[(count * side.Size)..]);
        scratch.Leaving[count++] = row;
        if (count == ApproximateScratch.LeavingMax)
            Flush();
    }

    /// <summary>Writes what was taken to the factors.</summary>
    public void Flush()
    {
        int width = side.Options.Width;
        side.Leave(scratch.Inside.Pointer, count, scratch.Outside.Pointer);
        for (int i = 0; i < count; i++)
            scratch.Outside.Span.Slice(i * side.Size, width).CopyTo(factors.Slice((scratch.Leaving[i] - origin) * width, width));
        count = 0;
    }
}
