using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>The lists that a part makes for every test user, and how good each is.</summary>
/// <param name="Model">The part's name.</param>
/// <param name="Users">Row of each test user, ascending.</param>
/// <param name="Rows">Item rows of each user's list, best first; what the user has is left out.</param>
public sealed record OfflineLists(string Model, int[] Users, int[][] Rows)
{
    /// <summary>Makes lists of n items for every test user, through the code that serves a block.</summary>
    /// <param name="part">Scores all items of the set.</param>
    /// <param name="set">Training pairs and held-out items.</param>
    /// <param name="n">Length of a list, ≥ 1.</param>
    /// <param name="workers">Threads, ≥ 1; the lists do not depend on it.</param>
    /// <param name="only">Item rows that a list may show; null for all.</param>
    public static OfflineLists Of(IScorePart part, OfflineSet set, int n, int workers = 1, IReadOnlySet<int>? only = null)
    {
        int[] users = [.. set.TestUsers];
        var lists = new int[users.Length][];
        PieceWork.Run(users.Length, workers, (at, _) =>
        {
            var scores = new float[set.ItemIds.Length];
            part.Score(part.Prepare(set.SignalsOf(users[at])), scores);
            lists[at] = Best(scores, set, users[at], n, only);
        });
        return new(part.Name, users, lists);
    }

    /// <summary>The best n rows that a user does not have.</summary>
    internal static int[] Best(ReadOnlySpan<float> scores, OfflineSet set, int user, int n, IReadOnlySet<int>? only = null)
    {
        var excluded = new ulong[(scores.Length + 63) / 64];
        foreach (int row in set.ByUser.Columns(user))
            excluded[row >> 6] |= 1UL << (row & 63);
        if (only is not null)
            for (int row = 0; row < scores.Length; row++)
                if (!only.Contains(row))
                    excluded[row >> 6] |= 1UL << (row & 63);
        var best = new ScoredRow[Math.Min(n, scores.Length)];
        int count = BlockLists.Select(scores, excluded, set.ItemIds, best);
        return Array.ConvertAll(best[..count], b => b.Row);
    }

    /// <summary>NDCG of each user's list at a length: gain 1, the ideal of min(length, held-out items).</summary>
    public double[] Ndcg(OfflineSet set, int length) => Each(set, length, (ranks, held) =>
        ranks.Sum(RankingMetrics.Gain) / Enumerable.Range(1, Math.Min(length, held)).Sum(RankingMetrics.Gain));

    /// <summary>Recall of each user's list at a length: hits by held-out items.</summary>
    public double[] Recall(OfflineSet set, int length) => Each(set, length, (ranks, held) => (double)ranks.Count / held);

    private double[] Each(OfflineSet set, int length, Func<List<int>, int, double> figure)
    {
        var figures = new double[Users.Length];
        for (int at = 0; at < Users.Length; at++)
        {
            var ranks = new List<int>();
            for (int rank = 1; rank <= Math.Min(length, Rows[at].Length); rank++)
                if (set.TestItemsOf(Users[at]).BinarySearch(Rows[at][rank - 1]) >= 0)
                    ranks.Add(rank);
            figures[at] = figure(ranks, set.HeldCountOf(Users[at]));
        }
        return figures;
    }
}
