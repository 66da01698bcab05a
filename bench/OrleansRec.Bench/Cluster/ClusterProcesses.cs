using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Bench.Cluster;

/// <summary>Silos and a gateway of the Orleans build, each a process, over one PostgreSQL database. Ends them when it is disposed.</summary>
internal sealed class ClusterProcesses : IDisposable
{
    private static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(90);

    private readonly List<Process> processes = [];
    private readonly Dictionary<string, string> settings;

    private ClusterProcesses(Dictionary<string, string> settings) => this.settings = settings;

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing => PostgresServer.Missing ?? (File.Exists(Program) ? null : "the Orleans build of the silo is not there: its packages do not restore, or ./rec has not built it");

    private static string Program => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "..", "..", "Orleans", "bin", "OrleansRec.Silo", "release", "orleansrec.dll"));

    /// <summary>Makes an empty database with its tables.</summary>
    public static async Task<ClusterProcesses> Make(int userShards, int itemShards)
    {
        string database = await (await PostgresServer.Shared).CreateDatabase("bench");
        var cluster = new ClusterProcesses(new()
        {
            ["Storage__Kind"] = "PostgreSql", ["Storage__ConnectionString"] = database, ["Cluster__Kind"] = "PostgreSql", ["Cluster__AdvertisedAddress"] = "127.0.0.1",
        });
        using Process init = cluster.Begin(0, "storage", "init", "--user-shards", Text(userShards), "--item-shards", Text(itemShards));
        await init.WaitForExitAsync();
        return init.ExitCode == 0 ? cluster : throw new InvalidOperationException($"storage init ended with {init.ExitCode}.");
    }

    /// <summary>Starts a silo and returns where it serves HTTP itself.</summary>
    public Task<Uri> StartSilo() => Serve("serve");

    /// <summary>Starts a gateway and returns where it serves.</summary>
    public Task<Uri> StartGateway() => Serve("gateway");

    /// <summary>Ends all processes at once; the database stays.</summary>
    public void Stop()
    {
        foreach (Process process in processes.Where(p => !p.HasExited))
            process.Kill();
        processes.ForEach(p => p.WaitForExit());
        processes.Clear();
    }

    public void Dispose() => Stop();

    private async Task<Uri> Serve(string command)
    {
        const string Mark = "listening on ";
        Process process = Begin(FreePort(), command, "--port", "0", "--insecure-loopback");
        processes.Add(process);
        var listening = new TaskCompletionSource<Uri>();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
                listening.TrySetResult(new(line.Data[(at + Mark.Length)..].Split(' ')[0]));
        };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return await listening.Task.WaitAsync(startTimeout);
    }

    private Process Begin(int siloPort, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        if (siloPort > 0)
            (start.Environment["Cluster__SiloPort"], start.Environment["Cluster__GatewayPort"]) = (Text(siloPort), Text(FreePort()));
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
