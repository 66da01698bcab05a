using System.Buffers;
using System.Runtime.Intrinsics;

namespace OrleansRec.Model.Rules.Plans;

/// <summary>A comparison of two numbers, which NaN never meets.</summary>
internal interface INumberComparison
{
    static abstract bool Holds(double left, double right);

    static abstract Vector256<double> Holds(Vector256<double> left, Vector256<double> right);
}

internal readonly struct IsEqual : INumberComparison
{
    public static bool Holds(double left, double right) => left == right;

    public static Vector256<double> Holds(Vector256<double> left, Vector256<double> right) => Vector256.Equals(left, right);
}

internal readonly struct IsUnequal : INumberComparison
{
    public static bool Holds(double left, double right) => left < right || left > right;

    public static Vector256<double> Holds(Vector256<double> left, Vector256<double> right) => Vector256.LessThan(left, right) | Vector256.GreaterThan(left, right);
}

internal readonly struct IsLess : INumberComparison
{
    public static bool Holds(double left, double right) => left < right;

    public static Vector256<double> Holds(Vector256<double> left, Vector256<double> right) => Vector256.LessThan(left, right);
}

internal readonly struct IsAtMost : INumberComparison
{
    public static bool Holds(double left, double right) => left <= right;

    public static Vector256<double> Holds(Vector256<double> left, Vector256<double> right) => Vector256.LessThanOrEqual(left, right);
}

/// <summary>Compares numbers row by row.</summary>
internal sealed class NumberComparisonBits<TComparison>(NumbersPlan left, NumbersPlan right) : BitsPlan
    where TComparison : struct, INumberComparison
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        if (left.AreMissing(rows) || right.AreMissing(rows))
        {
            into.Clear();
            return;
        }
        double[] rented = ArrayPool<double>.Shared.Rent(2 * rows.Count);
        Span<double> lefts = rented.AsSpan(0, rows.Count), rights = rented.AsSpan(rows.Count, rows.Count);
        left.Fill(rows, lefts);
        right.Fill(rows, rights);
        for (int word = 0; word < into.Length; word++)
            into[word] = Word(lefts.Slice(word * 64, 64), rights.Slice(word * 64, 64));
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>64 comparisons. By hand, as nothing in TensorPrimitives gives bits: see `bench rules`.</summary>
    internal static ulong Word(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (!Vector256.IsHardwareAccelerated)
            return ScalarWord(a, b);
        ulong bits = 0;
        for (int n = 0; n < 64; n += Vector256<double>.Count)
            bits |= (ulong)TComparison.Holds(Vector256.Create(a[n..]), Vector256.Create(b[n..])).ExtractMostSignificantBits() << n;
        return bits;
    }

    /// <summary>The same, one by one.</summary>
    internal static ulong ScalarWord(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ulong bits = 0;
        for (int n = 0; n < 64; n++)
            bits |= (TComparison.Holds(a[n], b[n]) ? 1UL : 0) << n;
        return bits;
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
