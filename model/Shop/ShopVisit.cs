using System.Globalization;

namespace OrleansRec.Model;

/// <summary>When a visit begins, and whose it is.</summary>
internal readonly record struct ShopVisitStart(int User, int Session, long StartMs);

/// <summary>One visit: the user looks at items of one or two styles, puts some into the cart and buys what is in it, or not.</summary>
internal static class ShopVisit
{
    private const int ViewsMeanAfterFirst = 4, ViewsMax = 40;
    private const long StepMsMin = 4_000, StepMsMax = 54_000;
    /// <summary>A visit ends within this time: each view can be followed by one cart and one purchase.</summary>
    public const long LengthMsMax = 3 * ViewsMax * StepMsMax;

    private const double StaysWithStyle = 0.7, Carts = 0.18, Buys = 0.55;

    public static IEnumerable<LoggedEvent> Events(ShopOptions options, ShopCatalogue catalogue, ShopTaste taste, string userId, ShopVisitStart visit)
    {
        var dice = ShopDice.For(options.Seed, "steps", visit.Session);
        string sessionId = string.Create(CultureInfo.InvariantCulture, $"visit-{visit.Session:D7}");
        int views = Math.Min(ViewsMax, 1 + dice.Geometric(ViewsMeanAfterFirst)), step = 0;
        long timeMs = visit.StartMs;
        int style = taste.PickStyle(ref dice);
        List<int> cart = [];
        for (int view = 0; view < views; view++)
        {
            if (!dice.Happens(StaysWithStyle))
                style = taste.PickStyle(ref dice);
            int item = catalogue.Pick(style, ref dice);
            yield return Event("view", item);
            // What fits the taste better is put into the cart more often.
            if (!cart.Contains(item) && dice.Happens(Carts * (0.6 + taste.Shares[style])))
            {
                cart.Add(item);
                yield return Event("cart", item);
            }
        }
        if (cart.Count == 0 || !dice.Happens(Buys))
            yield break;
        foreach (int item in cart)
            yield return Event("purchase", item);

        LoggedEvent Event(string type, int item)
        {
            timeMs += StepMsMin + (long)(dice.Unit() * (StepMsMax - StepMsMin));
            // Visits have fewer than 256 events, and Mix is a bijection: no two events share a key.
            ulong key = IdHash.Mix(((ulong)visit.Session << 8) | (uint)step++);
            return new(userId, catalogue.Items[item].ItemId, type, 1, timeMs, sessionId, key);
        }
    }
}
