using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansRec.Bench.Goals;

namespace OrleansRec.Bench.Kernels;

/// <summary>What one core gives: multiply-adds in registers, and reading from memory. Medians; goals compare with what is measured beside them.</summary>
/// <param name="Peak">Float operations a second, a multiply-add being two.</param>
/// <param name="Bandwidth">Bytes read a second.</param>
internal sealed record MachineLimits(double Peak, double Bandwidth)
{
    private const int PeakAttempts = 7;
    private const int BlockFloats = 24 * 1024 * 1024;

    /// <summary>Keeps the loop from being dropped.</summary>
    private static float sink;

    public static MachineLimits Measure() => new(Attempts.Of(PeakAttempts, () => MultiplyAddLoop.Rate(1)).Median, ReadBandwidth());

    /// <summary>Of one core that reads a block larger than its caches from end to end.</summary>
    private static double ReadBandwidth()
    {
        var block = new float[BlockFloats];
        // Untouched memory is one shared page of zeros, which every cache holds.
        Array.Fill(block, 1f);
        return block.Length * 4.0 / MedianRun.Seconds(() => ReadOnce(block));
    }

    /// <summary>Reads a block from end to end.</summary>
    public static void ReadOnce(float[] block) => sink = Read(block);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Read(float[] block)
    {
        ref float first = ref block[0];
        Vector256<float> a0 = default, a1 = a0, a2 = a0, a3 = a0;
        for (nuint i = 0; i + 32 <= (nuint)block.Length; i += 32)
        {
            a0 += Vector256.LoadUnsafe(ref first, i);
            a1 += Vector256.LoadUnsafe(ref first, i + 8);
            a2 += Vector256.LoadUnsafe(ref first, i + 16);
            a3 += Vector256.LoadUnsafe(ref first, i + 24);
        }
        return Vector256.Sum(a0 + a1 + a2 + a3);
    }
}
