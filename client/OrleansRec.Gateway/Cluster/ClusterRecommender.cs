using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>Carries out every verb for one tenant by calling its grains. The files beside this one hold it by subject.</summary>
public sealed partial class ClusterRecommender(
    TenantId tenant, IGrainFactory factory, ShardMap shards, EventTypeRules eventTypes, IRandomSource random, TimeProvider time, AccessKeys keys,
    ServerStatistics statistics, IOptions<GatewayOptions> options) : IRecommender
{
    private readonly GatewayOptions _options = options.Value;

    private readonly TenantGrains _grains = factory.Of(tenant);
    private readonly TenantUsage _usage = new(factory.Of(tenant), shards, keys, time, options.Value);

    private IUserGrain User(string userId) => _grains.User(userId);

    private IUserShardGrain UserShard(int shard) => _grains.UserShard(shard);

    private IItemGrain Item(string itemId) => _grains.Item(itemId);

    private IItemShardGrain ItemShard(int shard) => _grains.ItemShard(shard);

    /// <summary>Waits for a call within the deadline, and names what operation brings.</summary>
    private static async Task<T> Ask<T>(Task<T> call, CancellationToken cancellation)
    {
        try
        {
            return await call.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RecommenderException && ProblemOf.Exception(e) is { } problem)
        {
            throw new RecommenderException(problem, e);
        }
    }

    private static async Task Ask(Task call, CancellationToken cancellation)
    {
        try
        {
            await call.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RecommenderException && ProblemOf.Exception(e) is { } problem)
        {
            throw new RecommenderException(problem, e);
        }
    }

    /// <summary>Calls <paramref name="ask"/> for each source, at most <see cref="GatewayOptions.FanOutMax"/> at once; the answers are in the order of the sources.</summary>
    private async Task<TAnswer[]> AskEach<TSource, TAnswer>(
        IReadOnlyList<TSource> sources, Func<TSource, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellation)
    {
        var answers = new TAnswer[sources.Count];
        if (sources.Count == 1)
        {
            answers[0] = await Ask(ask(sources[0], cancellation), cancellation).ConfigureAwait(false);
            return answers;
        }
        var bound = new ParallelOptions { MaxDegreeOfParallelism = _options.FanOutMax, CancellationToken = cancellation };
        await Parallel.ForAsync(0, sources.Count, bound, async (i, stop) => answers[i] = await Ask(ask(sources[i], stop), stop).ConfigureAwait(false))
            .ConfigureAwait(false);
        return answers;
    }

    private static DateTimeOffset? TimeOf(long ms) => ms == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
