using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>How good the lists of one model are on held-out items.</summary>
public sealed record ModelFigures
{
    /// <summary>The longest list that is measured.</summary>
    public const int LengthMax = 100;

    /// <summary>Held-out items with at most this many training users are rare.</summary>
    public const int RareUsersMax = 5;

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>How it was set.</summary>
    public required string Setting { get; init; }

    /// <summary>Ranking figures at length 10.</summary>
    public required RankingFigures At10 { get; init; }

    /// <summary>Ranking figures at length 20.</summary>
    public required RankingFigures At20 { get; init; }

    /// <summary>Novelty, diversity, Gini and coverage at length 10.</summary>
    public required ListFigures Lists { get; init; }

    /// <summary>NDCG@10 of each test user.</summary>
    public required double[] Ndcg10 { get; init; }

    /// <summary>Recall@20 of each test user.</summary>
    public required double[] Recall20 { get; init; }

    /// <summary>NDCG@10 with its bootstrap range.</summary>
    public required Interval Ndcg10Range { get; init; }

    /// <summary>NDCG@10 of new users: the quarter of the test users with the fewest training pairs.</summary>
    public required double NewUsersNdcg10 { get; init; }

    /// <summary>Share of held-out rare items that are in their user's first 20; 0 where there are none.</summary>
    public required double RareItemsRecall20 { get; init; }

    /// <summary>Mean recall at the lengths 1, 2, 5, 10, 20, 50 and 100.</summary>
    public required IReadOnlyList<(int Length, double Recall)> RecallCurve { get; init; }

    /// <summary>Measures a part on a set.</summary>
    /// <param name="part">Fitted on the set's training pairs.</param>
    /// <param name="setting">How it was set, for reports.</param>
    /// <param name="set">Training pairs and held-out items; at least one test user.</param>
    /// <param name="seed">The seed of the bootstrap.</param>
    /// <param name="workers">Threads; no figure depends on it.</param>
    public static ModelFigures Of(IScorePart part, string setting, OfflineSet set, int seed = 1, int workers = 1)
    {
        var lists = OfflineLists.Of(part, set, LengthMax, workers);
        var ranking = Ranking(lists, set);
        double[] ndcg = lists.Ndcg(set, 10);
        int[] userCounts = [.. Enumerable.Range(0, set.ItemIds.Length).Select(set.ByItem.CountOf)];
        return new()
        {
            Model = part.Name, Setting = setting, At10 = ranking.At(10), At20 = ranking.At(20), Ndcg10 = ndcg, Recall20 = lists.Recall(set, 20),
            Lists = ListFigures.Of(lists.Rows, 10, userCounts, set.UserIds.Length, (a, b) => SharedUsers(set, a, b)),
            Ndcg10Range = Bootstrap.Of(ndcg, seed), NewUsersNdcg10 = OfNewUsers(lists, set, ndcg), RareItemsRecall20 = OfRareItems(lists, set),
            RecallCurve = [.. ((int[])[1, 2, 5, 10, 20, 50, 100]).Select(n => (n, lists.Recall(set, n).Average()))],
        };
    }

    /// <summary>The mean of several runs of one model on the same test users, user by user.</summary>
    /// <param name="runs">At least one.</param>
    /// <param name="seed">The seed of the bootstrap.</param>
    public static ModelFigures Mean(IReadOnlyList<ModelFigures> runs, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 1)
            return runs[0];
        double[] ndcg = MeanOf(runs, r => r.Ndcg10);
        return runs[0] with
        {
            At10 = MeanOf(runs, r => r.At10), At20 = MeanOf(runs, r => r.At20), Ndcg10 = ndcg, Recall20 = MeanOf(runs, r => r.Recall20), Ndcg10Range = Bootstrap.Of(ndcg, seed),
            Lists = new(runs.Average(r => r.Lists.Novelty), runs.Average(r => r.Lists.Diversity), runs.Average(r => r.Lists.Gini), runs.Average(r => r.Lists.Coverage)),
            NewUsersNdcg10 = runs.Average(r => r.NewUsersNdcg10), RareItemsRecall20 = runs.Average(r => r.RareItemsRecall20),
            RecallCurve = [.. runs[0].RecallCurve.Select((point, n) => (point.Length, runs.Average(r => r.RecallCurve[n].Recall)))],
        };
    }

    private static double[] MeanOf(IReadOnlyList<ModelFigures> runs, Func<ModelFigures, double[]> of) =>
        [.. Enumerable.Range(0, of(runs[0]).Length).Select(n => runs.Average(r => of(r)[n]))];

    private static RankingFigures MeanOf(IReadOnlyList<ModelFigures> runs, Func<ModelFigures, RankingFigures> of) => new(
        of(runs[0]).Users, runs.Average(r => of(r).Precision), runs.Average(r => of(r).Recall), runs.Average(r => of(r).F1), runs.Average(r => of(r).HitRate),
        runs.Average(r => of(r).Ndcg), runs.Average(r => of(r).Map), runs.Average(r => of(r).Mrr), runs.Average(r => of(r).CatalogueCoverage));

    private static RankingMetrics Ranking(OfflineLists lists, OfflineSet set)
    {
        var metrics = new RankingMetrics(set.ItemIds.Length, 10, 20);
        for (int at = 0; at < lists.Users.Length; at++)
        {
            var held = new HashSet<string>(StringComparer.Ordinal);
            foreach (int row in set.TestItemsOf(lists.Users[at]))
                held.Add(set.ItemIds[row]);
            // Items that no list can show count as held out all the same.
            for (int n = held.Count; n < set.HeldCountOf(lists.Users[at]); n++)
                held.Add($"\0{n}");
            metrics.Add([.. lists.Rows[at].Select(row => set.ItemIds[row])], held);
        }
        return metrics;
    }

    private static double OfNewUsers(OfflineLists lists, OfflineSet set, double[] ndcg)
    {
        int[] order = [.. Enumerable.Range(0, ndcg.Length).OrderBy(at => set.ByUser.CountOf(lists.Users[at]))];
        int most = set.ByUser.CountOf(lists.Users[order[(order.Length - 1) / 4]]);
        return order.Where(at => set.ByUser.CountOf(lists.Users[at]) <= most).Average(at => ndcg[at]);
    }

    private static double OfRareItems(OfflineLists lists, OfflineSet set)
    {
        int hits = 0, all = 0;
        for (int at = 0; at < lists.Users.Length; at++)
            foreach (int row in set.TestItemsOf(lists.Users[at]))
                if (set.ByItem.CountOf(row) <= RareUsersMax)
                {
                    all++;
                    hits += Array.IndexOf(lists.Rows[at], row, 0, Math.Min(20, lists.Rows[at].Length)) >= 0 ? 1 : 0;
                }
        return all == 0 ? 0 : (double)hits / all;
    }

    /// <summary>Users who have both items by users who have either.</summary>
    private static double SharedUsers(OfflineSet set, int a, int b)
    {
        ReadOnlySpan<int> first = set.ByItem.Columns(a), second = set.ByItem.Columns(b);
        int shared = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            shared += first[i] == second[j] ? 1 : 0;
            int step = first[i].CompareTo(second[j]);
            i += step <= 0 ? 1 : 0;
            j += step >= 0 ? 1 : 0;
        }
        return shared == 0 ? 0 : (double)shared / (first.Length + second.Length - shared);
    }
}
