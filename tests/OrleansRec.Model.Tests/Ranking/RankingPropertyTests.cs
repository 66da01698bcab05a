using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Seeded shops, rules and requests: eligibility, caps, pins, lengths and pages are as docs/RULES.md says, whatever the rules are.</summary>
public sealed class RankingPropertyTests
{
    private static readonly string[] CapFields = ["brand", "categories", "store", "group"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Of_AnyRules_KeepsEveryPromise(int seed)
    {
        for (int n = 0; n < 400; n++)
            Check(new Random(seed * 1_000 + n), $"seed {seed}, case {n}");
    }

    /// <summary>Brute force over all sets of up to 10 items.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void Of_CapsOfSeveralKinds_IsAsLongAsAnyListOrOneThatNothingFits(int seed, int kinds)
    {
        int exchanged = 0;
        for (int n = 0; n < 400; n++)
        {
            var random = new Random(seed * 10_000 + n);
            PlantedShop shop = PlantedShop.Of(3 + random.Next(8), (_, f) => Set(f, random, values: 3));
            ListRule[] caps = [.. CapFields.Take(kinds).Select(field => new ListRule { Name = field, Kind = RuleKind.Cap, Field = field, Most = 1 + random.Next(2) })];
            int pinned = random.Next(2 * shop.Facts.Count), k = 1 + random.Next(10);
            ListRule[] rules = pinned < shop.Facts.Count ? [.. caps, new() { Name = "pin", Kind = RuleKind.Pin, Item = shop.Facts[pinned].Id, Position = 1 }] : caps;
            RankedList list = shop.List(shop.Request(k), rules);
            int[] rows = [.. list.Entries.Select(e => e.Row)];
            int longest = Enumerable.Range(0, 1 << shop.Facts.Count).Where(set => pinned >= shop.Facts.Count || (set >> pinned & 1) != 0)
                .Select(set => Enumerable.Range(0, shop.Facts.Count).Where(row => (set >> row & 1) != 0).ToArray()).Where(set => IsWithin(shop, caps, set)).Max(set => set.Length);
            if (kinds <= 2)
                Assert.True(rows.Length == Math.Min(k, longest), $"seed {seed}, case {n}: {rows.Length} entries; {longest} are possible, k = {k}");
            else if (rows.Length < k)
                Assert.All(Enumerable.Range(0, shop.Facts.Count).Except(rows), row => Assert.False(IsWithin(shop, caps, [.. rows, row])));
            if (rows.Length > Greedy(shop, caps, k, pinned).Count)
                exchanged++;
        }
        // With caps of one kind the greedy list is the longest; with more there are cases that only exchanges lengthen.
        Assert.True(kinds == 1 ? exchanged == 0 : exchanged > 0, $"{exchanged} lists were lengthened");
    }

    private static void Check(Random random, string what)
    {
        // The first draw takes 64 candidates: a larger shop is not drawn whole.
        PlantedShop shop = PlantedShop.Of(random.Next(5) == 0 ? random.Next(100, 300) : random.Next(1, 60), (_, f) => Set(f, random, values: 2 + random.Next(6)), _ => random.Next(-5, 10));
        ListRule[] rules = Rules(shop, random);
        int k = random.Next(1, 15);
        ulong share = random.Next(2) == 0 ? 0 : ulong.MaxValue;
        ulong[] excluded = [.. Enumerable.Range(0, RowWords.CountOf(shop.Facts.Count)).Select(_ => share & (ulong)random.NextInt64() & (ulong)random.NextInt64())];
        RankRequest request = shop.Request(k) with
        {
            Excluded = excluded, Seed = (ulong)random.Next(), Kinds = random.Next(3) == 0 ? ["product", "ad"] : null, Impressions = row => row % 3,
            Similarity = random.Next(2) == 0 ? (a, b) => a % 4 == b % 4 ? 0.9 : 0.1 : null, Cache = random.Next(2) == 0 ? new PredicateCache(4) : null,
        };
        CompiledRules compiled = new RuleSet(rules).Compile(RuleFields.Of(shop.Items));
        ListRule[] caps = [.. rules.Where(r => r.Kind == RuleKind.Cap)];
        if (!caps.Any(c => c.Field == "group"))
            caps = [.. caps, new() { Name = "group", Kind = RuleKind.Cap, Field = "group", Most = 1 }];
        var pages = ListPages.Of(what);
        for (int page = 1; page <= 4; page++)
        {
            int before = pages.ItemCount;
            RankRequest next = request with { Earlier = pages.Earlier(shop.RowOf) };
            RankedList list = ListRanking.Of(next, compiled, new KnownCandidates(shop.Candidates));
            int[] rows = [.. list.Entries.Select(e => e.Row)];
            Assert.All(rows, row => Assert.True(IsEligible(shop.Facts[row], rules, next) && !RowWords.Has(excluded, row), $"{what}: {shop.Facts[row].Id} is not eligible"));
            Assert.True(IsWithin(shop, [.. caps.Where(c => c.Field != "group")], rows), $"{what}: a cap is broken on page {page}");
            pages = pages.With([.. list.Entries.Select(e => e.ItemId)]);
            Assert.True(IsWithin(shop, [.. caps.Where(c => c.Field == "group")], [.. pages.Earlier(shop.RowOf)]), $"{what}: a group is shown too often");
            RequirePins(list, rules, before, k, what);
            RequireLength(shop, list, next, rules, caps, k, what);
            Assert.Equal(Enumerable.Range(1, rows.Length), list.Entries.Select(e => e.Position));
            Assert.All(list.Entries, e => Assert.Equal(e.Score, (e.BaseScore ?? 0) + e.Effects.Sum(x => x.ScoreChange), 9));
            Assert.All(list.Entries, e => Assert.InRange(e.Propensity, 1e-9, 1));
            Assert.All(Enumerable.Range(0, shop.Facts.Count), row => Assert.Equal(rows.Contains(row), list.WhyNot(row) is null));
            Assert.Equal(rows, ListRanking.Of(next, compiled, new KnownCandidates(shop.Candidates)).Entries.Select(e => e.Row));
            if (pages.RoomLeft == 0)
                break;
        }
    }

    private static void RequirePins(RankedList list, ListRule[] rules, int before, int k, string what)
    {
        foreach (ListRule pin in rules.Where(r => r.Kind == RuleKind.Pin && r.Position > before && r.Position <= before + k))
            if (!list.LeftOutPins.Any(p => p.Rule == pin.Name))
                Assert.True(list.Entries[pin.Position!.Value - before - 1].ItemId == pin.Item, $"{what}: {pin.Item} is not at place {pin.Position}");
        Assert.All(list.LeftOutPins, p => Assert.Contains(rules, r => r.Name == p.Rule));
    }

    /// <summary>A list that is short is one to which no eligible item can be added.</summary>
    private static void RequireLength(PlantedShop shop, RankedList list, RankRequest request, ListRule[] rules, ListRule[] caps, int k, string what)
    {
        int[] rows = [.. list.Entries.Select(e => e.Row)];
        if (rows.Length == k)
            return;
        Assert.InRange(rows.Length, 0, k);
        for (int row = 0; row < shop.Facts.Count; row++)
            if (!rows.Contains(row) && !request.Earlier.Contains(row) && !RowWords.Has(request.Excluded.Span, row) && IsEligible(shop.Facts[row], rules, request))
            {
                bool fits = IsWithin(shop, [.. caps.Where(c => c.Field != "group")], [.. rows, row]) && IsWithin(shop, [.. caps.Where(c => c.Field == "group")], [.. request.Earlier, .. rows, row]);
                Assert.False(fits, $"{what}: {shop.Facts[row].Id} could be added to a list of {rows.Length} entries, k = {k}");
            }
    }

    private static bool IsEligible(ItemFacts item, ListRule[] rules, RankRequest request) =>
        item["visible"] is not false
        && item["stock"] is not 0.0
        && (item["from"] is not double from || from <= request.Inputs.NowMs)
        && (item["until"] is not double until || request.Inputs.NowMs < until)
        && request.Kinds?.Contains(item["kind"] as string ?? "product") != false
        && (!rules.Any(r => r.Kind == RuleKind.Filter) || item["price"] is < 8.0);

    private static bool IsWithin(PlantedShop shop, ListRule[] caps, int[] rows) => caps.All(cap => rows
        .Select(row => shop.Facts[row][cap.Field!] is string[] many ? many[0] : shop.Facts[row][cap.Field!] as string).OfType<string>()
        .GroupBy(value => value).All(group => group.Count() <= cap.Most));

    private static List<int> Greedy(PlantedShop shop, ListRule[] caps, int k, int pinned)
    {
        List<int> rows = pinned < shop.Facts.Count ? [pinned] : [];
        for (int row = 0; row < shop.Facts.Count && rows.Count < k; row++)
            if (!rows.Contains(row) && IsWithin(shop, caps, [.. rows, row]))
                rows.Add(row);
        return rows;
    }

    private static void Set(ItemFacts facts, Random random, int values)
    {
        if (random.Next(6) > 0)
            facts.Set("brand", $"b{random.Next(values)}");
        if (random.Next(6) > 0)
            facts.Set("categories", [$"c{random.Next(values)}", "all"]);
        if (random.Next(6) > 0)
            facts.SetAttribute("store", $"s{random.Next(values)}");
        if (values == 3)
            return;
        if (random.Next(3) == 0)
            facts.Set("group", $"g{random.Next(10)}");
        facts.Set("price", random.Next(10)).Set("stock", random.Next(6)).Set("visible", random.Next(8) > 0).Set("rating", random.Next(5));
        if (random.Next(4) == 0)
            facts.SetTime("from", random.Next(900, 1_100)).SetTime("until", random.Next(950, 1_200));
        if (random.Next(4) == 0)
            facts.Set("kind", random.Next(2) == 0 ? "ad" : "coupon");
    }

    private static ListRule[] Rules(PlantedShop shop, Random random)
    {
        List<ListRule> all =
        [
            new() { Name = "filter", Kind = RuleKind.Filter, When = "item.price < 8" },
            new() { Name = "boost", Kind = RuleKind.Boost, Factor = "1 + item.rating", When = "item.brand == \"b1\"", Priority = random.Next(3) },
            new() { Name = "bury", Kind = RuleKind.Bury, Addend = "-item.price", Priority = random.Next(3) },
            new() { Name = "fatigue", Kind = RuleKind.Fatigue, PerImpression = 0.7 },
            new() { Name = "promote", Kind = RuleKind.Promote, When = "item.rating > 2", Share = 0.3 },
            new() { Name = "floor", Kind = RuleKind.Floor, When = "item.brand == \"b0\"", Share = 0.4 },
            new() { Name = "explore", Kind = RuleKind.Exploration, Positions = [2, 5, 17], Probability = 0.5, When = random.Next(2) == 0 ? "item.rating < 3" : null },
            new() { Name = "diversity", Kind = RuleKind.Diversity, Lambda = 0.5 },
            .. CapFields.Select(field => new ListRule { Name = $"cap {field}", Kind = RuleKind.Cap, Field = field, Most = 1 + random.Next(3) }),
            .. Enumerable.Range(0, 3).Select(n => new ListRule { Name = $"pin {n}", Kind = RuleKind.Pin, Item = shop.Facts[random.Next(shop.Facts.Count)].Id, Position = 1 + random.Next(20) }),
        ];
        return [.. all.Where(_ => random.Next(2) == 0)];
    }
}
