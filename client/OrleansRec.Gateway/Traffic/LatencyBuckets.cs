using System.Numerics;

namespace OrleansRec.Gateway;

/// <summary>Fixed buckets of latencies in microseconds: 16 for each power of two, so a percentile is at most 1/16 too high.</summary>
/// <remarks>Worked example: 0 … 15 µs have a bucket each; 16 … 31 µs too; 32 … 63 µs have one for each two; 1,000 µs lies in 992 … 1,023 (bucket 111).</remarks>
internal static class LatencyBuckets
{
    private const int SubBits = 4;
    private const int SubCount = 1 << SubBits;
    private const int LogMax = 36;

    /// <summary>How many buckets there are; the last one also holds everything above 2³⁷ µs.</summary>
    public const int Count = (LogMax - SubBits + 2) * SubCount;

    public static int Of(long microseconds)
    {
        ulong v = (ulong)Math.Clamp(microseconds, 0, (2L << LogMax) - 1);
        if (v < SubCount)
            return (int)v;
        int log = BitOperations.Log2(v);
        return (log - SubBits + 1) * SubCount + (int)(v >> (log - SubBits) & (SubCount - 1));
    }

    /// <summary>The largest value of a bucket, in microseconds.</summary>
    public static long UpperBound(int bucket)
    {
        if (bucket < SubCount)
            return bucket;
        int shift = bucket / SubCount - 1;
        return ((long)(SubCount + bucket % SubCount + 1) << shift) - 1;
    }

    /// <summary>The value that <paramref name="share"/> of the counted latencies do not exceed, in milliseconds; 0 where there are none.</summary>
    public static double PercentileMs(ReadOnlySpan<long> counts, double share)
    {
        long total = 0;
        foreach (long count in counts)
            total += count;
        if (total == 0)
            return 0;
        long rank = Math.Max(1, (long)Math.Ceiling(share * total));
        for (int b = 0; b < counts.Length; b++)
            if ((rank -= counts[b]) <= 0)
                return UpperBound(b) / 1000.0;
        return 0;
    }
}
