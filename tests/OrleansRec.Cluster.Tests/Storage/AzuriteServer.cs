using System.Diagnostics;

namespace OrleansRec.Cluster.Tests.Storage;

/// <summary>Azurite, Microsoft's emulator of Azure's blobs, on a temporary folder and a free port, once for a test process. From npm: <c>npm install azurite</c>.</summary>
public sealed class AzuriteServer
{
    // It ends, and its folder goes, with the process that holds its standard input open. In a session of its own, so that a signal to the group of the tests does not
    // end the shell before it has cleared up; and killed, because one that ends in its own time still writes into the folder.
    private const string Script = """
        trap '' HUP INT TERM
        "$1" --silent --skipApiVersionCheck --disableTelemetry --location "$2" --blobPort 0 </dev/null 2>&1 & server=$!
        cat >&2
        kill -9 $server
        wait $server 2>/dev/null
        rm -rf "$2"
        """;

    private static readonly TimeSpan startPeriodMax = TimeSpan.FromSeconds(60);
    private static readonly string? program = Find();
    private static readonly Lazy<Task<AzuriteServer>> shared = new(Start);

    // Held, because Azurite ends when the pipe to it is closed.
    private readonly Process process;

    private AzuriteServer(Process process, string connectionString) => (this.process, ConnectionString) = (process, connectionString);

    /// <summary>Why it is not here, or null where it is.</summary>
    public static string? Missing { get; } = !OperatingSystem.IsLinux() ? "Azurite is started by a shell script, on Linux only"
        : program is null ? "azurite-blob is neither on the PATH nor under .rec/azurite (npm install --prefix .rec/azurite azurite)" : null;

    public static Task<AzuriteServer> Shared => shared.Value;

    public string ConnectionString { get; }

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !process.HasExited;

    private static async Task<AzuriteServer> Start()
    {
        string folder = Directory.CreateTempSubdirectory("rec-azurite-").FullName;
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Script, "azurite", program!, folder])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(startPeriodMax);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            int at = line.IndexOf("http://", StringComparison.Ordinal);
            if (at < 0 || !line.Contains("successfully", StringComparison.OrdinalIgnoreCase))
                continue;
            // So that it is never held up by what nobody reads.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return new(process, $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint={line[at..].Trim().TrimEnd('.')}/devstoreaccount1;");
        }
        throw new InvalidOperationException("Azurite ended before it listened.");
    }

    private static string? Find()
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').ToList();
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            places.Add(Path.Combine(folder.FullName, ".rec", "azurite", "node_modules", ".bin"));
        return places.Select(place => Path.Combine(place, "azurite-blob")).FirstOrDefault(File.Exists);
    }
}
