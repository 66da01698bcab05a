using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansRec.Model;

/// <summary>Which rows of a block of codes reach a whole number with a query; every rung answers the same.</summary>
/// <remarks>
/// A block is eight strips of 16 rows; a strip holds codes 0 … 3 of its rows, then codes 4 … 7, and so on, so that the sums of 16 rows grow side by side and none is
/// ever added across a vector. Groups of four codes come in pairs. Codes of items are 1 … 127, of queries −63 … 63: two products and two more fit a short.
/// </remarks>
internal abstract unsafe class CodeKernels
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRows = 128;

    /// <summary>Rows of a strip.</summary>
    public const int StripRows = 16;

    /// <summary>Bytes of one group of a strip.</summary>
    public const int GroupBytes = StripRows * sizeof(int);

    /// <summary>Queries that <see cref="FindOfFour"/> takes.</summary>
    public const int QueriesTogether = 4;

    /// <summary>The widest rung that the machine has, chosen once.</summary>
    public static CodeKernels Widest { get; } =
        Vector512.IsHardwareAccelerated && Avx512BW.IsSupported ? All[3] : Vector256.IsHardwareAccelerated ? All[2] : Vector128.IsHardwareAccelerated ? All[1] : All[0];

    /// <summary>Every rung, for the tests.</summary>
    public static CodeKernels[] All =>
    [
        new ScalarCodeKernels(),
        new CodeKernels<CodeRung128, Vector128<byte>>("128"),
        new CodeKernels<CodeRung256, Vector256<byte>>("256"),
        new CodeKernels<CodeRung512, Vector512<byte>>("512"),
    ];

    /// <summary>The rung's name: "512", "256", "128" or "scalar".</summary>
    public abstract string Name { get; }

    /// <summary>The rows whose sum with one query is at least <paramref name="least"/>.</summary>
    /// <param name="block">Codes of a block.</param>
    /// <param name="groups">Groups of four codes in a row; even.</param>
    /// <param name="query">A query's codes, four to an int, shape (groups).</param>
    /// <param name="least">What a row must reach.</param>
    /// <param name="found">Receives one bit a row, shape (2).</param>
    public abstract void Find(byte* block, int groups, int* query, int least, ulong* found);

    /// <summary>The same for four queries at once.</summary>
    /// <param name="block">Codes of a block.</param>
    /// <param name="groups">Groups of four codes in a row; even.</param>
    /// <param name="queries">Codes of each query.</param>
    /// <param name="least">What a row must reach, shape (4).</param>
    /// <param name="found">Receives one bit a row, shape (4, 2).</param>
    public abstract void FindOfFour(byte* block, int groups, int** queries, int* least, ulong* found);
}

