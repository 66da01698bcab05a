namespace OrleansRec.Model;

/// <summary>Measures the rank of one held-out item among sampled negatives, as leave-one-out benchmarks do (He et al. 2017).</summary>
/// <remarks>Such figures are for comparing with published ones: against the full catalogue they are far lower, and can order models otherwise.</remarks>
public sealed class SampledRanking
{
    private readonly List<int> _ranks = [];

    /// <summary>Users measured.</summary>
    public int Users => _ranks.Count;

    /// <summary>The rank, from 1, of the held-out item among itself and the negatives: by score, then by id, as lists are ordered.</summary>
    /// <param name="heldOut">The item.</param>
    /// <param name="score">Its score.</param>
    /// <param name="negatives">The others; the item itself among them counts for nothing.</param>
    /// <param name="scores">Their scores, shape (negatives).</param>
    /// <exception cref="ArgumentException">The spans differ in length, or a score is not a number.</exception>
    public static int RankOf(string heldOut, float score, ReadOnlySpan<string> negatives, ReadOnlySpan<float> scores)
    {
        if (negatives.Length != scores.Length)
            throw new ArgumentException($"Each of {negatives.Length} negatives needs a score; got {scores.Length}.", nameof(scores));
        if (float.IsNaN(score))
            throw new ArgumentException($"The score of item '{heldOut}' is not a number.", nameof(score));
        int rank = 1;
        for (int i = 0; i < negatives.Length; i++)
        {
            if (float.IsNaN(scores[i]))
                throw new ArgumentException($"The score of item '{negatives[i]}' is not a number.", nameof(scores));
            if (scores[i] > score || (scores[i] == score && string.CompareOrdinal(negatives[i], heldOut) < 0))
                rank++;
        }
        return rank;
    }

    /// <summary>Adds one user's rank.</summary>
    public void Add(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        _ranks.Add(rank);
    }

    /// <summary>Share of users whose item is among the first n; 0 without users.</summary>
    public double HitRate(int n) => Mean(rank => rank <= n ? 1 : 0);

    /// <summary>Mean of 1/log₂(rank + 1) where the item is among the first n, else 0: the ideal is 1, there being one item to find.</summary>
    public double Ndcg(int n) => Mean(rank => rank <= n ? RankingMetrics.Gain(rank) : 0);

    /// <summary>Mean of 1/rank where the item is among the first n, else 0.</summary>
    public double Mrr(int n) => Mean(rank => rank <= n ? 1.0 / rank : 0);

    private double Mean(Func<int, double> gain) => _ranks.Count == 0 ? 0 : _ranks.Sum(gain) / _ranks.Count;
}
