using System.Diagnostics;
using System.Globalization;
using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Shapes;
using OrleansRec.Tests.Shared;

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
        await using ProductProcess server = await ProductProcess.Serve(dataFolder);
        double start = Resident(server);
        long begun = Stopwatch.GetTimestamp();
        await ProductCommand.Run("import", file, "--server", server.Address.ToString(), "--format", "csv", "--columns", HistoryCsv.Columns, "--json");
        double import = Stopwatch.GetElapsedTime(begun).TotalSeconds, imported = Resident(server);
        begun = Stopwatch.GetTimestamp();
        await Train(server.Address, sweeps, seed: 1);
        double train = Stopwatch.GetElapsedTime(begun).TotalSeconds, trained = Resident(server);
        await Ask(http, server.Address, shape);
        await Train(server.Address, sweeps, seed: 2);
        await Ask(http, server.Address, shape);
        var life = new ServerLife(shape, start, imported, trained, server.PeakResidentBytes / 1e6, import, train, 0);
        return restarts ? life with { RestartSeconds = await Restart(http, server, dataFolder) } : life;
    }

    private static Task<string> Train(Uri address, int sweeps, int seed) => ProductCommand.Run(
        "train", "--server", address.ToString(), "--rank", "64", "--lambda", "10", "--alpha", "1", "--sweeps", sweeps.ToString(CultureInfo.InvariantCulture),
        "--seed", seed.ToString(CultureInfo.InvariantCulture), "--json");

    private static async Task Ask(HttpClient http, Uri address, HistoryShape shape)
    {
        for (int user = 0; user < Math.Min(ListsAsked, shape.Users); user++)
            (await http.GetAsync(new Uri(address, $"v1/users/user-{user}/recommendations?k=10"))).EnsureSuccessStatusCode().Dispose();
    }

    private static async Task<double> Restart(HttpClient http, ProductProcess server, string dataFolder)
    {
        await server.Kill();
        long begun = Stopwatch.GetTimestamp();
        await using ProductProcess again = await ProductProcess.Serve(dataFolder);
        (await http.GetAsync(new Uri(again.Address, "v1/users/user-7/recommendations?k=10"))).EnsureSuccessStatusCode().Dispose();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static double Resident(ProductProcess server) => server.ResidentBytes / 1e6;
}
