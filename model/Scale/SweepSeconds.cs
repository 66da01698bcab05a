namespace OrleansRec.Model;

/// <summary>How fast a cluster's machines and wires are, as measured.</summary>
/// <param name="WorkerOperationsPerSecond">Useful operations of a solve a second and worker (docs/PERFORMANCE.md: the exact sweep pair at this rank).</param>
/// <param name="WorkersPerSilo">Workers that solve.</param>
/// <param name="LinkBytesPerSecond">Bytes a second into one silo, network and decoding together.</param>
/// <param name="CallSeconds">Time of one remote call without a payload.</param>
/// <param name="ChunksInFlight">Chunks that one silo pulls at a time.</param>
/// <param name="StoreBytesPerSecond">Bytes a second that the store takes from all silos together.</param>
public sealed record ClusterRates(
    double WorkerOperationsPerSecond, int WorkersPerSilo, double LinkBytesPerSecond, double CallSeconds, int ChunksInFlight, double StoreBytesPerSecond);

/// <summary>The time of one sweep, part by part; the parts follow one another.</summary>
/// <param name="Solve">Rows are solved, on the silo that has most of them.</param>
/// <param name="Pull">The busiest silo takes in the other side, twice.</param>
/// <param name="Tell">The coordinator tells shards to begin and takes their reports.</param>
/// <param name="Store">Checkpoints are written.</param>
public readonly record struct SweepSeconds(double Solve, double Pull, double Tell, double Store)
{
    /// <summary>All of it.</summary>
    public double Total => Solve + Pull + Tell + Store;

    /// <summary>The time that a sweep takes.</summary>
    /// <param name="layout">Who holds what.</param>
    /// <param name="pairs">Observed pairs.</param>
    /// <param name="options">Rank and objective; the solver is taken to be Cholesky.</param>
    /// <param name="rates">How fast the cluster is.</param>
    public static SweepSeconds Of(TrainingLayout layout, long pairs, AlsOptions options, ClusterRates rates)
    {
        double perSilo = rates.WorkerOperationsPerSecond * rates.WorkersPerSilo;
        Traffic pull = SweepTraffic.Pull(layout, options), told = SweepTraffic.Begin(layout, options) + SweepTraffic.Report(layout, options);
        double rounds = (double)pull.RemoteCalls / layout.SiloCount / rates.ChunksInFlight;
        return new(
            (Operations(layout.UserRows, pairs, options) * LargestShare(layout.UserRows, layout.UserSilos)
             + Operations(layout.ItemRows, pairs, options) * LargestShare(layout.ItemRows, layout.ItemSilos)) / perSilo,
            SweepTraffic.PulledBytesMax(layout, options) / rates.LinkBytesPerSecond + rounds * rates.CallSeconds,
            told.RemoteBytes / rates.LinkBytesPerSecond + told.RemoteCalls * rates.CallSeconds,
            layout.ItemRows.Sum(r => (long)r) * options.Width * sizeof(float) / rates.StoreBytesPerSecond);
    }

    /// <summary>Useful operations of a half-sweep: n·k² + k³/3 + 3k² for a row of n pairs.</summary>
    private static double Operations(IReadOnlyList<int> rows, long pairs, AlsOptions options)
    {
        double k = options.Width;
        return pairs * k * k + rows.Sum(r => (double)r) * (k * k * k / 3 + 3 * k * k);
    }

    private static double LargestShare(IReadOnlyList<int> rows, IReadOnlyList<int> silos) =>
        rows.Zip(silos).GroupBy(s => s.Second, s => (double)s.First).Max(g => g.Sum()) / Math.Max(1, rows.Sum(r => (double)r));
}
