using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Model;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>The options that say where a command works: in a data folder, opened by this process, or at a server.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string?> _data = CommandOptions.Data(), _server = CommandOptions.Server(), _key = CommandOptions.Key();
    private readonly Option<string?> _tenant = CommandOptions.Tenant();

    public Symbol[] With(params Symbol[] others) => [.. others, _data, _server, _key, _tenant];

    /// <summary>Opens what was named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="mayMake">Whether a folder that is not there is made; otherwise it is refused as a mistake.</param>
    /// <param name="cancellation">Gives up opening.</param>
    public async Task<Target> Open(ParseResult parsed, bool mayMake, CancellationToken cancellation)
    {
        string? folder = parsed.GetValue(_data), url = parsed.GetValue(_server);
        if (folder is null == url is null)
            throw new BadInputException("data", folder ?? "", "exactly one of --data FOLDER and --server URL must be given");
        if (folder is not null)
        {
            if (!mayMake && !File.Exists(Path.Combine(folder, Storage.DataFolder.DatabaseName)))
                throw new BadInputException("data", folder, "must be a data folder; import makes one");
            return new(await LocalCluster.Open(folder, TenantOf(parsed.GetValue(_tenant)), cancellation), null);
        }
        if (parsed.GetValue(_tenant) is { } tenant)
            throw new BadInputException("tenant", tenant, "goes with --data; at a server the key says the tenant");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new BadInputException("server", url!, "must be a URL such as http://127.0.0.1:5150");
        return new(null, new RecommenderClient(address, parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(CommandOptions.KeyVariable)));
    }

    private static TenantId TenantOf(string? name) => name is null ? TenantId.Default
        : TenantId.TryParse(name, out TenantId tenant) ? tenant
        : throw new BadInputException("tenant", name, TenantId.Rule);
}

/// <summary>An open data folder or a server.</summary>
internal sealed class Target(LocalCluster? cluster, RecommenderClient? client) : IAsyncDisposable
{
    /// <summary>The cluster in this process; null for a server.</summary>
    public LocalCluster? Cluster => cluster;

    /// <summary>Every verb of the product.</summary>
    public IRecommender Recommender => cluster is not null ? cluster.Recommender : client!;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        client?.Dispose();
    }
}
