using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansRec.Bench.Kernels;

/// <summary>The bare loop: multiply-adds in registers and nothing else, on one thread or on several. What it gives is the FMA peak of that moment.</summary>
internal static class MultiplyAddLoop
{
    private const int Rounds = 20_000;

    /// <summary>Independent sums in a round: enough to hide the latency of a multiply-add.</summary>
    private const int Sums = 12;

    /// <summary>Calls of the loop that a thread makes: about a quarter of a second, long beside the start of a thread.</summary>
    private const int Calls = 4_000;

    /// <summary>Calls before the first measurement, so that the runtime has compiled the loop with all optimisation.</summary>
    private const int WarmUpCalls = 200;

    private static readonly bool isWide = Vector512.IsHardwareAccelerated && Seconds(1, Wide, WarmUpCalls) < 2 * Seconds(1, Narrow, WarmUpCalls);

    /// <summary>Keeps the loops from being dropped.</summary>
    public static float Sink { get; set; }

    /// <summary>Float operations a second of all threads together; a multiply-add counts as two. The slowest thread ends the measurement.</summary>
    public static double Rate(int threads) =>
        (double)threads * Calls * Rounds * Sums * 2 * (isWide ? Vector512<float>.Count : Vector256<float>.Count) / Seconds(threads, isWide ? Wide : Narrow, Calls);

    private static void Wide(int calls)
    {
        for (int call = 0; call < calls; call++)
            Sink = Loop512(1.0000001f);
    }

    private static void Narrow(int calls)
    {
        for (int call = 0; call < calls; call++)
            Sink = Loop256(1.0000001f);
    }

    private static double Seconds(int threads, Action<int> work, int calls)
    {
        using var begin = new Barrier(threads);
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(_ => new Thread(() => { begin.SignalAndWait(); work(calls); }))];
        foreach (Thread thread in others)
            thread.Start();
        begin.SignalAndWait();
        long start = Stopwatch.GetTimestamp();
        work(calls);
        foreach (Thread thread in others)
            thread.Join();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

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
}
