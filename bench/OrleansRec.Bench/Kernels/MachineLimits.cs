using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansRec.Bench.Kernels;

/// <summary>What one core can do at most: multiply-adds in registers, and reading from memory.</summary>
/// <param name="Peak">Float operations a second, a multiply-add being two.</param>
/// <param name="Bandwidth">Bytes read a second.</param>
internal sealed record MachineLimits(double Peak, double Bandwidth)
{
    private const int Rounds = 20_000;
    private const int BlockFloats = 24 * 1024 * 1024;

    /// <summary>A dozen milliseconds of multiply-adds, long beside the start of a thread; and how often.</summary>
    private const int ProcessorRounds = 300, ProcessorTries = 10;

    public static MachineLimits Measure() => new(MultiplyAddPeak(), ReadBandwidth());

    /// <summary>The multiply-adds of as many threads as there are processors over those of one: their number, less where a neighbour has some of them at the moment.</summary>
    public static double ProcessorsNow()
    {
        int count = Environment.ProcessorCount;
        double one = double.MaxValue, all = 0;
        for (int attempt = 0; attempt < ProcessorTries; attempt++)
        {
            one = Math.Min(one, SecondsOnThreads(1));
            all += SecondsOnThreads(count) / ProcessorTries;
        }
        return count * one / all;
    }

    private static double SecondsOnThreads(int count)
    {
        using var begin = new Barrier(count);
        Thread[] others = [.. Enumerable.Range(1, count - 1).Select(_ => new Thread(() => { begin.SignalAndWait(); Work(); }))];
        foreach (Thread thread in others)
            thread.Start();
        begin.SignalAndWait();
        long start = Stopwatch.GetTimestamp();
        Work();
        foreach (Thread thread in others)
            thread.Join();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;

        static void Work()
        {
            float sum = 0;
            for (int round = 0; round < ProcessorRounds; round++)
                sum += Loop256(1.0000001f);
            Sink = sum;
        }
    }

    /// <summary>The better of 256 and 512 bits.</summary>
    private static double MultiplyAddPeak()
    {
        double best = Rounds * 12 * 2.0 * 8 / Fastest.Seconds(() => Sink = Loop256(1.0000001f));
        return Vector512.IsHardwareAccelerated ? Math.Max(best, Rounds * 12 * 2.0 * 16 / Fastest.Seconds(() => Sink = Loop512(1.0000001f))) : best;
    }

    /// <summary>Of one core that reads a block larger than its caches from end to end.</summary>
    private static double ReadBandwidth()
    {
        var block = new float[BlockFloats];
        // Untouched memory is one shared page of zeros, which every cache holds.
        Array.Fill(block, 1f);
        return block.Length * 4.0 / Fastest.Seconds(() => Sink = Read(block));
    }

    /// <summary>Reads a block from end to end.</summary>
    public static void ReadOnce(float[] block) => Sink = Read(block);

    /// <summary>Keeps the loops from being dropped.</summary>
    public static float Sink { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Loop256(float start)
    {
        Vector256<float> m = Vector256.Create(start), a0 = m, a1 = m, a2 = m, a3 = m, a4 = m, a5 = m, a6 = m, a7 = m, a8 = m, a9 = m, a10 = m, a11 = m;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = Vector256.MultiplyAddEstimate(a0, m, m);
            a1 = Vector256.MultiplyAddEstimate(a1, m, m);
            a2 = Vector256.MultiplyAddEstimate(a2, m, m);
            a3 = Vector256.MultiplyAddEstimate(a3, m, m);
            a4 = Vector256.MultiplyAddEstimate(a4, m, m);
            a5 = Vector256.MultiplyAddEstimate(a5, m, m);
            a6 = Vector256.MultiplyAddEstimate(a6, m, m);
            a7 = Vector256.MultiplyAddEstimate(a7, m, m);
            a8 = Vector256.MultiplyAddEstimate(a8, m, m);
            a9 = Vector256.MultiplyAddEstimate(a9, m, m);
            a10 = Vector256.MultiplyAddEstimate(a10, m, m);
            a11 = Vector256.MultiplyAddEstimate(a11, m, m);
        }
        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Loop512(float start)
    {
        Vector512<float> m = Vector512.Create(start), a0 = m, a1 = m, a2 = m, a3 = m, a4 = m, a5 = m, a6 = m, a7 = m, a8 = m, a9 = m, a10 = m, a11 = m;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = Vector512.MultiplyAddEstimate(a0, m, m);
            a1 = Vector512.MultiplyAddEstimate(a1, m, m);
            a2 = Vector512.MultiplyAddEstimate(a2, m, m);
            a3 = Vector512.MultiplyAddEstimate(a3, m, m);
            a4 = Vector512.MultiplyAddEstimate(a4, m, m);
            a5 = Vector512.MultiplyAddEstimate(a5, m, m);
            a6 = Vector512.MultiplyAddEstimate(a6, m, m);
            a7 = Vector512.MultiplyAddEstimate(a7, m, m);
            a8 = Vector512.MultiplyAddEstimate(a8, m, m);
            a9 = Vector512.MultiplyAddEstimate(a9, m, m);
            a10 = Vector512.MultiplyAddEstimate(a10, m, m);
            a11 = Vector512.MultiplyAddEstimate(a11, m, m);
        }
        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

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
