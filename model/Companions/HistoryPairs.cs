namespace OrleansRec.Model.Companions;

/// <summary>The pairs of histories as a training sees them, with the moment of each; the newest item of sampled users may be held out.</summary>
/// <param name="UserIds">Users with a pair, in the order of the histories, shape (U).</param>
/// <param name="ByUser">Pairs by user; columns are rows of the model.</param>
/// <param name="TimesMs">The moment of each pair: that of its newest event.</param>
/// <param name="HeldOut">The item that was held out of each user's pairs, a row of the model where it is one; −1 for none, shape (U).</param>
/// <param name="HeldOutOf">The same for each user of the histories, shape (users of the histories).</param>
public sealed record HistoryPairs(string[] UserIds, InteractionRows ByUser, long[] TimesMs, int[] HeldOut, int[] HeldOutOf)
{
    /// <summary>Nothing was held out of the user's pairs.</summary>
    public const int NothingHeldOut = -1;

    /// <summary>Makes pairs.</summary>
    /// <param name="histories">What users did.</param>
    /// <param name="how">How the events of a pair make its value.</param>
    /// <param name="dropsZeros">Whether a pair of value 0 says nothing, as to the implicit objective.</param>
    /// <param name="heldOutShare">Share of users whose newest item is held out, by <see cref="HeldOutSample"/>.</param>
    public static HistoryPairs Of(ShopHistories histories, PairValue how, bool dropsZeros, double heldOutShare)
    {
        ArgumentNullException.ThrowIfNull(histories);
        var (userIds, starts, columns, values, times, held) = (new List<string>(), new List<int> { 0 }, new List<int>(), new List<float>(), new List<long>(), new List<int>());
        var heldOutOf = new int[histories.UserCount];
        var (pairs, newestMs) = (new PairValues(), new Dictionary<int, long>());
        for (int user = 0; user < histories.UserCount; user++)
        {
            heldOutOf[user] = Reduce(histories, user, how, dropsZeros, heldOutShare, pairs, newestMs);
            int before = columns.Count;
            for (int n = 0; n < pairs.Count; n++)
            {
                if (pairs.Items[n] >= histories.ItemIds.Length)
                    break;
                columns.Add(pairs.Items[n]);
                values.Add(pairs.Values[n]);
                times.Add(newestMs[pairs.Items[n]]);
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

    private static int Reduce(ShopHistories histories, int user, PairValue how, bool dropsZeros, double heldOutShare, PairValues pairs, Dictionary<int, long> newestMs)
    {
        pairs.Clear();
        newestMs.Clear();
        foreach (var step in histories.Of(user))
        {
            if (float.IsNaN(step.Amount))
                continue;
            pairs.Add(step.Item, step.Amount, step.TimeMs);
            newestMs[step.Item] = newestMs.TryGetValue(step.Item, out long known) ? Math.Max(known, step.TimeMs) : step.TimeMs;
        }
        pairs.Reduce(how);
        if (dropsZeros)
            pairs.DropZeros();
        return HeldOutSample.Has(histories.UserId(user), heldOutShare) && histories.NewestItem(user) is >= 0 and var newest && pairs.TryDrop(newest) ? newest : NothingHeldOut;
    }
}
