namespace OrleansRec.Model.Tests;

/// <summary>The made-up shop is the same for the same seed, keeps the rules of real input, and has the two properties that a demonstration needs.</summary>
public sealed class SeededShopTests
{
    private const long EndMs = 1_763_800_000_000;
    private static readonly ShopOptions Small = new() { Users = 300, Items = 240, Sessions = 3_000, EndMs = EndMs };

    private static string Print(LoggedItem i) =>
        $"{i.ItemId}|{i.Title}|{string.Join(',', i.Categories)}|{i.Price}|{i.Stock}|{i.Visible}|{string.Join(',', i.Attributes)}";

    [Fact]
    public void Events_OfTheSameSeed_AreTheSameAndOfAnotherAreNot()
    {
        SeededShop shop = new(Small), again = new(Small with { }), other = new(Small with { Seed = 2 });
        Assert.Equal(shop.Items.Select(Print), again.Items.Select(Print));
        Assert.Equal(shop.Events(), again.Events());
        Assert.Equal(shop.Events(), shop.Events());
        Assert.NotEqual(shop.Items.Select(Print), other.Items.Select(Print));
        Assert.NotEqual(shop.Events().Select(e => e.ItemId).Take(100), other.Events().Select(e => e.ItemId).Take(100));
    }

    [Fact]
    public void Events_AreInTheOrderOfTimeWithinTheDays()
    {
        long last = EndMs - (Small.Days + 2) * 24L * 3600 * 1000;
        foreach (var e in new SeededShop(Small).Events())
        {
            Assert.True(e.TimeMs >= last, "an event comes before the one before it, or before the first day");
            last = e.TimeMs;
        }
        Assert.InRange(last, EndMs - 2 * 24L * 3600 * 1000, EndMs);
    }

    [Fact]
    public void ItemsAndEvents_KeepTheRulesOfInput()
    {
        var shop = new SeededShop(Small);
        var ids = shop.Items.Select(i => i.ItemId).ToHashSet();
        Assert.Equal(Small.Items, ids.Count);
        Assert.Equal(Small.Items, shop.Items.Select(i => i.Title).Distinct().Count());
        Assert.All(shop.Items, i => Assert.Null(ItemRules.CheckItem(
            i.ItemId, i.Title, i.Categories, i.Price, i.Stock, [.. i.Attributes.Select(a => KeyValuePair.Create<string?, string?>(a.Name, a.Value))])));
        Assert.Contains(shop.Items, i => i.Stock == 0);
        Assert.Equal(12, shop.Items.Select(i => i.Categories[0]).Distinct().Count());
        var events = shop.Events().ToList();
        Assert.All(events, e => Assert.Null(EventRules.CheckEvent(e.UserId, e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, null, EventTypeRules.Default, EndMs)));
        Assert.All(events, e => Assert.Contains(e.ItemId, ids));
        Assert.Equal(events.Count, events.Select(e => e.EventKey).Distinct().Count());
        Assert.Equal(Small.Users, events.Select(e => e.UserId).Distinct().Count());
        Assert.Equal(Small.Sessions, events.Select(e => e.SessionId).Distinct().Count());
    }

    [Fact]
    public void Events_APurchaseFollowsItsCartAndACartItsView()
    {
        foreach (var visit in new SeededShop(Small).Events().GroupBy(e => e.SessionId))
        {
            Assert.Single(visit.Select(e => e.UserId).Distinct());
            var done = new HashSet<(string, string)>();
            foreach (var e in visit)
            {
                Assert.True(e.Type == "view" || done.Contains((e.Type == "cart" ? "view" : "cart", e.ItemId)));
                done.Add((e.Type, e.ItemId));
            }
        }
    }

    [Fact]
    public void Events_HaveTheFunnelAndTheSkewOfAShop()
    {
        var events = new SeededShop(new() { EndMs = EndMs }).Events().ToList();
        int Of(string type) => events.Count(e => e.Type == type);
        Assert.InRange(events.Count, 90_000, 150_000);
        Assert.InRange((double)Of("cart") / Of("view"), 0.08, 0.25);
        Assert.InRange((double)Of("purchase") / Of("cart"), 0.3, 0.8);
        int[] users = [.. events.GroupBy(e => e.UserId).Select(g => g.Count()).OrderDescending()];
        int[] items = [.. events.GroupBy(e => e.ItemId).Select(g => g.Count()).OrderDescending()];
        Assert.InRange(users.Take(users.Length / 10).Sum() / (double)events.Count, 0.3, 0.6);
        Assert.InRange(items.Take(items.Length / 10).Sum() / (double)events.Count, 0.25, 0.6);
    }

    /// <summary>
    /// Not a model: it knows only which style of which department a user bought or viewed most before, and shows the bestsellers of those. If that
    /// already doubles popularity, a model that learns more has something to learn.
    /// </summary>
    [Fact]
    public void Events_AUsersPastStyles_PredictThemTwiceAsWellAsPopularity()
    {
        var shop = new SeededShop(new() { EndMs = EndMs });
        var styleOf = shop.Items.ToDictionary(i => i.ItemId, i => (i.Categories[0], i.Attributes.Single(a => a.Name == "style").Value));
        var pairs = shop.Events().GroupBy(e => (e.UserId, e.ItemId)).Select(g => new Interaction(g.Key.UserId, g.Key.ItemId, g.Count(), g.Min(e => e.TimeMs)));
        var parts = Split.ByTimePerUser(pairs, 0.2);
        var popularity = new PopularityBaseline(parts.Train);
        var seen = parts.Train.ToLookup(p => p.UserId);
        RankingMetrics byTaste = new(shop.Items.Count, 10), byAll = new(shop.Items.Count, 10);
        foreach (var user in parts.Test.GroupBy(p => p.UserId))
        {
            var known = seen[user.Key].Select(p => p.ItemId).ToHashSet();
            var test = user.Select(p => p.ItemId).ToHashSet();
            var taste = seen[user.Key].GroupBy(p => styleOf[p.ItemId]).OrderByDescending(g => g.Sum(p => p.Value)).ThenBy(g => g.Key).Take(3).Select(g => g.Key).ToHashSet();
            byTaste.Add([.. popularity.Items.Where(id => taste.Contains(styleOf[id]) && !known.Contains(id)).Take(10)], test);
            byAll.Add(popularity.Recommend(10, known), test);
        }
        Assert.True(byTaste.At(10).Ndcg > 2 * byAll.At(10).Ndcg, $"by taste {byTaste.At(10).Ndcg:F4}, popularity {byAll.At(10).Ndcg:F4}");
    }

    [Fact]
    public void Constructor_OptionOutOfRange_NamesIt()
    {
        Assert.Equal("Users", Assert.Throws<ArgumentOutOfRangeException>(() => new SeededShop(Small with { Users = 0 })).ParamName);
        Assert.Equal("Items", Assert.Throws<ArgumentOutOfRangeException>(() => new SeededShop(Small with { Items = 11 })).ParamName);
        Assert.Equal("Sessions", Assert.Throws<ArgumentOutOfRangeException>(() => new SeededShop(Small with { Sessions = 299 })).ParamName);
        Assert.Equal("Days", Assert.Throws<ArgumentOutOfRangeException>(() => new SeededShop(Small with { Days = 0 })).ParamName);
        Assert.Equal("EndMs", Assert.Throws<ArgumentOutOfRangeException>(() => new SeededShop(Small with { EndMs = 0 })).ParamName);
    }
}
