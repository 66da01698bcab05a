namespace OrleansRec.Model.Companions;

/// <summary>What is held out of pairs.</summary>
/// <param name="NewestShare">Share of users whose newest item is held out, by <see cref="HeldOutSample"/>; 0: none.</param>
/// <param name="LastFifth">
/// Whether the last fifth of each user's items is, by the moment of the first event, with all of that moment: an order is held out whole or not at all. Of users with at least <see cref="HeldOutSample.ItemsMin"/> items and two moments.
/// </param>
public readonly record struct HoldOut(double NewestShare = 0, bool LastFifth = false);

/// <summary>The pairs of histories as a training sees them, with the moment of each; some may be held out.</summary>
/// <param name="UserIds">Users with a pair, in the order of the histories, shape (U).</param>
/// <param name="ByUser">Pairs by user; columns are rows of the model.</param>
/// <param name="TimesMs">The moment of each pair: that of its newest event.</param>
/// <param name="HeldOut">Items that were held out of each user's pairs, ascending, rows of the model where they are below its count, shape (U).</param>
/// <param name="HeldOutOf">The same for each user of the histories, shape (users of the histories).</param>
public sealed record HistoryPairs(string[] UserIds, InteractionRows ByUser, long[] TimesMs, int[][] HeldOut, int[][] HeldOutOf)
{
    /// <summary>Makes pairs.</summary>
    /// <param name="histories">What users did.</param>
    /// <param name="how">How the events of a pair make its value.</param>
    /// <param name="dropsZeros">Whether a pair of value 0 says nothing, as to the implicit objective.</param>
    /// <param name="holdOut">What is held out.</param>
    public static HistoryPairs Of(ShopHistories histories, PairValue how, bool dropsZeros, HoldOut holdOut)
    {
        ArgumentNullException.ThrowIfNull(histories);
        var (userIds, starts, columns, values, times, held) = (new List<string>(), new List<int> { 0 }, new List<int>(), new List<float>(), new List<long>(), new List<int[]>());
        var heldOutOf = new int[histories.UserCount][];
        var (pairs, moments) = (new PairValues(), new Dictionary<int, (long First, long Newest)>());
        for (int user = 0; user < histories.UserCount; user++)
        {
            Reduce(histories, user, how, dropsZeros, pairs, moments);
            heldOutOf[user] = TakeOut(histories, user, holdOut, pairs, moments);
            int before = columns.Count;
            for (int n = 0; n < pairs.Count && pairs.Items[n] < histories.ItemIds.Length; n++)
            {
                columns.Add(pairs.Items[n]);
                values.Add(pairs.Values[n]);
                times.Add(moments[pairs.Items[n]].Newest);
            }
            if (columns.Count == before)
                continue;
            userIds.Add(histories.UserId(user));
            starts.Add(columns.Count);
            held.Add(heldOutOf[user]);
        }
        return new([.. userIds], new([.. starts], [.. columns], [.. values]), [.. times], [.. held], heldOutOf);
    }

    /// <summary>The same pairs by item; columns are rows of <see cref="UserIds"/>.</summary>
    /// <param name="itemCount">Rows of the model.</param>
    public InteractionRows ByItem(int itemCount)
    {
        var starts = new int[itemCount + 1];
        int[] columns = [];
        float[] values = [];
        for (int user = 0; user < ByUser.RowCount; user++)
            foreach (int item in ByUser.Columns(user, ref columns))
                starts[item + 1]++;
        for (int item = 0; item < itemCount; item++)
            starts[item + 1] += starts[item];
        int[] next = starts[..^1], users = new int[ByUser.PairCount];
        var r = new float[ByUser.PairCount];
        for (int user = 0; user < ByUser.RowCount; user++)
        {
            var items = ByUser.Columns(user, ref columns);
            var own = ByUser.Values(user, ref values);
            for (int n = 0; n < items.Length; n++)
            {
                int at = next[items[n]]++;
                (users[at], r[at]) = (user, own[n]);
            }
        }
        return new(starts, users, r);
    }

    private static void Reduce(ShopHistories histories, int user, PairValue how, bool dropsZeros, PairValues pairs, Dictionary<int, (long First, long Newest)> moments)
    {
        pairs.Clear();
        moments.Clear();
        foreach (var step in histories.Of(user))
        {
            if (float.IsNaN(step.Amount))
                continue;
            pairs.Add(step.Item, step.Amount, step.TimeMs);
            moments[step.Item] = moments.TryGetValue(step.Item, out var known) ? (Math.Min(known.First, step.TimeMs), Math.Max(known.Newest, step.TimeMs)) : (step.TimeMs, step.TimeMs);
        }
        pairs.Reduce(how);
        if (dropsZeros)
            pairs.DropZeros();
    }

    /// <summary>Takes what is held out of a user's pairs.</summary>
    private static int[] TakeOut(ShopHistories histories, int user, HoldOut holdOut, PairValues pairs, Dictionary<int, (long First, long Newest)> moments)
    {
        int[] items = [];
        if (holdOut.LastFifth && pairs.Count >= HeldOutSample.ItemsMin)
            items = LastFifth(pairs, moments);
        else if (HeldOutSample.Has(histories.UserId(user), holdOut.NewestShare) && histories.NewestItem(user) is >= 0 and var newest)
            items = [newest];
        return [.. items.Where(pairs.TryDrop).Order()];
    }

    private static int[] LastFifth(PairValues pairs, Dictionary<int, (long First, long Newest)> moments)
    {
        int[] all = pairs.Items.ToArray();
        long from = all.Select(item => moments[item].First).OrderDescending().ElementAt(all.Length / HeldOutSample.ItemsMin - 1);
        int[] last = [.. all.Where(item => moments[item].First >= from)];
        return last.Length < all.Length ? last : [];
    }
}
