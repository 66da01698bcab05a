using System.Buffers;

namespace OrleansRec.Model.Rules.Plans;

/// <summary>A comparison of two numbers, which NaN never meets.</summary>
internal interface INumberComparison
{
    static abstract bool Holds(double left, double right);
}

internal readonly struct IsEqual : INumberComparison
{
    public static bool Holds(double left, double right) => left == right;
}

internal readonly struct IsUnequal : INumberComparison
{
    public static bool Holds(double left, double right) => left < right || left > right;
}

internal readonly struct IsLess : INumberComparison
{
    public static bool Holds(double left, double right) => left < right;
}

internal readonly struct IsAtMost : INumberComparison
{
    public static bool Holds(double left, double right) => left <= right;
}

/// <summary>Compares numbers row by row.</summary>
internal sealed class NumberComparisonBits<TComparison>(NumbersPlan left, NumbersPlan right) : BitsPlan
    where TComparison : struct, INumberComparison
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(2 * rows.Count);
        Span<double> lefts = rented.AsSpan(0, rows.Count), rights = rented.AsSpan(rows.Count, rows.Count);
        left.Fill(rows, lefts);
        right.Fill(rows, rights);
        for (int word = 0; word < into.Length; word++)
        {
            ReadOnlySpan<double> a = lefts.Slice(word * 64, 64), b = rights.Slice(word * 64, 64);
            ulong bits = 0;
            for (int n = 0; n < 64; n++)
                bits |= (TComparison.Holds(a[n], b[n]) ? 1UL : 0) << n;
            into[word] = bits;
        }
        ArrayPool<double>.Shared.Return(rented);
    }
}

internal sealed class NumberInListBits(NumbersPlan numbers, double[] list) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(rows.Count);
        numbers.Fill(rows, rented.AsSpan(0, rows.Count));
        into.Clear();
        for (int n = 0; n < rows.Count; n++)
            if (!double.IsNaN(rented[n]) && list.AsSpan().Contains(rented[n]))
                Items.RowWords.Set(into, n, true);
        ArrayPool<double>.Shared.Return(rented);
    }
}
