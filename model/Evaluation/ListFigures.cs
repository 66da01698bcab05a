namespace OrleansRec.Model.Evaluation;

/// <summary>What lists are like beside being right.</summary>
/// <param name="Novelty">Mean over entries of −log₂(users of the item / users), in bits; an item without users counts as with one (Vargas and Castells 2011).</param>
/// <param name="Diversity">Mean over lists of 1 − the mean similarity of two entries (Ziegler et al. 2005): the share of users that two items do not share, or what the caller compares.</param>
/// <param name="Gini">How unequally items are shown, 0 (all equally often) to 1 (one item only), over the whole catalogue.</param>
/// <param name="Coverage">Items in at least one list / items in the catalogue.</param>
public readonly record struct ListFigures(double Novelty, double Diversity, double Gini, double Coverage)
{
    /// <summary>Measures lists at a length.</summary>
    /// <param name="lists">Item rows of each list, best first; at least one list.</param>
    /// <param name="length">Entries of each list that are read.</param>
    /// <param name="userCounts">Users of each item at training, shape (items).</param>
    /// <param name="users">Users at training.</param>
    /// <param name="similarity">How alike two items are, 0 … 1.</param>
    /// <exception cref="ArgumentException">There is no list.</exception>
    public static ListFigures Of(IReadOnlyList<int[]> lists, int length, int[] userCounts, int users, Func<int, int, double> similarity)
    {
        ArgumentNullException.ThrowIfNull(similarity);
        if (lists.Count == 0)
            throw new ArgumentException("Figures need at least 1 list; got 0.", nameof(lists));
        var shown = new long[userCounts.Length];
        double novelty = 0, diversity = 0;
        long entries = 0;
        int pairedLists = 0;
        foreach (int[] list in lists)
        {
            var read = list.AsSpan(0, Math.Min(length, list.Length));
            foreach (int row in read)
            {
                shown[row]++;
                novelty -= Math.Log2(Math.Max(1, userCounts[row]) / (double)users);
            }
            entries += read.Length;
            if (read.Length < 2)
                continue;
            pairedLists++;
            diversity += 1 - MeanSimilarity(read, similarity);
        }
        return new(novelty / Math.Max(1, entries), diversity / Math.Max(1, pairedLists), GiniOf(shown), (double)shown.Count(n => n > 0) / shown.Length);
    }

    /// <summary>Σ (2i − n − 1)·x_i / (n·Σ x) over ascending x, i from 1; 0 where everything is 0.</summary>
    public static double GiniOf(IReadOnlyCollection<long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        long[] sorted = [.. counts.Order()];
        double sum = sorted.Sum(x => (double)x), n = sorted.Length;
        return sum == 0 ? 0 : sorted.Select((x, i) => (2 * (i + 1) - n - 1) * x).Sum() / (n * sum);
    }

    private static double MeanSimilarity(ReadOnlySpan<int> rows, Func<int, int, double> similarity)
    {
        double sum = 0;
        for (int i = 1; i < rows.Length; i++)
            for (int j = 0; j < i; j++)
                sum += similarity(rows[i], rows[j]);
        return sum * 2 / (rows.Length * (rows.Length - 1));
    }
}
