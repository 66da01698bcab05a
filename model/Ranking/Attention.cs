namespace OrleansRec.Model.Ranking;

/// <summary>How much attention a place gets: 1 / log2(1 + position), as in discounted cumulative gain (Järvelin and Kekäläinen 2002; Singh and Joachims 2018 for exposure).</summary>
public static class Attention
{
    /// <summary>The weight of a place.</summary>
    /// <param name="position">From 1.</param>
    public static double Of(int position) => 1 / Math.Log2(1 + position);

    /// <summary>The weight of all places from 1 to the last.</summary>
    /// <param name="last">0 or more.</param>
    public static double Through(int last)
    {
        double sum = 0;
        for (int position = 1; position <= last; position++)
            sum += Of(position);
        return sum;
    }
}
