using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>Training pairs in both orientations with their times, and for each user what was held out: what every model is trained and measured on offline.</summary>
/// <remarks>Rows of both sides are in the order of <see cref="RowKey"/>, as in a cluster, so a factorisation has the same bits there.</remarks>
public sealed class OfflineSet
{
    private readonly long[] _timesMs;
    private readonly int[][] _test;
    private readonly int[] _heldCounts;

    private OfflineSet(string[] userIds, string[] itemIds, InteractionRows byUser, InteractionRows byItem, long[] timesMs, int[][] test, int[] heldCounts) =>
        (UserIds, ItemIds, ByUser, ByItem, _timesMs, _test, _heldCounts) = (userIds, itemIds, byUser, byItem, timesMs, test, heldCounts);

    /// <summary>Id of each user, shape (U).</summary>
    public string[] UserIds { get; }

    /// <summary>Id of each item with a training pair, shape (I).</summary>
    public string[] ItemIds { get; }

    /// <summary>Training pairs by user.</summary>
    public InteractionRows ByUser { get; }

    /// <summary>Training pairs by item.</summary>
    public InteractionRows ByItem { get; }

    /// <summary>Whether pairs have times.</summary>
    public bool HasTimes => _timesMs.Length > 0 && _timesMs[0] != 0;

    /// <summary>Users with something held out, ascending.</summary>
    public IEnumerable<int> TestUsers => Enumerable.Range(0, UserIds.Length).Where(user => _heldCounts[user] > 0);

    /// <summary>Lays a split out.</summary>
    /// <param name="parts">Each pair once; of users without a training pair nothing is measured.</param>
    /// <param name="catalogue">Items without training pairs that lists may show too, such as new ones; null for none.</param>
    /// <exception cref="ArgumentException">There is no training pair.</exception>
    public static OfflineSet Of(SplitParts parts, IEnumerable<string>? catalogue = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Train.Count == 0)
            throw new ArgumentException("A set needs at least 1 pair to train on; got 0.", nameof(parts));
        string[] users = Ordered(parts.Train.Select(p => p.UserId)), items = Ordered(parts.Train.Select(p => p.ItemId).Concat(catalogue ?? []));
        var (userRow, itemRow) = (RowsOf(users), RowsOf(items));
        var pairs = parts.Train.Select(p => (User: userRow[p.UserId], Item: itemRow[p.ItemId], p.Value, p.TimeMs)).OrderBy(p => p.User).ThenBy(p => p.Item).ToArray();
        var byItem = pairs.OrderBy(p => p.Item).ThenBy(p => p.User).ToArray();
        var held = new int[users.Length];
        var test = Array.ConvertAll(users, _ => new List<int>());
        foreach (var pair in parts.Test)
            if (userRow.TryGetValue(pair.UserId, out int user))
            {
                held[user]++;
                if (itemRow.TryGetValue(pair.ItemId, out int item))
                    test[user].Add(item);
            }
        return new(
            users, items, new(Starts(pairs.Select(p => p.User), users.Length), Array.ConvertAll(pairs, p => p.Item), Array.ConvertAll(pairs, p => p.Value)),
            new(Starts(byItem.Select(p => p.Item), items.Length), Array.ConvertAll(byItem, p => p.User), Array.ConvertAll(byItem, p => p.Value)),
            Array.ConvertAll(pairs, p => p.TimeMs), Array.ConvertAll(test, t => t.Order().ToArray()), held);
    }

    /// <summary>Item rows that were held out of a user's pairs, ascending; items that no list can show are not among them.</summary>
    public ReadOnlySpan<int> TestItemsOf(int user) => _test[user];

    /// <summary>How many items were held out of a user's pairs, those that no list can show included.</summary>
    public int HeldCountOf(int user) => _heldCounts[user];

    /// <summary>What a model may know of a user: the training pairs, at the moment after the newest.</summary>
    public UserSignals SignalsOf(int user)
    {
        ReadOnlySpan<int> items = ByUser.Columns(user);
        ReadOnlySpan<float> values = ByUser.Values(user);
        var past = new PastItem[items.Length];
        for (int n = 0; n < past.Length; n++)
            past[n] = new(ItemIds[items[n]], values[n], _timesMs[ByUser.Starts[user] + n]);
        return new(past, past.Length == 0 ? 0 : past.Max(p => p.TimeMs) + 1, UserIds[user]);
    }

    /// <summary>Item row and time of every training pair.</summary>
    public IReadOnlyList<(int Row, long TimeMs)> Events
    {
        get
        {
            var events = new (int, long)[ByUser.PairCount];
            for (int user = 0; user < UserIds.Length; user++)
            {
                var items = ByUser.Columns(user);
                for (int n = 0; n < items.Length; n++)
                    events[ByUser.Starts[user] + n] = (items[n], _timesMs[ByUser.Starts[user] + n]);
            }
            return events;
        }
    }

    /// <summary>Training pairs that a user has at one time, as baskets: columns are item rows. Pairs without a time are in none.</summary>
    public InteractionRows Baskets()
    {
        var baskets = new List<int[]>();
        for (int user = 0; user < UserIds.Length; user++)
        {
            int[] items = ByUser.Columns(user).ToArray();
            int start = ByUser.Starts[user];
            baskets.AddRange(Enumerable.Range(0, items.Length).Where(n => _timesMs[start + n] != 0).GroupBy(n => _timesMs[start + n]).OrderBy(g => g.Key)
                .Select(g => g.Select(n => items[n]).ToArray()));
        }
        int[] columns = [.. baskets.SelectMany(b => b)];
        return new(Starts(baskets.SelectMany((b, row) => Enumerable.Repeat(row, b.Length)), baskets.Count), columns, [.. Enumerable.Repeat(1f, columns.Length)]);
    }

    private static string[] Ordered(IEnumerable<string> ids) => [.. ids.Distinct(StringComparer.Ordinal).Select(RowKey.Of).Order().Select(k => k.Id)];

    private static Dictionary<string, int> RowsOf(string[] ids) => Enumerable.Range(0, ids.Length).ToDictionary(row => ids[row], StringComparer.Ordinal);

    private static int[] Starts(IEnumerable<int> rows, int count)
    {
        var starts = new int[count + 1];
        foreach (int row in rows)
            starts[row + 1]++;
        for (int row = 0; row < count; row++)
            starts[row + 1] += starts[row];
        return starts;
    }
}
