namespace OrleansRec.Model.Ranking;

/// <summary>One category or brand among the best items.</summary>
/// <param name="Name">The label.</param>
/// <param name="Share">Its share of the weight of all items, above 0, at most 1.</param>
/// <param name="Items">How many items have it.</param>
public readonly record struct LabelShare(string Name, double Share, int Items);

/// <summary>Categories and brands from the scores of the best items.</summary>
/// <remarks>
/// share(c) = Σ_{i has c} w_i / Σ_i w_i with w_i = a_i · (1 − (s_max − s_i)/(s_max − s_min)·(1 − 1/n)) over the n items in their order: a_i = 1 / log2(1 + i) is the attention of the place (<see cref="Attention"/>), so that many items far down do not
/// outweigh the few that a visitor sees; the second factor is 1 for the best score and 1/n for the least, and 1 for all where scores are equal. So shares do not change when all scores are moved or scaled. An item of several categories counts for each, so
/// shares of categories may sum to more than 1; one without a label counts below the line only. Cost: n and a sort. Worked example: scores 3, 2 and 1 of brands A, B and A: weights 1, 0.631 · ⅔ and 0.5 · ⅓, so A has 1.167 / 1.587 = 0.735 and B 0.265.
/// </remarks>
public static class LabelShares
{
    /// <summary>The labels, the largest share first, then by name.</summary>
    /// <param name="scores">Of the items in the order of the list, finite, shape (n), n ≤ <see cref="RankRequest.KMax"/>.</param>
    /// <param name="labels">Labels of each item, shape (n); one that is there twice counts once.</param>
    /// <param name="k">How many at most, ≥ 1.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static LabelShare[] Of(ReadOnlySpan<double> scores, IReadOnlyList<IReadOnlyList<string>> labels, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (scores.Length != labels.Count)
            throw new ArgumentException($"{scores.Length} items need as many lists of labels; got {labels.Count}.", nameof(labels));
        double[] weights = WeightsOf(scores);
        double all = weights.Sum();
        var sums = new Dictionary<string, (double Weight, int Items)>(StringComparer.Ordinal);
        for (int n = 0; n < weights.Length; n++)
            foreach (string label in labels[n].Distinct(StringComparer.Ordinal))
                sums[label] = sums.GetValueOrDefault(label) is var (weight, items) ? (weight + weights[n], items + 1) : default;
        return [.. sums.Select(s => new LabelShare(s.Key, s.Value.Weight / all, s.Value.Items)).OrderByDescending(s => s.Share).ThenBy(s => s.Name, StringComparer.Ordinal).Take(k)];
    }

    private static double[] WeightsOf(ReadOnlySpan<double> scores)
    {
        var weights = new double[scores.Length];
        if (scores.IsEmpty)
            return weights;
        double most = System.Numerics.Tensors.TensorPrimitives.Max(scores), least = System.Numerics.Tensors.TensorPrimitives.Min(scores);
        for (int n = 0; n < weights.Length; n++)
            weights[n] = Attention.Of(n + 1) * (most == least ? 1 : 1 - (most - scores[n]) / (most - least) * (1 - 1.0 / weights.Length));
        return weights;
    }
}
