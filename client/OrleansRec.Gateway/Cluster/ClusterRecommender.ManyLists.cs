using System.Runtime.CompilerServices;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <summary>Users whose lists are asked of the shards together.</summary>
    private const int TogetherMax = 4096;

    /// <inheritdoc/>
    public async IAsyncEnumerable<UserListAnswer> RecommendManyAsync(
        ManyListsQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        RecommendRequest request = ListRules.ToRequest(query, _options.ListedIdsMax);
        if (query.UserIds is { } userIds)
            ListRules.CheckIds("userIds", userIds, _options.ListedIdsMax);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        IAsyncEnumerable<UserList[]> windows = query.UserIds is null ? ListsOfAll(request, stop.Token) : ListsOf(query.UserIds, request, stop.Token);
        await using IAsyncEnumerator<UserList[]> each = windows.GetAsyncEnumerator(stop.Token);
        // One window is made while the one before it is written.
        Task<bool> next = each.MoveNextAsync().AsTask();
        try
        {
            while (await next.ConfigureAwait(false))
            {
                UserList[] window = each.Current;
                next = each.MoveNextAsync().AsTask();
                foreach (UserList user in window)
                    yield return new(user.UserId, user.List.ToApi());
            }
        }
        finally
        {
            // Where the caller goes before the end a window is under way, and an enumerator must not be disposed beneath it.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async IAsyncEnumerable<UserList[]> ListsOfAll(RecommendRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int shard = 0; shard < shards.UserShards; shard++)
        {
            IUserShardGrain asked = UserShard(shard);
            UserListsAnswer answer;
            string? after = null;
            do
            {
                var window = new UserWindow(null, after);
                answer = await Ask(() => asked.RecommendMany(window, request, cancellation), cancellation).ConfigureAwait(false);
                yield return answer.Lists;
                after = answer.Lists is [.., var last] ? last.UserId : after;
            }
            while (!answer.IsEnd);
        }
    }

    private async IAsyncEnumerable<UserList[]> ListsOf(string[] userIds, RecommendRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (string[] together in userIds.Chunk(TogetherMax))
        {
            // The places of the users of each shard, in order, so that lists come back in the order of the request.
            IGrouping<int, int>[] places = [.. Enumerable.Range(0, together.Length).GroupBy(place => shards.OfUser(together[place]))];
            var lists = new UserList[together.Length];
            await AskEach(places, async (ofShard, ended) =>
            {
                int[] at = [.. ofShard];
                for (int done = 0; done < at.Length;)
                {
                    var window = new UserWindow([.. at.Skip(done).Select(place => together[place])]);
                    UserListsAnswer answer = await Ask(() => UserShard(ofShard.Key).RecommendMany(window, request, ended), ended).ConfigureAwait(false);
                    foreach (UserList list in answer.Lists)
                        lists[at[done++]] = list;
                }
                return true;
            }, cancellation).ConfigureAwait(false);
            yield return lists;
        }
    }
}