/// <summary>The kernels over one rung.</summary>
internal sealed unsafe class CodeKernels<TRung, V>(string name) : CodeKernels
    where TRung : struct, ICodeRung<V>
    where V : struct
{
    public override string Name => name;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Find(byte* block, int groups, int* query, int least, ulong* found)
    {
        found[0] = found[1] = 0;
        V limit = TRung.Broadcast(least);
        nint blockBytes = (nint)groups * sizeof(int) * BlockRows;
        for (int row = 0; row < BlockRows; row += 4 * TRung.Rows)
        {
            byte* p0 = At(block, groups, row), p1 = At(block, groups, row + TRung.Rows);
            byte* p2 = At(block, groups, row + 2 * TRung.Rows), p3 = At(block, groups, row + 3 * TRung.Rows);
            V s0 = default, s1 = default, s2 = default, s3 = default;
            for (int g = 0; g < groups; g += 2)
            {
                V q0 = TRung.Broadcast(query[g]), q1 = TRung.Broadcast(query[g + 1]);
                nint at = (nint)g * GroupBytes;
                // The next block, as the hardware does not follow four streams of a strip's length.
                Prefetch(p0 + blockBytes + at);
                Prefetch(p1 + blockBytes + at);
                Prefetch(p2 + blockBytes + at);
                Prefetch(p3 + blockBytes + at);
                s0 = Add(p0 + at, q0, q1, s0);
                s1 = Add(p1 + at, q0, q1, s1);
                s2 = Add(p2 + at, q0, q1, s2);
                s3 = Add(p3 + at, q0, q1, s3);
            }
            ulong bits = TRung.AtLeast(s0, limit) | (ulong)TRung.AtLeast(s1, limit) << TRung.Rows
                | (ulong)TRung.AtLeast(s2, limit) << (2 * TRung.Rows) | (ulong)TRung.AtLeast(s3, limit) << (3 * TRung.Rows);
            found[row >> 6] |= bits << row;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void FindOfFour(byte* block, int groups, int** queries, int* least, ulong* found)
    {
        for (int i = 0; i < 2 * QueriesTogether; i++)
            found[i] = 0;
        int* qa = queries[0], qb = queries[1], qc = queries[2], qd = queries[3];
        for (int row = 0; row < BlockRows; row += 2 * TRung.Rows)
        {
            byte* p0 = At(block, groups, row), p1 = At(block, groups, row + TRung.Rows);
            V a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            for (int g = 0; g < groups; g += 2, p0 += 2 * GroupBytes, p1 += 2 * GroupBytes)
            {
                V x0 = TRung.Load(p0), y0 = TRung.Load(p0 + GroupBytes), x1 = TRung.Load(p1), y1 = TRung.Load(p1 + GroupBytes);
                V q = TRung.Broadcast(qa[g]), r = TRung.Broadcast(qa[g + 1]);
                a0 = Add(x0, y0, q, r, a0);
                a1 = Add(x1, y1, q, r, a1);
                (q, r) = (TRung.Broadcast(qb[g]), TRung.Broadcast(qb[g + 1]));
                b0 = Add(x0, y0, q, r, b0);
                b1 = Add(x1, y1, q, r, b1);
                (q, r) = (TRung.Broadcast(qc[g]), TRung.Broadcast(qc[g + 1]));
                c0 = Add(x0, y0, q, r, c0);
                c1 = Add(x1, y1, q, r, c1);
                (q, r) = (TRung.Broadcast(qd[g]), TRung.Broadcast(qd[g + 1]));
                d0 = Add(x0, y0, q, r, d0);
                d1 = Add(x1, y1, q, r, d1);
            }
            int word = row >> 6;
            found[word] |= Bits(a0, a1, least[0]) << row;
            found[2 + word] |= Bits(b0, b1, least[1]) << row;
            found[4 + word] |= Bits(c0, c1, least[2]) << row;
            found[6 + word] |= Bits(d0, d1, least[3]) << row;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* group)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(group);
        Sse.Prefetch0(group + GroupBytes);
    }

    /// <summary>The codes of a row's first group; rows of one vector lie side by side within a strip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* At(byte* block, int groups, int row) =>
        block + (nint)(row / StripRows) * groups * GroupBytes + row % StripRows * sizeof(int);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(byte* codes, V q0, V q1, V sum) => Add(TRung.Load(codes), TRung.Load(codes + GroupBytes), q0, q1, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(V codes0, V codes1, V q0, V q1, V sum) =>
        TRung.AddPairs(TRung.AddShorts(TRung.PairSums(codes0, q0), TRung.PairSums(codes1, q1)), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(V low, V high, int least)
    {
        V limit = TRung.Broadcast(least);
        return TRung.AtLeast(low, limit) | (ulong)TRung.AtLeast(high, limit) << TRung.Rows;
    }
}

/// <summary>Without vectors.</summary>
internal sealed unsafe class ScalarCodeKernels : CodeKernels
{
    public override string Name => "scalar";

    public override void Find(byte* block, int groups, int* query, int least, ulong* found)
    {
        found[0] = found[1] = 0;
        for (int row = 0; row < BlockRows; row++)
        {
            byte* codes = block + (nint)(row / StripRows) * groups * GroupBytes + row % StripRows * sizeof(int);
            int sum = 0;
            for (int g = 0; g < groups; g++, codes += GroupBytes)
            {
                var q = (sbyte*)(query + g);
                sum += codes[0] * q[0] + codes[1] * q[1] + codes[2] * q[2] + codes[3] * q[3];
            }
            if (sum >= least)
                found[row >> 6] |= 1UL << row;
        }
    }

    public override void FindOfFour(byte* block, int groups, int** queries, int* least, ulong* found)
    {
        for (int i = 0; i < QueriesTogether; i++)
            Find(block, groups, queries[i], least[i], found + 2 * i);
    }
}
