using System.Globalization;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Bench.Cluster;

/// <summary>Silos and a gateway, each a process, over one PostgreSQL database. Ends them when it is disposed.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private static readonly TimeSpan initTimeout = TimeSpan.FromSeconds(90);

    private readonly List<ProductProcess> processes = [];
    private readonly Dictionary<string, string> settings;

    private ClusterProcesses(Dictionary<string, string> settings) => this.settings = settings;

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing => PostgresServer.Missing;

    /// <summary>Makes an empty database with its tables.</summary>
    public static async Task<ClusterProcesses> Make(int userShards, int itemShards)
    {
        string database = await (await PostgresServer.Shared).CreateDatabase("bench");
        var cluster = new ClusterProcesses(new()
        {
            ["Storage__Kind"] = "PostgreSql", ["Storage__ConnectionString"] = database, ["Cluster__Kind"] = "PostgreSql", ["Cluster__AdvertisedAddress"] = "127.0.0.1",
        });
        await ProductProcess.RunProgram(
            ProductProcess.BuiltProgram, cluster.settings, ["storage", "init", "--user-shards", Text(userShards), "--item-shards", Text(itemShards)], initTimeout);
        return cluster;
    }

    /// <summary>Starts a silo and returns where it serves HTTP itself.</summary>
    public Task<Uri> StartSilo() => Serve("serve");

    /// <summary>Starts a gateway and returns where it serves.</summary>
    public Task<Uri> StartGateway() => Serve("gateway");

    public async ValueTask DisposeAsync()
    {
        foreach (ProductProcess process in processes)
            await process.DisposeAsync();
    }

    private async Task<Uri> Serve(string command)
    {
        int[] ports = FreePorts.Take(2);
        var own = new Dictionary<string, string>(settings) { ["Cluster__SiloPort"] = Text(ports[0]), ["Cluster__GatewayPort"] = Text(ports[1]) };
        ProductProcess process = ProductProcess.Start(own, command, "--port", "0", "--insecure-loopback");
        processes.Add(process);
        await process.Ready();
        return process.Address;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
