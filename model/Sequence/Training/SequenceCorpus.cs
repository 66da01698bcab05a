using OrleansRec.Model.Companions;

namespace OrleansRec.Model.Sequence.Training;

/// <summary>What a sequence model of a shop is trained on: the items that each user chose, in the order of time.</summary>
/// <remarks>
/// Read are events that add more than 0 to r, of items that the version has; events of one moment in the order of arrival; an item that follows itself, once. The order of users is that of the histories, so the corpus does not
/// depend on how users are spread over shards.
/// </remarks>
public sealed class SequenceCorpus
{
    /// <summary>Users asked, the first by hash: at most 8,000, and fewer where V is large, but at least 1,000, so that an epoch's ranking takes some 100 million scores.</summary>
    /// <param name="itemCount">V.</param>
    public static int AskedMax(int itemCount) => Math.Clamp(ScoresMax / Math.Max(1, itemCount), 1_000, 8_000);

    private const int ScoresMax = 100_000_000;

    private SequenceCorpus(SequenceRows all, SequenceRows choosing, SequenceRows asked, int[] heldOut) => (All, Choosing, Asked, HeldOut) = (all, choosing, asked, heldOut);

    /// <summary>All that may be trained on.</summary>
    public SequenceRows All { get; }

    /// <summary>The same without the last item of the users who are asked.</summary>
    public SequenceRows Choosing { get; }

    /// <summary>Histories of the users who are asked, without their last item.</summary>
    public SequenceRows Asked { get; }

    /// <summary>The last item of each of them, shape (users asked).</summary>
    public int[] HeldOut { get; }

    /// <summary>Reads histories.</summary>
    /// <param name="histories">What users did.</param>
    /// <param name="heldOutShare">Share of users whose newest item the factors were not trained on; it is left out here too.</param>
    /// <param name="length">n, the longest window; of a longer history the end is kept.</param>
    public static SequenceCorpus Of(ShopHistories histories, double heldOutShare, int length)
    {
        ArgumentNullException.ThrowIfNull(histories);
        return Of(
            histories.ItemIds.Length, [.. Enumerable.Range(0, histories.UserCount).Select(user => ItemsOf(histories, user, NewestOf(histories, user, heldOutShare), length))], histories.UserId);
    }

    /// <summary>Splits the histories of users.</summary>
    /// <param name="itemCount">V.</param>
    /// <param name="all">Items of each user, oldest first, shape (users).</param>
    /// <param name="idOf">The id of a user: its hash decides who is asked.</param>
    public static SequenceCorpus Of(int itemCount, int[][] all, Func<int, string> idOf)
    {
        ArgumentNullException.ThrowIfNull(all);
        int[] asked = [.. Enumerable.Range(0, all.Length).Where(user => MayBeAsked(all[user])).OrderBy(user => IdHash.Of(idOf(user))).ThenBy(user => user).Take(AskedMax(itemCount)).Order()];
        int[][] choosing = [.. all];
        foreach (int user in asked)
            choosing[user] = all[user][..^1];
        return new(
            SequenceRows.Of(itemCount, all), SequenceRows.Of(itemCount, choosing), SequenceRows.Of(itemCount, [.. asked.Select(user => choosing[user])]), [.. asked.Select(user => all[user][^1])]);
    }

    /// <summary>Histories without some items, as weights of a blend are learned on.</summary>
    /// <param name="histories">What users did.</param>
    /// <param name="leftOut">Items that are left out of each user's history, ascending, shape (users).</param>
    /// <param name="length">n, the longest window.</param>
    public static SequenceRows Without(ShopHistories histories, int[][] leftOut, int length)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentNullException.ThrowIfNull(leftOut);
        return SequenceRows.Of(histories.ItemIds.Length, [.. Enumerable.Range(0, histories.UserCount).Select(user => ItemsOf(histories, user, leftOut[user], length))]);
    }

    /// <summary>The items that a model reads of events in the order of arrival.</summary>
    /// <param name="events">Item and moment of each event that counts.</param>
    public static List<int> InOrder(List<(int Item, long TimeMs)> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        bool isSorted = true;
        for (int n = 1; n < events.Count && isSorted; n++)
            isSorted = events[n - 1].TimeMs <= events[n].TimeMs;
        IEnumerable<(int Item, long TimeMs)> inTime = isSorted ? events : events.OrderBy(e => e.TimeMs);
        var items = new List<int>(events.Count);
        foreach ((int item, _) in inTime)
            if (items.Count == 0 || items[^1] != item)
                items.Add(item);
        return items;
    }

    private static int[] ItemsOf(ShopHistories histories, int user, ReadOnlySpan<int> leftOut, int length)
    {
        var events = new List<(int, long)>();
        foreach (HistoryStep step in histories.Of(user))
            if (step.Amount > 0 && step.Item < histories.ItemIds.Length && leftOut.BinarySearch(step.Item) < 0)
                events.Add((step.Item, step.TimeMs));
        // A window of n items predicts one more, and one may be held out.
        return [.. InOrder(events).TakeLast(length + 2)];
    }

    private static int[] NewestOf(ShopHistories histories, int user, double share) =>
        HeldOutSample.Has(histories.UserId(user), share) && histories.NewestItem(user) is >= 0 and int newest ? [newest] : [];

    /// <summary>Whether a list that leaves out what the user has can hold the last item, and something is left to train on.</summary>
    private static bool MayBeAsked(int[] items) => items.Length >= Evaluation.LeaveOneOut.ItemsMin && Array.IndexOf(items, items[^1]) == items.Length - 1;
}
