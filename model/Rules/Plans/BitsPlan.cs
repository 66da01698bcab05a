using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules.Plans;

/// <summary>Says of every row whether something holds.</summary>
internal abstract class BitsPlan
{
    /// <summary>Writes one bit for each of some rows, shape (rows.Words).</summary>
    public abstract void Fill(in RowRange rows, Span<ulong> into);

    /// <summary>Writes which rows have the value at all; what has none counts as false.</summary>
    public virtual void FillPresent(in RowRange rows, Span<ulong> into) => into.Fill(ulong.MaxValue);
}

internal sealed class ConstantBits(bool? value) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into) => into.Fill(value == true ? ulong.MaxValue : 0);

    public override void FillPresent(in RowRange rows, Span<ulong> into) => into.Fill(value is null ? 0 : ulong.MaxValue);
}

internal sealed class ColumnBits(ColumnName column) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        into.Clear();
        if (column.Of(rows.Chunk) is FlagChunk flags)
            flags.Values.AsSpan(rows.FirstWord, rows.Words).CopyTo(into);
    }

    public override void FillPresent(in RowRange rows, Span<ulong> into)
    {
        into.Clear();
        if (column.Of(rows.Chunk) is FlagChunk flags)
            flags.Present.AsSpan(rows.FirstWord, rows.Words).CopyTo(into);
    }
}

/// <summary>Whether items have a value.</summary>
internal sealed class HasBits(ColumnName column) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        into.Clear();
        switch (column.Of(rows.Chunk))
        {
            case NumberChunk numbers:
                numbers.Present.AsSpan(rows.FirstWord, rows.Words).CopyTo(into);
                break;
            case FlagChunk flags:
                flags.Present.AsSpan(rows.FirstWord, rows.Words).CopyTo(into);
                break;
            case { } chunk:
                for (int n = 0; n < rows.Count; n++)
                    if (Has(chunk, rows.First + n))
                        RowWords.Set(into, n, true);
                break;
        }
    }

    private static bool Has(ColumnChunk chunk, int row) => chunk switch
    {
        TextChunk texts => texts.Texts[row] is not null,
        LabelChunk labels => labels.Codes[row] >= 0,
        _ => !((ListChunk)chunk).At(row).IsEmpty,
    };
}

internal sealed class NotBits(BitsPlan bits) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        bits.Fill(rows, into);
        foreach (ref ulong word in into)
            word = ~word;
    }
}

/// <summary>All of several, or any of them.</summary>
internal sealed class JunctionBits(BitsPlan[] parts, bool isAnd) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        Span<ulong> other = stackalloc ulong[ItemColumns.ChunkRows / 64];
        other = other[..rows.Words];
        parts[0].Fill(rows, into);
        for (int n = 1; n < parts.Length; n++)
        {
            parts[n].Fill(rows, other);
            if (isAnd)
                RowWords.And(into, other);
            else
                RowWords.Or(into, other);
        }
    }
}

/// <summary>Whether two truth values are equal, or differ; neither holds where one is missing.</summary>
internal sealed class EqualBits(BitsPlan left, BitsPlan right, bool areEqual) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        Span<ulong> other = stackalloc ulong[ItemColumns.ChunkRows / 64];
        other = other[..rows.Words];
        left.Fill(rows, into);
        right.Fill(rows, other);
        for (int n = 0; n < into.Length; n++)
            into[n] = areEqual ? ~(into[n] ^ other[n]) : into[n] ^ other[n];
        left.FillPresent(rows, other);
        RowWords.And(into, other);
        right.FillPresent(rows, other);
        RowWords.And(into, other);
    }
}

internal sealed class ConditionalBits(BitsPlan condition, BitsPlan yes, BitsPlan no) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        Span<ulong> other = stackalloc ulong[ItemColumns.ChunkRows / 64];
        yes.Fill(rows, into);
        no.Fill(rows, other[..rows.Words]);
        Choose(rows, into, other[..rows.Words]);
    }

    public override void FillPresent(in RowRange rows, Span<ulong> into)
    {
        Span<ulong> other = stackalloc ulong[ItemColumns.ChunkRows / 64];
        yes.FillPresent(rows, into);
        no.FillPresent(rows, other[..rows.Words]);
        Choose(rows, into, other[..rows.Words]);
    }

    private void Choose(in RowRange rows, Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        Span<ulong> chosen = stackalloc ulong[ItemColumns.ChunkRows / 64];
        condition.Fill(rows, chosen[..rows.Words]);
        for (int n = 0; n < into.Length; n++)
            into[n] = (into[n] & chosen[n]) | (other[n] & ~chosen[n]);
    }
}
