using System.Globalization;
using OrleansRec.Client;
using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Processes;

/// <summary>A cluster of processes on this machine: silos over one PostgreSQL database, and a gateway of its own.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private static readonly ShardMap fewShards = new(6, 4);

    private readonly Dictionary<string, string> settings;
    private readonly Member[] silos;
    private readonly SiloHomes homes;

    private ProcessCluster(Dictionary<string, string> settings, Member[] silos, SiloHomes homes) => (this.settings, this.silos, this.homes) = (settings, silos, homes);

    /// <summary>The HTTP edge alone.</summary>
    public ProductProcess Gateway { get; private set; } = null!;

    public int SiloCount => silos.Length;

    /// <summary>Where a silo serves HTTP itself.</summary>
    public Uri AddressOf(int silo) => silos[silo].Process.Address;

    /// <summary>Makes a database and starts everything.</summary>
    public static Task<ProcessCluster> Start(int siloCount, IReadOnlyDictionary<string, string>? more = null) =>
        Start([.. Enumerable.Repeat(ProductProcess.BuiltProgram, siloCount)], fewShards, more);

    /// <summary>Makes a database and starts everything, each silo from a build of its own. Every silo is the home of shards of both sides.</summary>
    public static async Task<ProcessCluster> Start(IReadOnlyList<string> programs, ShardMap shards, IReadOnlyDictionary<string, string>? more = null)
    {
        string database = await (await PostgresServer.Shared).CreateDatabase("cluster");
        var settings = new Dictionary<string, string>
        {
            ["Storage__Kind"] = "PostgreSql", ["Storage__ConnectionString"] = database, ["Cluster__Kind"] = "PostgreSql",
            ["Cluster__AdvertisedAddress"] = "127.0.0.1", ["Cluster__DrainPeriod"] = "00:00:01",
        };
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
            settings[name] = value;
        await ProductProcess.Run(settings, "storage", "init", "--user-shards", Text(shards.UserShards), "--item-shards", Text(shards.ItemShards));
        var homes = new SiloHomes(shards);
        int[] ports = homes.Ports(programs.Count), gatewayPorts = FreePorts.Take(programs.Count);
        var cluster = new ProcessCluster(settings, [.. programs.Select((program, n) => new Member(program, ports[n], gatewayPorts[n]))], homes);
        try
        {
            for (int silo = 0; silo < programs.Count; silo++)
                cluster.Begin(silo);
            cluster.Gateway = ProductProcess.Start(settings, "gateway", "--port", "0", "--insecure-loopback");
            await Task.WhenAll([.. cluster.silos.Select(s => s.Process.Ready()), cluster.Gateway.Ready()]);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the gateway that tries again for as long as its deadline lets it.</summary>
    public RecommenderClient Client() => new(Gateway.Address, options: new() { AttemptsMax = 1000, PauseMax = TimeSpan.FromSeconds(1) });

    /// <summary>A client of the HTTP that a silo itself serves.</summary>
    public RecommenderClient Client(int silo) => new(AddressOf(silo), options: new() { AttemptsMax = 1000, PauseMax = TimeSpan.FromSeconds(1) });

    /// <summary>The silo that drives trainings.</summary>
    public async Task<int> Coordinator()
    {
        using RecommenderClient client = Client();
        string at = (await client.GetStatusAsync()).TrainingSilo ?? throw new InvalidOperationException("The status names no silo for the coordinator.");
        return IndexOf(at);
    }

    /// <summary>Which silo an identity names.</summary>
    public int IndexOf(string identity) =>
        Array.FindIndex(silos, s => identity.Contains($":{Text(s.SiloPort)}:", StringComparison.Ordinal)) is >= 0 and var found
            ? found : throw new InvalidOperationException($"{identity} is none of the silos.");

    /// <summary>
    /// Waits until every shard and the coordinator are at home. A silo that started before it knew another has taken what is the other's, and gives it away <c>Cluster:ShardMovesMax</c> shards in
    /// each <c>Cluster:MovePeriod</c>.
    /// </summary>
    public Task AtHome() => SiloCluster.Until("every silo sees all shards at home", async () =>
    {
        int[] ports = [.. silos.Select(s => s.SiloPort)];
        for (int silo = 0; silo < silos.Length; silo++)
        {
            using RecommenderClient client = Client(silo);
            if (!homes.Hold(await client.GetStatusAsync(), ports, identity => silos[IndexOf(identity)].SiloPort))
                return false;
        }
        return true;
    });

    public Task Kill(int silo) => silos[silo].Process.Kill();

    public Task Stop(int silo) => silos[silo].Process.Stop();

    /// <summary>Starts a silo that has ended at the same ports, and waits until it wants requests.</summary>
    public async Task StartAgain(int silo)
    {
        await silos[silo].Process.DisposeAsync();
        Begin(silo);
        await silos[silo].Process.Ready();
    }

    /// <summary>What the processes said last, for a failed test.</summary>
    public string Output => string.Join("\n", silos.Select((s, n) => $"--- silo {n}\n{s.Process.Output}").Append($"--- gateway\n{Gateway.Output}"));

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
            await Gateway.DisposeAsync();
        foreach (Member silo in silos)
            if (silo.Process is not null)
                await silo.Process.DisposeAsync();
    }

    private void Begin(int silo)
    {
        var own = new Dictionary<string, string>(settings) { ["Cluster__SiloPort"] = Text(silos[silo].SiloPort), ["Cluster__GatewayPort"] = Text(silos[silo].GatewayPort) };
        silos[silo].Process = ProductProcess.StartProgram(silos[silo].Program, own, ["serve", "--port", "0", "--insecure-loopback"]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Member(string program, int siloPort, int gatewayPort)
    {
        public string Program => program;

        public int SiloPort => siloPort;

        public int GatewayPort => gatewayPort;

        public ProductProcess Process { get; set; } = null!;
    }
}
