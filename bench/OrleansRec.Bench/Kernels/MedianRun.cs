using System.Diagnostics;

namespace OrleansRec.Bench.Kernels;

/// <summary>The median of as many runs as a fixed time holds, after an unmeasured start.</summary>
internal static class MedianRun
{
    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(0.5), measured = TimeSpan.FromSeconds(1.5);

    public static double Seconds(Action body)
    {
        // Long enough for the runtime to have compiled the loops with all optimisation.
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < warmUp)
            body();
        var runs = new List<double>();
        for (clock.Restart(); clock.Elapsed < measured || runs.Count == 0;)
        {
            long start = Stopwatch.GetTimestamp();
            body();
            runs.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        runs.Sort();
        return runs[runs.Count / 2];
    }
}
