using System.Buffers;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules.Plans;

/// <summary>Gives a number for every row, or a time in milliseconds; NaN where it is missing.</summary>
internal abstract class NumbersPlan
{
    /// <summary>Writes the numbers of some rows, shape (rows.Count).</summary>
    public abstract void Fill(in RowRange rows, Span<double> into);

    /// <summary>Whether all are missing, as far as that can be told without looking at rows.</summary>
    public virtual bool AreMissing(in RowRange rows) => false;
}

internal sealed class ConstantNumbers(double value) : NumbersPlan
{
    public double Value => value;

    public override void Fill(in RowRange rows, Span<double> into) => into.Fill(value);
}

internal sealed class ColumnNumbers(ColumnName column) : NumbersPlan
{
    public override bool AreMissing(in RowRange rows) => column.Of(rows.Chunk) is null;

    public override void Fill(in RowRange rows, Span<double> into)
    {
        if (column.Of(rows.Chunk) is NumberChunk numbers)
            numbers.Values.AsSpan(rows.First, rows.Count).CopyTo(into);
        else
            into.Fill(double.NaN);
    }
}

/// <summary>Labels read as numbers.</summary>
internal sealed class LabelNumbers(ColumnName column) : NumbersPlan
{
    public override void Fill(in RowRange rows, Span<double> into)
    {
        into.Fill(double.NaN);
        if (column.Of(rows.Chunk) is not LabelChunk labels || column.Codes is not { } codes)
            return;
        for (int n = 0; n < into.Length; n++)
            if (labels.Codes[rows.First + n] is >= 0 and int code)
                into[n] = codes.NumberAt(code);
    }
}

/// <summary>Texts read as numbers.</summary>
internal sealed class TextNumbers(TextsPlan texts) : NumbersPlan
{
    public override void Fill(in RowRange rows, Span<double> into)
    {
        using var rented = new RentedTexts(texts, rows);
        for (int n = 0; n < into.Length; n++)
            into[n] = rented.Texts[n] is { } text ? TextCodes.NumberOf(text) : double.NaN;
    }
}

internal sealed class TextSizes(TextsPlan texts) : NumbersPlan
{
    public override void Fill(in RowRange rows, Span<double> into)
    {
        using var rented = new RentedTexts(texts, rows);
        for (int n = 0; n < into.Length; n++)
            into[n] = rented.Texts[n] is { } text ? RuleConstants.SizeOf(text) : double.NaN;
    }
}

/// <summary>Lengths of lists; a list that an item lacks is empty.</summary>
internal sealed class ListSizes(ColumnName column) : NumbersPlan
{
    public override void Fill(in RowRange rows, Span<double> into)
    {
        var lists = column.Of(rows.Chunk) as ListChunk;
        for (int n = 0; n < into.Length; n++)
            into[n] = lists is null ? 0 : lists.Starts[rows.First + n + 1] - lists.Starts[rows.First + n];
    }
}

/// <summary>+, −, ·, / of two numbers; what is not finite is missing.</summary>
/// <param name="op">The operator.</param>
/// <param name="left">The left side.</param>
/// <param name="right">The right side.</param>
/// <param name="rightScale">Multiplies the right side before: 1000 where it is seconds beside a time.</param>
/// <param name="scale">Divides the result: 1000 where it is the seconds between two times.</param>
internal sealed class ArithmeticNumbers(RuleOp op, NumbersPlan left, NumbersPlan right, double rightScale, double scale) : NumbersPlan
{
    public override bool AreMissing(in RowRange rows) => left.AreMissing(rows) || right.AreMissing(rows);

    public override void Fill(in RowRange rows, Span<double> into)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(rows.Count);
        Span<double> others = rented.AsSpan(0, rows.Count);
        left.Fill(rows, into);
        right.Fill(rows, others);
        for (int n = 0; n < into.Length; n++)
        {
            double result = RuleConstants.Arithmetic(op, into[n], others[n] * rightScale) / scale;
            into[n] = double.IsFinite(result) ? result : double.NaN;
        }
        ArrayPool<double>.Shared.Return(rented);
    }
}

internal sealed class NegatedNumbers(NumbersPlan numbers) : NumbersPlan
{
    public override void Fill(in RowRange rows, Span<double> into)
    {
        numbers.Fill(rows, into);
        foreach (ref double number in into)
            number = -number;
    }
}

internal sealed class ConditionalNumbers(BitsPlan condition, NumbersPlan yes, NumbersPlan no) : NumbersPlan
{
    public override void Fill(in RowRange rows, Span<double> into)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(rows.Count);
        Span<ulong> bits = stackalloc ulong[ItemColumns.ChunkRows / 64];
        condition.Fill(rows, bits[..rows.Words]);
        yes.Fill(rows, into);
        no.Fill(rows, rented.AsSpan(0, rows.Count));
        for (int n = 0; n < into.Length; n++)
            if (!RowWords.Has(bits, n))
                into[n] = rented[n];
        ArrayPool<double>.Shared.Return(rented);
    }
}
