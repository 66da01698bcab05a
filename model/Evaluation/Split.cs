namespace OrleansRec.Model;

/// <summary>Splits interactions into what is trained on and what is tested on.</summary>
/// <remarks>
/// The input holds a pair at most once: reduce events to pairs before, or a pair would be in both parts. "Random" means the order of a
/// hash of (seed, user, item), so a split depends on the seed and on what is in the input, not on the order of the input.
/// </remarks>
public static class Split
{
    /// <summary>Users with fewer items than this are trained on only, unless a caller says otherwise.</summary>
    public const int ItemsMinDefault = 5;

    /// <summary>Holds out ⌊n · fraction⌋ of all n pairs.</summary>
    public static SplitParts Random(IEnumerable<Interaction> all, double testFraction, int seed)
    {
        var pairs = Distinct(all);
        CheckFraction(testFraction);
        SortRandomly(pairs, seed);
        return Parts(pairs, CountOf(pairs.Length, testFraction));
    }

    /// <summary>Holds out ⌊n · fraction⌋ of the n items of each user who has at least <paramref name="itemsMin"/>.</summary>
    public static SplitParts RandomPerUser(IEnumerable<Interaction> all, double testFraction, int seed, int itemsMin = ItemsMinDefault)
    {
        CheckFraction(testFraction);
        return PerUser(all, itemsMin, testFraction, user => SortRandomly(user, seed));
    }

    /// <summary>Holds out the last ⌊n · fraction⌋ by time, then id, of the n items of each user who has at least <paramref name="itemsMin"/>.</summary>
    public static SplitParts ByTimePerUser(IEnumerable<Interaction> all, double testFraction, int itemsMin = ItemsMinDefault)
    {
        CheckFraction(testFraction);
        return PerUser(all, itemsMin, testFraction, SortLatestFirst);
    }

    /// <summary>Holds out every pair at or after a moment.</summary>
    public static SplitParts ByTime(IEnumerable<Interaction> all, long cutMs)
    {
        var pairs = Distinct(all);
        return new([.. pairs.Where(p => p.TimeMs < cutMs)], [.. pairs.Where(p => p.TimeMs >= cutMs)]);
    }

    /// <summary>Holds out one item of each user who has at least two.</summary>
    public static SplitParts LeaveOneOut(IEnumerable<Interaction> all, LeftOut which, int seed) =>
        PerUser(all, 2, null, which == LeftOut.Last ? SortLatestFirst : user => SortRandomly(user, seed));

    /// <summary>Deals all pairs into k parts whose sizes differ by at most one, and holds out each in turn.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 2 or above the number of pairs.</exception>
    public static IReadOnlyList<SplitParts> KFold(IEnumerable<Interaction> all, int k, int seed)
    {
        var pairs = Distinct(all);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, pairs.Length);
        SortRandomly(pairs, seed);
        var folds = new SplitParts[k];
        for (int fold = 0; fold < k; fold++)
        {
            var test = pairs.Where((_, i) => i % k == fold);
            var train = pairs.Where((_, i) => i % k != fold);
            folds[fold] = new(InOrder(train), InOrder(test));
        }
        return folds;
    }

    /// <summary>Sorts each user's pairs so that those to hold out come first; a null fraction means one.</summary>
    private static SplitParts PerUser(IEnumerable<Interaction> all, int itemsMin, double? fraction, Action<Span<Interaction>> testFirst)
    {
        var pairs = Distinct(all);
        List<Interaction> train = [], test = [];
        for (int start = 0; start < pairs.Length;)
        {
            int end = start + 1;
            while (end < pairs.Length && pairs[end].UserId == pairs[start].UserId)
                end++;
            var user = pairs.AsSpan(start, end - start);
            testFirst(user);
            int held = user.Length < itemsMin ? 0 : fraction is { } f ? CountOf(user.Length, f) : 1;
            test.AddRange(user[..held]);
            train.AddRange(user[held..]);
            start = end;
        }
        return new(InOrder(train), InOrder(test));
    }

    private static SplitParts Parts(Interaction[] testFirst, int testCount) =>
        new(InOrder(testFirst.Skip(testCount)), InOrder(testFirst.Take(testCount)));

    // A fraction is a little off as a double: 100 · 0.29 comes out below 29.
    private static int CountOf(int n, double fraction) => (int)Math.Floor(n * fraction + 1e-9);

    private static void SortRandomly(Span<Interaction> pairs, int seed)
    {
        ulong start = IdHash.Mix((uint)seed + 0x9E3779B97F4A7C15UL);
        var order = new ulong[pairs.Length];
        for (int i = 0; i < order.Length; i++)
            order[i] = IdHash.Mix(IdHash.Mix(start ^ IdHash.Of(pairs[i].UserId)) ^ IdHash.Of(pairs[i].ItemId));
        order.AsSpan().Sort(pairs, (a, b) => a.CompareTo(b));
    }

    private static void SortLatestFirst(Span<Interaction> pairs) => pairs.Sort((a, b) =>
        a.TimeMs != b.TimeMs ? b.TimeMs.CompareTo(a.TimeMs) : string.CompareOrdinal(b.ItemId, a.ItemId));

    private static Interaction[] Distinct(IEnumerable<Interaction> all)
    {
        var pairs = InOrder(all);
        for (int i = 1; i < pairs.Length; i++)
        {
            if (Compare(pairs[i - 1], pairs[i]) == 0)
                throw new ArgumentException($"A pair must be there once; user '{pairs[i].UserId}' has item '{pairs[i].ItemId}' twice.", nameof(all));
        }
        return pairs;
    }

    private static Interaction[] InOrder(IEnumerable<Interaction> pairs)
    {
        Interaction[] sorted = [.. pairs];
        Array.Sort(sorted, Compare);
        return sorted;
    }

    private static int Compare(Interaction a, Interaction b)
    {
        int byUser = string.CompareOrdinal(a.UserId, b.UserId);
        return byUser != 0 ? byUser : string.CompareOrdinal(a.ItemId, b.ItemId);
    }

    private static void CheckFraction(double testFraction)
    {
        if (testFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "The fraction to test on must be above 0 and below 1.");
    }
}
