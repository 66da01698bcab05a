using System.Diagnostics;

namespace OrleansRec.Dashboard.Tests;

/// <summary>A real server process on a folder of its own, started from a working directory that is not the product's.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const string FirstKeyLine = "first admin key, shown only now: ";
    private const string ListeningLine = "listening on ";
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _folder;

    private ServerProcess(Process process, string folder, Uri address, string? firstKey) =>
        (_process, _folder, Address, FirstKey) = (process, folder, address, firstKey);

    public Uri Address { get; }

    /// <summary>The admin key that a server with keys says once.</summary>
    public string? FirstKey { get; }

    public static async Task<ServerProcess> Start(bool withKeys)
    {
        string folder = Directory.CreateTempSubdirectory("orleansrec-dashboard-").FullName;
        ProcessStartInfo start = new("dotnet", [ProductAssembly, "serve", "--data", Path.Combine(folder, "data"), "--port", "0", .. withKeys ? [] : new[] { "--insecure-loopback" }])
        {
            RedirectStandardOutput = true, WorkingDirectory = folder,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        using CancellationTokenSource late = new(StartMax);
        string? firstKey = null;
        List<string> said = [];
        while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
        {
            said.Add(line);
            if (line.StartsWith(FirstKeyLine, StringComparison.Ordinal))
                firstKey = line[FirstKeyLine.Length..].Trim();
            if (!line.StartsWith(ListeningLine, StringComparison.Ordinal))
                continue;
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return new(process, folder, new Uri(line[ListeningLine.Length..].Trim()), firstKey);
        }
        throw new InvalidOperationException("The server ended before it listened: " + string.Join('\n', said));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Beside this test's own output: artifacts/ENGINE/bin/PROJECT/CONFIGURATION.</summary>
    private static string ProductAssembly
    {
        get
        {
            DirectoryInfo own = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, "OrleansRec.Silo", own.Name, "orleansrec.dll");
        }
    }
}
