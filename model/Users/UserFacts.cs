namespace OrleansRec.Model.Users;

/// <summary>One event of a user with what the catalogue says of its item, for <see cref="UserFacts"/>.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Type">Event type.</param>
/// <param name="Value">Its value.</param>
/// <param name="TimeMs">When: milliseconds since 1970-01-01 UTC.</param>
/// <param name="SessionId">The session, or null.</param>
/// <param name="Brand">The item's brand, or null.</param>
/// <param name="Categories">The item's categories.</param>
/// <param name="Price">The item's price now; NaN where it is not known.</param>
public readonly record struct FactEvent(string ItemId, string Type, float Value, long TimeMs, string? SessionId, string? Brand, IReadOnlyList<string> Categories, double Price);

/// <summary>A name and its share of a user's interest, 0 … 1.</summary>
public readonly record struct InterestShare(string Name, double Share);

/// <summary>What a history says of its user: interests, prices, hours, orders. Made from events, and nothing of it is stored.</summary>
/// <param name="Categories">The categories of most interest, the largest share first, at most <see cref="NamesMax"/>.</param>
/// <param name="Brands">The brands of most interest, likewise.</param>
/// <param name="PriceLow">A quarter of the items of interest with a price cost less; null where none has one.</param>
/// <param name="PriceMedian">Half of them cost less.</param>
/// <param name="PriceHigh">A quarter of them cost more.</param>
/// <param name="Hours">Events in each hour of the day, UTC, shape (24).</param>
/// <param name="ActiveDays">Days, UTC, with at least one event.</param>
/// <param name="Orders">Sessions with a purchase; a purchase without a session is one with all others of its time.</param>
/// <param name="Spend">Sum of price · value over the purchases whose price is known.</param>
/// <remarks>
/// The interest of an event is weight · value of its type, where that is above 0; an item's goes to its brand and to each of its categories whole. Worked example,
/// weights view 1, purchase 5: a view of a mug in kitchen and a purchase of a pot in kitchen and garden give kitchen 6, garden 5: shares 6/11 and 5/11.
/// </remarks>
public sealed record UserFacts(
    InterestShare[] Categories, InterestShare[] Brands, double? PriceLow, double? PriceMedian, double? PriceHigh, int[] Hours, int ActiveDays, int Orders, double Spend)
{
    /// <summary>Categories, and brands, at most.</summary>
    public const int NamesMax = 5;

    /// <summary>The type that orders are made of.</summary>
    public const string Purchase = "purchase";

    private const long HourMs = 3_600_000, DayMs = 24 * HourMs;

    /// <summary>The facts of a history.</summary>
    /// <param name="events">The events, in any order.</param>
    /// <param name="types">What their types mean; one that is not known says nothing.</param>
    public static UserFacts Of(IReadOnlyList<FactEvent> events, EventTypeRules types)
    {
        Dictionary<string, double> categories = [], brands = [], prices = [];
        var hours = new int[24];
        HashSet<long> days = [];
        HashSet<(string?, long)> orders = [];
        double spend = 0;
        foreach (FactEvent e in events)
        {
            hours[e.TimeMs / HourMs % 24]++;
            days.Add(e.TimeMs / DayMs);
            if (e.Type == Purchase)
            {
                orders.Add((e.SessionId, e.SessionId is null ? e.TimeMs : 0));
                spend += double.IsNaN(e.Price) ? 0 : e.Price * e.Value;
            }
            double interest = types.TryGet(e.Type, out EventTypeRule? rule) && !(e.Value < rule.Neutral) ? rule.SignedWeight * (double)e.Value : 0;
            if (interest <= 0)
                continue;
            foreach (string category in e.Categories)
                categories[category] = categories.GetValueOrDefault(category) + interest;
            if (e.Brand is { } brand)
                brands[brand] = brands.GetValueOrDefault(brand) + interest;
            if (!double.IsNaN(e.Price))
                prices[e.ItemId] = e.Price;
        }
        double[] sorted = [.. prices.Values.Order()];
        return new(Shares(categories), Shares(brands), Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75), hours, days.Count, orders.Count, spend);
    }

    private static InterestShare[] Shares(Dictionary<string, double> interests)
    {
        // Added in the order of names, so that the order of events changes no bit.
        double total = interests.OrderBy(i => i.Key, StringComparer.Ordinal).Sum(i => i.Value);
        return [.. interests.OrderByDescending(i => i.Value).ThenBy(i => i.Key, StringComparer.Ordinal).Take(NamesMax).Select(i => new InterestShare(i.Key, i.Value / total))];
    }

    /// <summary>The value at a share of the way, linear between two (type 7 of Hyndman and Fan 1996).</summary>
    private static double? Quantile(double[] sorted, double share)
    {
        if (sorted.Length == 0)
            return null;
        double at = share * (sorted.Length - 1);
        int low = (int)at;
        return low + 1 < sorted.Length ? sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]) : sorted[low];
    }
}
