using System.Globalization;

namespace OrleansRec.Model;

/// <summary>A made-up shop: a catalogue with titles, categories, prices and stock, and users with tastes who view, put in the cart and buy.</summary>
/// <remarks>
/// Popularity is skewed, so that recommending bestsellers to everyone is a baseline worth beating; tastes are narrower than
/// departments, so that it can be beaten by far. Events come as they are needed, in the order of time: a million take no more memory than
/// their visits.
/// </remarks>
public sealed class SeededShop
{
    internal const long DayMs = 24L * 60 * 60 * 1000;

    // Share of visits that begin in each hour of the day, UTC: quiet nights, a lunch hour, busy evenings.
    private static readonly double[] HourTotals =
        ShopDice.Totals([1, 0.6, 0.4, 0.3, 0.4, 0.8, 1.6, 2.6, 3.4, 4, 4.4, 4.8, 5.4, 4.8, 4.2, 4.2, 4.6, 5.4, 6.4, 7.4, 8, 7, 4.4, 2.2]);

    private readonly ShopOptions _options;
    private readonly ShopCatalogue _catalogue;
    private readonly ShopTaste[] _tastes;

    /// <summary>Makes catalogue and users.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SeededShop(ShopOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _catalogue = new(options);
        _tastes = [.. Enumerable.Range(0, options.Users).Select(user => new ShopTaste(options, _catalogue, user))];
    }

    /// <summary>The catalogue.</summary>
    public IReadOnlyList<LoggedItem> Items => _catalogue.Items;

    /// <summary>The id of a user, from 0.</summary>
    public static string UserId(int user) => string.Create(CultureInfo.InvariantCulture, $"user-{user + 1:D5}");

    /// <summary>The events, in the order of time. Enumerated again, they are the same.</summary>
    public IEnumerable<LoggedEvent> Events()
    {
        string[] userIds = [.. Enumerable.Range(0, _options.Users).Select(UserId)];
        // Visits overlap: an event waits here until no later visit can begin before it.
        var waiting = new PriorityQueue<LoggedEvent, (long TimeMs, int Session, int Step)>();
        foreach (var visit in Visits())
        {
            while (waiting.TryPeek(out var next, out var at) && at.TimeMs < visit.StartMs)
            {
                waiting.Dequeue();
                yield return next;
            }
            int step = 0;
            foreach (var e in ShopVisit.Events(_options, _catalogue, _tastes[visit.User], userIds[visit.User], visit))
                waiting.Enqueue(e, (e.TimeMs, visit.Session, step++));
        }
        while (waiting.TryDequeue(out var rest, out _))
            yield return rest;
    }

    private ShopVisitStart[] Visits()
    {
        var visits = new ShopVisitStart[_options.Sessions];
        double[] activity = ShopDice.Totals(_tastes.Select(t => t.Activity));
        var dice = ShopDice.For(_options.Seed, "visits", 0);
        // Everyone comes once; after that the active ones come more often.
        for (int session = 0; session < visits.Length; session++)
            visits[session] = VisitOf(session < _options.Users ? session : dice.Pick(activity), session);
        Array.Sort(visits, (a, b) => a.StartMs != b.StartMs ? a.StartMs.CompareTo(b.StartMs) : a.Session.CompareTo(b.Session));
        return visits;
    }

    private ShopVisitStart VisitOf(int user, int session)
    {
        var dice = ShopDice.For(_options.Seed, "visit", session);
        long firstDayMs = ((_options.EndMs - ShopVisit.LengthMsMax) / DayMs - _options.Days) * DayMs;
        long startMs = firstDayMs + dice.Below(_options.Days) * DayMs + dice.Pick(HourTotals) * (DayMs / 24) + (long)(dice.Unit() * (DayMs / 24));
        return new(user, session, startMs);
    }
}
