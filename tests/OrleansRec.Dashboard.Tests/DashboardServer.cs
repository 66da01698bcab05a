using OrleansRec.Tests.Shared;

namespace OrleansRec.Dashboard.Tests;

/// <summary>A real server on a folder of its own, started from a working directory that is not the product's.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private const string FirstKeyLine = "first admin key, shown only now: ";

    // Detailed errors: a page whose event the server could not handle then says why.
    private static readonly Dictionary<string, string> settings = new()
    {
        ["DOTNET_ENVIRONMENT"] = "Production", ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DetailedErrors"] = "true",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansrec-dashboard-").FullName;
    private readonly ProductProcess _process;

    private DashboardServer(bool withKeys) => _process = ProductProcess.StartProgram(
        ProductProcess.BuiltProgram, settings, ["serve", "--data", Path.Combine(_folder, "data"), "--port", "0", .. withKeys ? [] : new[] { "--insecure-loopback" }], _folder, Hear);

    public Uri Address => _process.Address;

    /// <summary>The admin key that a server with keys says once, before it listens.</summary>
    public string? FirstKey { get; private set; }

    public static async Task<DashboardServer> Start(bool withKeys)
    {
        DashboardServer started = new(withKeys);
        try
        {
            await started._process.Ready();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Hear(string line)
    {
        if (line.StartsWith(FirstKeyLine, StringComparison.Ordinal))
            FirstKey = line[FirstKeyLine.Length..].Trim();
    }
}
