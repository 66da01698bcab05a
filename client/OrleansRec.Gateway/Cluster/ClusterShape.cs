using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>What a gateway in a process of its own must know of the cluster before it can serve: how many shards there are. It never changes, so it is asked once.</summary>
public sealed class ClusterShape(IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(1);

    private volatile ShardMap? _shards;

    /// <summary>How many shards each side has.</summary>
    /// <exception cref="RecommenderException">The cluster has not answered yet: 503.</exception>
    public ShardMap Shards => _shards ?? throw new RecommenderException(
        ProblemOf.Status(StatusCodes.Status503ServiceUnavailable) with { Detail = "The gateway has not found its cluster yet; try again." });

    /// <summary>Asks the cluster until it answers.</summary>
    public async Task Find(CancellationToken cancellation)
    {
        while (_shards is null)
        {
            try
            {
                _shards = await grains.Shape().Get(cancellation).WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && ProblemOf.Exception(e) is { Status: StatusCodes.Status503ServiceUnavailable })
            {
                await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>Registers it as the source of <see cref="ShardMap"/>.</summary>
public static class ClusterShapeHosting
{
    /// <summary>For a process that has no shards itself.</summary>
    public static IServiceCollection AddClusterShape(this IServiceCollection services)
    {
        services.AddSingleton<ClusterShape>();
        // A factory that throws is asked again: nothing is kept before the cluster has answered.
        services.AddSingleton(provider => provider.GetRequiredService<ClusterShape>().Shards);
        return services;
    }
}
