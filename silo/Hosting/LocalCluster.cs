using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Hosting;

/// <summary>A cluster in this process without HTTP, for one command.</summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly IHost _host;

    private LocalCluster(IHost host) => _host = host;

    /// <summary>Every verb of the product.</summary>
    public IRecommender Recommender => _host.Services.GetRequiredService<IRecommender>();

    /// <summary>The grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>How many shards there are.</summary>
    public ShardMap Shards => _host.Services.GetRequiredService<ShardMap>();

    /// <summary>Opens a data folder.</summary>
    public static Task<LocalCluster> Open(string folder, CancellationToken cancellation) =>
        Start(builder => builder.AddCluster(storage => storage.Folder = folder), cancellation);

    /// <summary>Makes a cluster that keeps everything in memory.</summary>
    /// <param name="shards">P and Q.</param>
    /// <param name="computeWorkers">Threads that train; 0 means one for each processor.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<LocalCluster> InMemory(ShardMap shards, int computeWorkers, CancellationToken cancellation) =>
        Start(builder =>
        {
            builder.AddMemoryCluster(shards);
            builder.Services.Configure<ServerOptions>(o => o.ComputeWorkers = computeWorkers);
        }, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }

    private static async Task<LocalCluster> Start(Action<HostApplicationBuilder> compose, CancellationToken cancellation)
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
            return new(host);
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
