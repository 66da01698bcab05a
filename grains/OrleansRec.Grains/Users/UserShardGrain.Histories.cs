using OrleansRec.Contracts;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>Histories of the shard's users for whoever builds models beside the factorisation, page by page.</summary>
public sealed partial class UserShardGrain
{
    /// <summary>Events of one page, unless one user has more: about a quarter of a megabyte, and a millisecond of the shard's turn.</summary>
    private const int HistoryEventsMax = 8_192;

    /// <summary>Users read for one page at most, those without events included.</summary>
    private const int HistoryUsersMax = 8_192;

    public Task<HistoryPage> GetHistories(HistoryQuery query, CancellationToken cancellation = default)
    {
        if (query.Watermark > state.LastSequence)
            throw new TrainingUnknownException($"User shard {shard} ends at record {state.LastSequence} here; histories up to record {query.Watermark} were asked for.");
        TypeMeanings types = query.Plan.MeaningsOf([.. Enumerable.Range(0, state.Texts.Types.Count).Select(type => state.Texts.Types[type])]);
        IReadOnlyList<UserRow> users = state.Sorted();
        int at = query.AfterUserId is { } after ? FirstRowAfter(users, RowKey.Of(after)) : 0, end = Math.Min(users.Count, at + HistoryUsersMax);
        var page = new HistoryPageWriter(state.Texts, types, this.types.Current);
        for (; at < end && page.EventCount < HistoryEventsMax; at++)
            // Who has not agreed to lists of their own is not learned from either.
            if (users[at].Record.Settings is not { MayPersonalise: false })
                page.Add(users[at].Key.Id, users[at].Record.Through(query.Watermark), AttributesOf(users[at].Record));
        return Task.FromResult(page.ToPage(at < users.Count ? users[at - 1].Key.Id : null));
    }

    private static int FirstRowAfter(IReadOnlyList<UserRow> users, RowKey key)
    {
        int low = 0, high = users.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (users[middle].Key.CompareTo(key) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
