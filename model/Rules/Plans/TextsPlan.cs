using System.Buffers;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules.Plans;

/// <summary>Gives a text for every row; null where it is missing.</summary>
internal abstract class TextsPlan
{
    /// <summary>Writes the texts of some rows, shape (rows.Count).</summary>
    public abstract void Fill(in RowRange rows, Span<string?> into);
}

internal sealed class ConstantTexts(string? value) : TextsPlan
{
    public override void Fill(in RowRange rows, Span<string?> into) => into.Fill(value);
}

internal sealed class ColumnTexts(ColumnName column) : TextsPlan
{
    public override void Fill(in RowRange rows, Span<string?> into)
    {
        into.Clear();
        ColumnChunk? chunk = column.Of(rows.Chunk);
        if (chunk is TextChunk texts)
            texts.Texts.AsSpan(rows.First, rows.Count).CopyTo(into);
        else if (chunk is LabelChunk labels && column.Codes is { } codes)
            for (int n = 0; n < into.Length; n++)
                if (labels.Codes[rows.First + n] is >= 0 and int code)
                    into[n] = codes[code];
    }
}

internal sealed class ConditionalTexts(BitsPlan condition, TextsPlan yes, TextsPlan no) : TextsPlan
{
    public override void Fill(in RowRange rows, Span<string?> into)
    {
        Span<ulong> bits = stackalloc ulong[ItemColumns.ChunkRows / 64];
        condition.Fill(rows, bits[..rows.Words]);
        yes.Fill(rows, into);
        using var others = new RentedTexts(no, rows);
        for (int n = 0; n < into.Length; n++)
            if (!RowWords.Has(bits, n))
                into[n] = others.Texts[n];
    }
}

/// <summary>Texts of some rows, in an array of a pool.</summary>
internal readonly ref struct RentedTexts
{
    private readonly string?[] _rented;

    public RentedTexts(TextsPlan plan, in RowRange rows)
    {
        _rented = ArrayPool<string?>.Shared.Rent(rows.Count);
        Texts = _rented.AsSpan(0, rows.Count);
        plan.Fill(rows, Texts);
    }

    public Span<string?> Texts { get; }

    public void Dispose()
    {
        // The pool must not keep texts alive.
        Texts.Clear();
        ArrayPool<string?>.Shared.Return(_rented);
    }
}
