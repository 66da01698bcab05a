using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>Carries out every verb for one tenant by calling its grains. The files beside this one hold it by subject.</summary>
public sealed partial class ClusterRecommender(
    TenantId tenant, IGrainFactory factory, ShardMap shards, EventTypeRules eventTypes, IRandomSource random, TimeProvider time, AccessKeys keys,
    ServerStatistics statistics, GrainCalls calls, IOptions<GatewayOptions> options, IEnumerable<IDiskReport> disks, IPublishedLists? published = null) : IRecommender
{
    private readonly GatewayOptions _options = options.Value;

    private readonly TenantGrains _grains = factory.Of(tenant);
    private readonly TenantUsage _usage = new(factory.Of(tenant), shards, keys, calls, time, options.Value);

    private volatile Dictionary<string, int> _vectorLengths = [];

    private readonly UserReferences _users = new(factory, tenant);

    private IUserGrain User(string userId) => _users.Of(userId);

    private IUserShardGrain UserShard(int shard) => _grains.UserShard(shard);

    private IItemGrain Item(string itemId) => _grains.Item(itemId);

    private IItemShardGrain ItemShard(int shard) => _grains.ItemShard(shard);

    /// <summary>Makes a call that may be made twice, again where that helps, and names what operation brings.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">The deadline.</param>
    /// <param name="repeated">What the answer of a later attempt means, where an earlier one may have been carried out.</param>
    private async Task<T> Ask<T>(Func<Task<T>> call, CancellationToken cancellation, Func<T, T>? repeated = null)
    {
        try
        {
            return await calls.Run(call, cancellation, repeated).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RecommenderException && ProblemOf.Exception(e) is { } problem)
        {
            throw new RecommenderException(problem, e);
        }
    }

    /// <summary>Makes a call that must not be made twice, because its second answer would say that nothing was done.</summary>
    private static async Task<T> AskOnce<T>(Task<T> call, CancellationToken cancellation)
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

    private static async Task Admit(ValueTask admitted)
    {
        try
        {
            await admitted.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RecommenderException && ProblemOf.Exception(e) is { } problem)
        {
            throw new RecommenderException(problem, e);
        }
    }

    /// <summary>Calls <paramref name="ask"/> for each source, at most <see cref="GatewayOptions.FanOutMax"/> at once; the answers are in the order of the sources.</summary>
    private async Task<TAnswer[]> AskEach<TSource, TAnswer>(
        IReadOnlyList<TSource> sources, Func<TSource, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellation,
        Func<TAnswer, TAnswer>? repeated = null)
    {
        var answers = new TAnswer[sources.Count];
        if (sources.Count == 1)
        {
            answers[0] = await Ask(() => ask(sources[0], cancellation), cancellation, repeated).ConfigureAwait(false);
            return answers;
        }
        var bound = new ParallelOptions { MaxDegreeOfParallelism = _options.FanOutMax, CancellationToken = cancellation };
        await Parallel.ForAsync(0, sources.Count, bound, async (i, stop) => answers[i] = await Ask(() => ask(sources[i], stop), stop, repeated).ConfigureAwait(false))
            .ConfigureAwait(false);
        return answers;
    }

    private static DateTimeOffset? TimeOf(long ms) => ms == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
