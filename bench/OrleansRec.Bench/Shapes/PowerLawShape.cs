namespace OrleansRec.Bench.Shapes;

/// <summary>How large a generated history is and how skewed; <see cref="PowerLawPairs"/> makes it. The same shape gives the same pairs.</summary>
/// <param name="Users">Rows.</param>
/// <param name="Items">Columns.</param>
/// <param name="Pairs">Distinct (user, item) pairs.</param>
/// <param name="Events">Interactions; those beyond <paramref name="Pairs"/> repeat a pair of their user.</param>
/// <remarks>
/// Activity and popularity both fall as 1 / (rank + a hundredth of the side): the most active tenth of users holds half of the pairs, the least active user a
/// fifth of the average, as in MovieLens.
/// </remarks>
internal sealed record PowerLawShape(int Users, int Items, int Pairs, int Events)
{
    /// <summary>A larger hundredth makes the first ranks more alike.</summary>
    public const double SkewOffset = 0.01;

    /// <summary>The users, items and interactions that a server is promised to hold in 600 MB.</summary>
    public static PowerLawShape TenMillion { get; } = new(100_000, 20_000, 9_740_000, 10_000_000);

    /// <summary>MovieLens 1M.</summary>
    public static PowerLawShape MovieLens1M { get; } = new(6_040, 3_706, 1_000_209, 1_000_209);

    /// <summary>The ten-million shape cut to so many interactions, with as many of each user; users and items shrink by the same root.</summary>
    public static PowerLawShape OfEvents(int events)
    {
        double part = (double)events / TenMillion.Events;
        return new(Math.Max(100, (int)(TenMillion.Users * part)), Math.Max(200, (int)(TenMillion.Items * Math.Sqrt(part))), (int)(TenMillion.Pairs * part), events);
    }
}
