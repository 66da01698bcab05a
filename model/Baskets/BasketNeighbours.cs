using OrleansRec.Model.Neighbours;

namespace OrleansRec.Model.Baskets;

/// <summary>How strongly two items are bought together.</summary>
public enum Association
{
    /// <summary>n·c_ij / (c_i·c_j): how many times as often as by chance. High for rare pairs, so the support bound matters.</summary>
    Lift,

    /// <summary>√G²: the square root of Dunning's log-likelihood ratio (1993), in about standard deviations from chance; pairs rarer than by chance are not kept.</summary>
    LogLikelihood,
}

/// <summary>Options of <see cref="BasketNeighbours"/>.</summary>
public sealed record BasketOptions
{
    /// <summary>The measure.</summary>
    /// <value>LogLikelihood by default.</value>
    public Association Association { get; init; } = Association.LogLikelihood;

    /// <summary>A pair is kept where it is in at least this many baskets.</summary>
    /// <value>3 by default; ≥ 1.</value>
    public int SupportMin { get; init; } = 3;

    /// <summary>Baskets with more items are not read: cost grows with the square, and what is bought with everything says nothing.</summary>
    /// <value>200 by default; ≥ 2.</value>
    public int BasketItemsMax { get; init; } = 200;

    /// <summary>How many companions an item keeps.</summary>
    /// <value>100 by default; 1 … 10,000.</value>
    public int NeighboursMax { get; init; } = 100;
}

/// <summary>Bought-together: the companions of each item, from baskets (orders or sessions).</summary>
/// <remarks>Cost Σ b² over baskets of b items. Read as any table of neighbours: a cart's list sums over the cart, an item page's list is the row itself.</remarks>
public static class BasketNeighbours
{
    /// <summary>Builds the companions of all items.</summary>
    /// <param name="baskets">One row a basket; columns are item numbers, values are not read.</param>
    /// <param name="itemIds">Id of each item, shape (I).</param>
    /// <param name="options">How.</param>
    public static NeighbourTable Build(InteractionRows baskets, string[] itemIds, BasketOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SupportMin, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BasketItemsMax, 2);
        var pairs = WeightedPairs.Of(baskets, itemIds.Length, 0, 0, options.BasketItemsMax);
        long n = Enumerable.Range(0, pairs.Rows.Count).Count(row => pairs.Rows.CountOf(row) > 0);
        var (writer, scratch) = (new NeighbourTableWriter(options.NeighboursMax, itemIds), new CoOccurrence(itemIds.Length));
        var weights = new float[itemIds.Length];
        for (int item = 0; item < itemIds.Length; item++)
        {
            scratch.Collect(pairs, item);
            var touched = scratch.Touched;
            for (int m = 0; m < touched.Length; m++)
                weights[m] = WeightOf(scratch.SharedWith(touched[m]), pairs.Columns.CountOf(item), pairs.Columns.CountOf(touched[m]), n, options);
            writer.Add(touched, weights.AsSpan(0, touched.Length));
        }
        return writer.ToTable();
    }

    /// <summary>G² = 2·Σ k·ln(k / expected) over the four cells of pair and not pair, in nats (Dunning 1993, section 4).</summary>
    /// <param name="both">Baskets with both.</param>
    /// <param name="first">Baskets with the first item.</param>
    /// <param name="second">Baskets with the second item.</param>
    /// <param name="all">All baskets.</param>
    public static double LogLikelihoodRatio(long both, long first, long second, long all)
    {
        if (both < 0 || both > Math.Min(first, second) || first + second - both > all)
            throw new ArgumentException($"Counts must be those of subsets; got {both} of {first} and {second} of {all}.", nameof(both));
        double a = both, b = first - both, c = second - both, d = all - first - second + both, n = all;
        double sum = Cell(a, (a + b) * (a + c) / n) + Cell(b, (a + b) * (b + d) / n) + Cell(c, (c + d) * (a + c) / n) + Cell(d, (c + d) * (b + d) / n);
        return Math.Max(0, 2 * sum);
    }

    private static double Cell(double k, double expected) => k > 0 ? k * Math.Log(k / expected) : 0;

    private static float WeightOf(int both, int first, int second, long all, BasketOptions options)
    {
        double lift = (double)all * both / ((double)first * second);
        if (both < options.SupportMin || (options.Association == Association.LogLikelihood && lift <= 1))
            return float.NegativeInfinity;
        return (float)(options.Association == Association.Lift ? lift : Math.Sqrt(LogLikelihoodRatio(both, first, second, all)));
    }
}
