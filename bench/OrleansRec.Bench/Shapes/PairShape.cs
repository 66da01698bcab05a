namespace OrleansRec.Bench.Shapes;

/// <summary>How many pairs a generated set has, and how uneven they are: the degree of the q-th busiest row is proportional to (q + Offset)^−Exponent.</summary>
/// <param name="Name">As the tables call it.</param>
/// <param name="Users">U.</param>
/// <param name="Items">I.</param>
/// <param name="Pairs">Distinct pairs to train on.</param>
/// <param name="UserExponent">Skew of activity.</param>
/// <param name="UserOffset">Flattens the busiest users.</param>
/// <param name="ItemExponent">Skew of popularity.</param>
/// <param name="ItemOffset">Flattens the most popular items.</param>
internal sealed record PairShape(
    string Name, int Users, int Items, int Pairs, double UserExponent, int UserOffset, double ItemExponent, int ItemOffset)
{
    /// <summary>MovieLens 1M's size and skew: the most active tenth of the users holds two fifths of the pairs, the busiest user about 2,500.</summary>
    public static PairShape MovieLens1M { get; } = new("1 M (MovieLens 1M's shape)", 6_040, 3_706, 1_000_209, 0.75, 40, 1.2, 60);

    /// <summary>The shape of the large measurements: power laws on both sides, the median user near 50 pairs, the median item near 180.</summary>
    public static PairShape TenMillion { get; } = new("10 M (power law)", 100_000, 20_000, 9_740_000, 0.7, 20, 0.9, 20);
}
