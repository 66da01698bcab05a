using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansRec.Model;

/// <summary>Products of byte codes at one vector width: unsigned codes of items with signed codes of a query, in whole numbers, so that every rung gives the same.</summary>
/// <typeparam name="V">A vector of bytes; what its bits hold (bytes, shorts or ints) the operation says.</typeparam>
internal unsafe interface ICodeRung<V>
    where V : struct
{
    /// <summary>Ints in a vector, which is the rows that it holds four codes of.</summary>
    static abstract int Rows { get; }

    static abstract V Load(byte* source);

    /// <summary>The int in every place.</summary>
    static abstract V Broadcast(int value);

    /// <summary>Shorts: codes[2n]·query[2n] + codes[2n+1]·query[2n+1].</summary>
    static abstract V PairSums(V codes, V query);

    /// <summary>Shorts: a + b.</summary>
    static abstract V AddShorts(V a, V b);

    /// <summary>Ints: sum[n] + shorts[2n] + shorts[2n+1].</summary>
    static abstract V AddPairs(V shorts, V sum);

    /// <summary>One bit an int, set where it is at least <paramref name="least"/>'s.</summary>
    static abstract uint AtLeast(V ints, V least);
}

/// <summary>128 bits: SSSE3, or what the machine has.</summary>
internal readonly unsafe struct CodeRung128 : ICodeRung<Vector128<byte>>
{
    public static int Rows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(byte* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Broadcast(int value) => Vector128.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PairSums(Vector128<byte> codes, Vector128<byte> query)
    {
        if (Ssse3.IsSupported)
            return Ssse3.MultiplyAddAdjacent(codes, query.AsSByte()).AsByte();
        var even = (codes.AsInt16() & Vector128.Create((short)0xFF)) * Vector128.ShiftRightArithmetic(query.AsInt16() << 8, 8);
        return (even + (codes.AsInt16() >>> 8) * Vector128.ShiftRightArithmetic(query.AsInt16(), 8)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddShorts(Vector128<byte> a, Vector128<byte> b) => (a.AsInt16() + b.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddPairs(Vector128<byte> shorts, Vector128<byte> sum) => (sum.AsInt32() + (Sse2.IsSupported
        ? Sse2.MultiplyAddAdjacent(shorts.AsInt16(), Vector128<short>.One)
        : Vector128.ShiftRightArithmetic(shorts.AsInt32() << 16, 16) + Vector128.ShiftRightArithmetic(shorts.AsInt32(), 16))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtLeast(Vector128<byte> ints, Vector128<byte> least) =>
        Vector128.GreaterThanOrEqual(ints.AsInt32(), least.AsInt32()).ExtractMostSignificantBits();
}

/// <summary>256 bits: AVX2.</summary>
internal readonly unsafe struct CodeRung256 : ICodeRung<Vector256<byte>>
{
    public static int Rows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Broadcast(int value) => Vector256.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> PairSums(Vector256<byte> codes, Vector256<byte> query) => Avx2.IsSupported
        ? Avx2.MultiplyAddAdjacent(codes, query.AsSByte()).AsByte()
        : Vector256.Create(CodeRung128.PairSums(codes.GetLower(), query.GetLower()), CodeRung128.PairSums(codes.GetUpper(), query.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddShorts(Vector256<byte> a, Vector256<byte> b) => (a.AsInt16() + b.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddPairs(Vector256<byte> shorts, Vector256<byte> sum) => Avx2.IsSupported
        ? (sum.AsInt32() + Avx2.MultiplyAddAdjacent(shorts.AsInt16(), Vector256<short>.One)).AsByte()
        : Vector256.Create(CodeRung128.AddPairs(shorts.GetLower(), sum.GetLower()), CodeRung128.AddPairs(shorts.GetUpper(), sum.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtLeast(Vector256<byte> ints, Vector256<byte> least) =>
        Vector256.GreaterThanOrEqual(ints.AsInt32(), least.AsInt32()).ExtractMostSignificantBits();
}

/// <summary>512 bits: AVX-512 with byte and word operations.</summary>
internal readonly unsafe struct CodeRung512 : ICodeRung<Vector512<byte>>
{
    public static int Rows => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Broadcast(int value) => Vector512.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> PairSums(Vector512<byte> codes, Vector512<byte> query) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(codes, query.AsSByte()).AsByte()
        : Vector512.Create(CodeRung256.PairSums(codes.GetLower(), query.GetLower()), CodeRung256.PairSums(codes.GetUpper(), query.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddShorts(Vector512<byte> a, Vector512<byte> b) => (a.AsInt16() + b.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddPairs(Vector512<byte> shorts, Vector512<byte> sum) => Avx512BW.IsSupported
        ? (sum.AsInt32() + Avx512BW.MultiplyAddAdjacent(shorts.AsInt16(), Vector512<short>.One)).AsByte()
        : Vector512.Create(CodeRung256.AddPairs(shorts.GetLower(), sum.GetLower()), CodeRung256.AddPairs(shorts.GetUpper(), sum.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtLeast(Vector512<byte> ints, Vector512<byte> least) =>
        (uint)Vector512.GreaterThanOrEqual(ints.AsInt32(), least.AsInt32()).ExtractMostSignificantBits();
}
