using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Grains.Training;
using OrleansRec.Model;
using OrleansRec.Silo.Import;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Hosting;

/// <summary>A cluster in this process without HTTP, for one command on one tenant.</summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TenantId _tenant;

    private LocalCluster(IHost host, TenantId tenant) => (_host, _tenant) = (host, tenant);

    /// <summary>Every verb of the product.</summary>
    public IRecommender Recommender => _host.Services.GetRequiredService<Recommenders>().Of(_tenant);

    /// <summary>The tenant's grains.</summary>
    public TenantGrains Grains => _host.Services.GetRequiredService<IGrainFactory>().Of(_tenant);

    /// <summary>How many shards there are.</summary>
    public ShardMap Shards => _host.Services.GetRequiredService<ShardMap>();

    /// <summary>Opens a data folder for a tenant that is in it.</summary>
    /// <exception cref="BadInputException">There is no such tenant.</exception>
    public static async Task<LocalCluster> Open(string folder, TenantId tenant, CancellationToken cancellation)
    {
        LocalCluster open = await Start(builder => builder.AddCluster(storage => (storage.Kind, storage.Folder) = (StorageKind.Folder, folder), new(), isServer: false), tenant, cancellation);
        if (await open._host.Services.GetRequiredService<AccessKeys>().HasTenant(tenant, cancellation))
            return open;
        await open.DisposeAsync();
        throw new BadInputException("tenant", tenant.Name, "must be a tenant of the folder: see tenants create");
    }

    /// <summary>Makes a cluster that keeps everything in memory.</summary>
    /// <param name="shards">P and Q.</param>
    /// <param name="computeWorkers">Threads that train; 0 means one for each processor.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<LocalCluster> InMemory(ShardMap shards, int computeWorkers, CancellationToken cancellation) =>
        Start(builder =>
        {
            builder.AddMemoryCluster(shards);
            builder.Services.Configure<ServerOptions>(o => o.ComputeWorkers = computeWorkers);
            // Whoever measures here has held out pairs of their own, and compares with trainings elsewhere on the same ones.
            builder.Services.PostConfigure<QualityGateOptions>(o => o.Enabled = false);
        }, TenantId.Default, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }

    private static async Task<LocalCluster> Start(Action<HostApplicationBuilder> compose, TenantId tenant, CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddSettings();
        builder.Logging.AddOperatorLog(builder.Configuration);
        compose(builder);
        builder.Services.AddRecommender();
        // The command line handles Ctrl-C itself: it cancels what is under way, then the cluster is disposed in order.
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
            return new(host, tenant);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
