namespace OrleansRec.Model.Ranking;

/// <summary>How much attention a place gets: 1 / log2(1 + position), as in discounted cumulative gain (Järvelin and Kekäläinen 2002; Singh and Joachims 2018 for exposure).</summary>
public static class Attention
{
    private static readonly double[] Weights = [0, .. Enumerable.Range(1, RankRequest.KMax).Select(position => 1 / Math.Log2(1 + position))];

    private static readonly double[] Sums = SumsOf(Weights);

    /// <summary>The weight of a place.</summary>
    /// <param name="position">1 … <see cref="RankRequest.KMax"/>.</param>
    public static double Of(int position) => Weights[position];

    /// <summary>The weight of all places from 1 to the last.</summary>
    /// <param name="last">0 … <see cref="RankRequest.KMax"/>.</param>
    public static double Through(int last) => Sums[last];

    private static double[] SumsOf(double[] weights)
    {
        double sum = 0;
        return Array.ConvertAll(weights, weight => sum += weight);
    }
}
