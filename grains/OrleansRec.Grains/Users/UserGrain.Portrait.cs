using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;
using OrleansRec.Model.Users;

namespace OrleansRec.Grains.Users;

/// <summary>What the history says of the user, with the catalogue as it is now.</summary>
public sealed partial class UserGrain
{
    private const double DayMs = 24 * 60 * 60 * 1000;

    private async Task<UserPortrait?> Portrait(HistoryEvent[] events, CancellationToken cancellation)
    {
        if (events.Length == 0 || !view.MayPersonalise)
            return null;
        await catalogue.Refresh(GrainFactory, cancellation);
        ItemFacts[] items = catalogue.Describe(Array.ConvertAll(events, e => e.ItemId));
        var facts = new FactEvent[events.Length];
        for (int i = 0; i < facts.Length; i++)
            facts[i] = new(events[i].ItemId, events[i].Type, events[i].Value, events[i].TimeMs, events[i].SessionId, items[i].Brand, items[i].Categories, items[i].Price);
        var all = UserFacts.Of(facts, eventTypes.Current);
        double recency = Math.Max(0, (time.GetUtcNow().ToUnixTimeMilliseconds() - events.Max(e => e.TimeMs)) / DayMs);
        return new(
            Array.ConvertAll(all.Categories, ToWire), Array.ConvertAll(all.Brands, ToWire), all.PriceLow, all.PriceMedian, all.PriceHigh, all.Hours, all.ActiveDays,
            recency, all.Orders, all.Spend);

        static Interest ToWire(InterestShare share) => new(share.Name, share.Share);
    }
}
