using OrleansRec.Bench.Report;
using OrleansRec.Model;

namespace OrleansRec.Bench.Scale;

/// <summary>No measurement but the arithmetic of docs/SCALE.md, on this machine's multiply-add peak and a network that is named.</summary>
internal sealed class ScaleBench : IBenchSection
{
    private const int Rank = 64, WorkersPerSilo = 16, ChunksInFlight = 4;

    /// <summary>What of the peak an exact sweep comes to on the 10 M shape at this rank: docs/PERFORMANCE.md, goal 1.</summary>
    private const double PeakShare = 0.356;

    /// <summary>10 Gbit/s; a round trip within a data centre with Orleans' work at both ends; a store that takes 200 MB/s.</summary>
    private const double LinkBytesPerSecond = 1.25e9, CallSeconds = 300e-6, StoreBytesPerSecond = 200e6;

    private static readonly (long Users, long Items, long Pairs, int UserShards, int ItemShards)[] shapes =
    [
        (1_000_000, 100_000, 100_000_000, 64, 32),
        (10_000_000, 1_000_000, 1_000_000_000, 256, 256),
        (100_000_000, 10_000_000, 10_000_000_000, 1_024, 1_024),
    ];

    private static readonly int[] silos = [1, 3, 10, 30, 100];

    public string Name => "scale";

    public IReadOnlyList<int> Points { get; } = [];

    public Task Measure(BenchRun run)
    {
        var options = new AlsOptions { Rank = Rank };
        var rates = new ClusterRates(run.Limits.Peak * PeakShare, WorkersPerSilo, LinkBytesPerSecond, CallSeconds, ChunksInFlight, StoreBytesPerSecond);
        var table = new FigureTable(
            $"Forecast of one sweep, k = {Rank}, {WorkersPerSilo} workers a silo, 10 Gbit/s", "users", "items", "pairs", "silos", "calls", "remote", "GB into a silo", "GB of other sides in a silo",
            "solve s", "pull s", "tell s", "store s", "all s");
        foreach (var shape in shapes)
            foreach (int count in silos)
            {
                TrainingLayout layout = TrainingLayout.Even(shape.Users, shape.Items, shape.UserShards, shape.ItemShards, count);
                Traffic all = SweepTraffic.Of(layout, options);
                SweepSeconds time = SweepSeconds.Of(layout, shape.Pairs, options, rates);
                table.Add($"{shape.Users:N0}", $"{shape.Items:N0}", $"{shape.Pairs:N0}", $"{count}", $"{all.Calls:N0}", $"{all.RemoteCalls:N0}",
                    $"{SweepTraffic.PulledBytesMax(layout, options) / 1e9:F2}", $"{(shape.Users + shape.Items) * Rank * sizeof(float) / 1e9:F2}",
                    $"{time.Solve:F2}", $"{time.Pull:F2}", $"{time.Tell:F2}", $"{time.Store:F2}", $"{time.Total:F2}");
            }
        run.Add(table);
        run.Add(Limits());
        return Task.CompletedTask;
    }

    /// <summary>How many rows the parts take that grow with one side.</summary>
    private static FigureTable Limits()
    {
        const long ModelCopyBytesMax = 2L << 30;
        var table = new FigureTable("Where a part ends", "k", "items until Serving:ModelCopyBytesMax (2 GB) refuses a version", "users until a silo's copy of their factors is no array");
        foreach (int k in new[] { 32, 64, 128, 256 })
        {
            long items = 0;
            for (long step = 1L << 40; step > 0; step >>= 1)
                if ((items + step) * k * sizeof(float) + ItemIndex.BytesOf(items + step, k) <= ModelCopyBytesMax)
                    items += step;
            table.Add($"{k}", $"{items:N0}", $"{Array.MaxLength / k:N0}");
        }
        return table;
    }
}
