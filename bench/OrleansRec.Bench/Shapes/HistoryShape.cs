namespace OrleansRec.Bench.Shapes;

/// <summary>How large a generated history is and how skewed; <see cref="HistoryCsv"/> writes it. The same shape gives the same history.</summary>
/// <param name="Pairs">Its distinct (user, item) pairs.</param>
/// <param name="Events">Interactions; those beyond the pairs repeat a pair of their user.</param>
internal sealed record HistoryShape(PairShape Pairs, int Events)
{
    /// <summary>The users, items and interactions that a server is promised to hold in 850 MB.</summary>
    public static HistoryShape TenMillion { get; } = new(PairShape.TenMillion, 10_000_000);

    public int Users => Pairs.Users;

    public int Items => Pairs.Items;

    /// <summary>The ten-million shape cut to so many interactions, with as many of each user; items shrink by the root.</summary>
    public static HistoryShape OfEvents(int events)
    {
        double part = (double)events / TenMillion.Events;
        return new(
            PairShape.TenMillion with
            {
                Users = Math.Max(100, (int)(TenMillion.Users * part)), Items = Math.Max(200, (int)(TenMillion.Items * Math.Sqrt(part))), Pairs = (int)(PairShape.TenMillion.Pairs * part),
            },
            events);
    }
}
