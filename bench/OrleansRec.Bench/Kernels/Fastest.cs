using System.Diagnostics;

namespace OrleansRec.Bench.Kernels;

/// <summary>The fastest of many runs: what the code can do when nothing else takes the core.</summary>
internal static class Fastest
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1.5);

    public static double Seconds(Action body)
    {
        // Long enough for the runtime to have compiled the loops with all optimisation.
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Budget / 3)
            body();
        double best = double.MaxValue;
        for (clock.Restart(); clock.Elapsed < Budget;)
        {
            long start = Stopwatch.GetTimestamp();
            body();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
