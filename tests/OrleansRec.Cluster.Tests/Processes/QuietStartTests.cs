using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Processes;

/// <summary>
/// Goal: who starts a server reads where it listens, and no stack trace that means nothing; and it listens for nothing else. Method: everything that serve writes until it listens and has looked at its
/// folder; the engine's port in another's hands.
/// </summary>
public sealed class QuietStartTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    /// <summary>What looks at the disk called a grain before the silo was active, which the engine told with stack traces.</summary>
    [Fact]
    public async Task Serve_OnAFolder_SaysWhereItListensAndNoException()
    {
        await using ProductProcess server = await ProductProcess.Serve(scratch["data"]);
        using var client = new Client.RecommenderClient(server.Address);
        await Cluster.SiloCluster.Until("the disk was looked at", async () => (await client.GetStatusAsync()).Disk is not null);

        // A busy machine may have its own warnings, of heartbeats that came late.
        Assert.Contains($"listening on {server.Address.GetLeftPart(UriPartial.Authority)}", server.Output);
        Assert.DoesNotContain("Exception", server.Output);
    }

    /// <summary>Servers and commands of one machine run side by side, and nothing but HTTP is listened for: a process that is its own cluster takes no port for the engine.</summary>
    [Fact]
    public async Task Serve_WhereTheSilosPortIsAnothers_Starts()
    {
        int port = FreePorts.Take(1)[0];
        using var another = new TcpListener(IPAddress.Loopback, port);
        another.Start();

        await using ProductProcess server = await ProductProcess.Serve(
            scratch["data"], new Dictionary<string, string> { ["Cluster__SiloPort"] = port.ToString(CultureInfo.InvariantCulture) });

        using var client = new Client.RecommenderClient(server.Address);
        Assert.NotEmpty((await client.GetStatusAsync()).UserShards);
    }
}
