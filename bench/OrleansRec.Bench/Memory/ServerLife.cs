using System.Diagnostics;
using System.Globalization;
using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Shapes;

namespace OrleansRec.Bench.Memory;

/// <summary>What a server process needs from its start to its end. Megabytes are resident, 10⁶ bytes, as the system counts them.</summary>
internal sealed record ServerLife(
    HistoryShape Shape, double StartMegabytes, double ImportedMegabytes, double TrainedMegabytes, double PeakMegabytes, double ImportSeconds, double TrainSeconds,
    double RestartSeconds)
{
    private const int ListsAsked = 1000;

    /// <summary>Starts a server on a new folder, imports, trains twice, asks for lists after each training, and starts it once more.</summary>
    public static async Task<ServerLife> Measure(HistoryShape shape, string file, string dataFolder, int sweeps, bool restarts)
    {
        using var http = new HttpClient();
        var (server, address) = await ProductProcess.Serve(dataFolder);
        using (server)
        {
            try
            {
                double start = Resident(server);
                long begun = Stopwatch.GetTimestamp();
                await ProductProcess.Run("import", file, "--server", address.ToString(), "--format", "csv", "--columns", HistoryCsv.Columns, "--json");
                double import = Stopwatch.GetElapsedTime(begun).TotalSeconds, imported = Resident(server);
                begun = Stopwatch.GetTimestamp();
                await Train(address, sweeps, seed: 1);
                double train = Stopwatch.GetElapsedTime(begun).TotalSeconds, trained = Resident(server);
                await Ask(http, address, shape);
                await Train(address, sweeps, seed: 2);
                await Ask(http, address, shape);
                server.Refresh();
                var life = new ServerLife(shape, start, imported, trained, server.PeakWorkingSet64 / 1e6, import, train, 0);
                return restarts ? life with { RestartSeconds = await Restart(http, server, dataFolder) } : life;
            }
            finally
            {
                await End(server);
            }
        }
    }

    private static Task<string> Train(Uri address, int sweeps, int seed) => ProductProcess.Run(
        "train", "--server", address.ToString(), "--rank", "64", "--lambda", "10", "--alpha", "1", "--sweeps", sweeps.ToString(CultureInfo.InvariantCulture),
        "--seed", seed.ToString(CultureInfo.InvariantCulture), "--json");

    private static async Task Ask(HttpClient http, Uri address, HistoryShape shape)
    {
        for (int user = 0; user < Math.Min(ListsAsked, shape.Users); user++)
            (await http.GetAsync(new Uri(address, $"v1/users/user-{user}/recommendations?k=10"))).EnsureSuccessStatusCode().Dispose();
    }

    private static async Task<double> Restart(HttpClient http, Process server, string dataFolder)
    {
        await End(server);
        long begun = Stopwatch.GetTimestamp();
        var (again, address) = await ProductProcess.Serve(dataFolder);
        using (again)
        {
            try
            {
                (await http.GetAsync(new Uri(address, "v1/users/user-7/recommendations?k=10"))).EnsureSuccessStatusCode().Dispose();
                return Stopwatch.GetElapsedTime(begun).TotalSeconds;
            }
            finally
            {
                await End(again);
            }
        }
    }

    private static async Task End(Process server)
    {
        if (server.HasExited)
            return;
        server.Kill();
        await server.WaitForExitAsync();
    }

    private static double Resident(Process server)
    {
        server.Refresh();
        return server.WorkingSet64 / 1e6;
    }
}
