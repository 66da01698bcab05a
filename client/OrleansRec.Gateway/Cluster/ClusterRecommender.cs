using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>Carries out every verb by calling grains. The files beside this one hold it by subject.</summary>
public sealed partial class ClusterRecommender(
    IGrainFactory grains, ShardMap shards, EventTypeRules eventTypes, IRandomSource random, TimeProvider time, AccessKeys keys,
    ServerStatistics statistics, IOptions<GatewayOptions> options) : IRecommender
{
    private readonly GatewayOptions _options = options.Value;

    private IUserGrain User(string userId) => grains.GetGrain<IUserGrain>(userId);

    private IUserShardGrain UserShard(int shard) => grains.GetGrain<IUserShardGrain>(ShardKeys.Of(shard));

    private IItemGrain Item(string itemId) => grains.GetGrain<IItemGrain>(itemId);

    private IItemShardGrain ItemShard(int shard) => grains.GetGrain<IItemShardGrain>(ShardKeys.Of(shard));

    private IScoringGrain Scoring => grains.GetGrain<IScoringGrain>(ShardKeys.Scoring);

    private ITrainingCoordinatorGrain Coordinator => grains.GetGrain<ITrainingCoordinatorGrain>(ShardKeys.Coordinator);

    private IModelDirectoryGrain Models => grains.GetGrain<IModelDirectoryGrain>(ShardKeys.Models);

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
