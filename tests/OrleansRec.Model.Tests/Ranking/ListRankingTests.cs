using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Each kind of rule by example, on items whose scores fall from 0 to n.</summary>
public sealed class ListRankingTests
{
    private static ListRule Rule(RuleKind kind) => new() { Name = kind.ToString(), Kind = kind };

    [Fact]
    public void Of_NoRules_IsTheOrderOfScores() => Assert.Equal("0 1 2 3", PlantedShop.Of(10).Ids(4));

    [Fact]
    public void Of_EveryReasonAgainstAnItem_LeavesItOutAndNamesIt()
    {
        PlantedShop shop = PlantedShop.Of(12, (n, f) => _ = n switch
        {
            0 => f.Set("visible", false).Set("stock", 0),
            1 => f.Set("stock", 0),
            2 => f.SetTime("from", 1_001),
            3 => f.SetTime("until", 1_000),
            4 => f.Set("kind", "coupon"),
            5 => f.Set("price", 99),
            6 or 7 or 8 => f.Set("brand", "Acme").SetTime("from", 1_000).SetTime("until", 1_001).Set("kind", "product").Set("stock", 1),
            _ => f,
        });
        var excluded = new ulong[1];
        RowWords.Set(excluded, 9, true);
        RankedList list = shop.List(
            shop.Request(2) with { Kinds = ["product"], Excluded = excluded, Earlier = [10] },
            Rule(RuleKind.Filter) with { When = "!(item.price > 50)" }, Rule(RuleKind.Cap) with { Field = "brand", Most = 1 });

        Assert.Equal("6 11", PlantedShop.Ids(list));
        Rejection?[] expected =
        [
            new(RejectionReason.Hidden), new(RejectionReason.Stock), new(RejectionReason.Window), new(RejectionReason.Window), new(RejectionReason.Kind), new(RejectionReason.Filter, "Filter"),
            null, new(RejectionReason.Cap, "Cap"), new(RejectionReason.Cap, "Cap"), new(RejectionReason.Excluded), new(RejectionReason.Shown), null, new(RejectionReason.Unknown),
        ];
        Assert.Equal(expected, Enumerable.Range(0, 13).Select(list.WhyNot));
        Assert.Equal(new(RejectionReason.Rank), PlantedShop.Of(3).List(PlantedShop.Of(3).Request(2)).WhyNot(2));
    }

    [Fact]
    public void Of_BoostsAndBuries_ChangeScoresInTheOrderOfPriorityAndSayByHowMuch()
    {
        PlantedShop shop = PlantedShop.Of(5, (n, f) => f.Set("rating", n).Set("brand", n == 4 ? "Acme" : "Bolt"));
        RankedList list = shop.List(
            shop.Request(5),
            new() { Name = "rating", Kind = RuleKind.Boost, Factor = "1 + item.rating / 2", Priority = 1 },
            new() { Name = "acme", Kind = RuleKind.Bury, Addend = "-0.5", When = "item.brand == \"Acme\"" });

        // Scores 5 4 3 2 1 times 1 1.5 2 2.5 3, and 0.5 less for the last.
        Assert.Equal("1 2 0 3 4", PlantedShop.Ids(list));
        Assert.Equal([6, 6, 5, 5, 2.5], list.Entries.Select(e => e.Score));
        RankedEntry last = list.Entries[4];
        Assert.Equal([new("rating", RuleKind.Boost, 2), new("acme", RuleKind.Bury, -0.5)], last.Effects);
        Assert.All(list.Entries, e => Assert.Equal(e.Score, e.BaseScore!.Value + e.Effects.Sum(x => x.ScoreChange), 12));
    }

    [Theory]
    [InlineData(RuleKind.Boost, "2", -1)]
    [InlineData(RuleKind.Bury, "0.5", -4)]
    [InlineData(RuleKind.Boost, "item.rating", -2)]
    [InlineData(RuleKind.Boost, "item.stock", -2)]
    [InlineData(RuleKind.Bury, "item.price", -2)]
    [InlineData(RuleKind.Boost, "item.price", -0.002)]
    public void Of_FactorOnANegativeScore_RaisesByABoostAndLowersByABury(RuleKind kind, string factor, double score)
    {
        // A factor below 1 of a boost, one that is missing, or one above 1 of a bury has no effect; one beyond the bound counts as the bound.
        PlantedShop shop = PlantedShop.Of(1, (_, f) => f.Set("rating", 0.5).Set("price", 1e9), _ => -2);
        Assert.Equal(score, shop.List(shop.Request(1), Rule(kind) with { Factor = factor }).Entries[0].Score, 12);
    }

    [Fact]
    public void Of_BoostOfADeepCandidate_DrawsUntilNothingCanComeBefore()
    {
        PlantedShop shop = PlantedShop.Of(5_000, (n, f) => f.Set("brand", n == 4_000 ? "Acme" : "Bolt"), row => 5_000 - row);
        RankedList boosted = shop.List(shop.Request(3), Rule(RuleKind.Boost) with { Factor = "10", When = "item.brand == \"Acme\"" });
        Assert.Equal([4_000, 0, 1], boosted.Entries.Select(e => e.Row));
        Assert.InRange(boosted.DrawnCount, 4_001, 5_000);
        Assert.InRange(shop.List(shop.Request(3)).DrawnCount, 3, 64);
        Assert.InRange(shop.List(shop.Request(3), Rule(RuleKind.Bury) with { Factor = "0.1" }).DrawnCount, 3, 5_000);
    }

    [Fact]
    public void Of_Pins_HoldTheirPlaceAndGiveWayToWhatIsStronger()
    {
        PlantedShop shop = PlantedShop.Of(12, (n, f) => _ = n switch { 7 => f.Set("stock", 0), 8 or 9 => f.Set("brand", "Acme"), _ => f });
        ListRule Pin(string name, string item, int position) => new() { Name = name, Kind = RuleKind.Pin, Item = item, Position = position };
        RankedList list = shop.List(
            shop.Request(5), Pin("a", "i10", 2), Pin("b", "i07", 3), Pin("c", "i08", 4), Pin("d", "i09", 5), Pin("e", "i06", 2), Pin("f", "i10", 1), Pin("g", "none", 1), Pin("h", "i11", 6),
            Rule(RuleKind.Cap) with { Field = "brand", Most = 1 });

        Assert.Equal("0 10 1 8 2", PlantedShop.Ids(list));
        Assert.Equal(
        [
            new("b", "i07", 3, new(RejectionReason.Stock)), new("d", "i09", 5, new(RejectionReason.Cap, "Cap")), new("e", "i06", 2, new(RejectionReason.Pin, "a")),
            new("f", "i10", 1, new(RejectionReason.Pin, "a")), new("g", "none", 1, new(RejectionReason.Unknown)),
        ], list.LeftOutPins);
        Assert.Equal(new RuleEffect("a", RuleKind.Pin, 0), Assert.Single(list.Entries[1].Effects));
        // The sixth place is the first of the page after five items.
        Assert.Equal("11 5", PlantedShop.Ids(shop.List(shop.Request(2) with { Earlier = [0, 1, 2, 3, 4] }, Pin("h", "i11", 6))));
        RankedList shortList = PlantedShop.Of(2).List(PlantedShop.Of(2).Request(5), Pin("x", "i00", 4));
        Assert.Equal("1 0", PlantedShop.Ids(shortList));
        Assert.Equal(RejectionReason.Short, Assert.Single(shortList.LeftOutPins).Rejection.Reason);
    }

    [Fact]
    public void Of_GroupsOfVariants_ShowOneOfAListByDefault()
    {
        PlantedShop shop = PlantedShop.Of(6, (n, f) => f.Set("group", $"g{n / 2}"));
        Assert.Equal("0 2 4", shop.Ids(6));
        Assert.Equal("0 1 2 3", shop.Ids(4, Rule(RuleKind.Cap) with { Field = "group", Most = 2 }));
        // A group counts over all pages, a brand on each.
        Assert.Equal("2 4", PlantedShop.Ids(shop.List(shop.Request(6) with { Earlier = [0] })));
        PlantedShop brands = PlantedShop.Of(4, (n, f) => f.Set("brand", "Acme"));
        Assert.Equal("1", PlantedShop.Ids(brands.List(brands.Request(4) with { Earlier = [0] }, Rule(RuleKind.Cap) with { Field = "brand", Most = 1 })));
        Assert.Equal("", PlantedShop.Ids(brands.List(brands.Request(4) with { Earlier = [0] }, Rule(RuleKind.Cap) with { Field = "brand", Most = 1, Across = CapScope.List })));
    }

    [Fact]
    public void Of_CapOfAnAttributeOrCategory_CountsItsFirstValue()
    {
        PlantedShop shop = PlantedShop.Of(6, (n, f) => f.SetAttribute("store", $"s{n % 2}").Set("categories", [$"c{n / 3}", "all"]));
        Assert.Equal("0 1", shop.Ids(6, Rule(RuleKind.Cap) with { Field = "store", Most = 1 }));
        Assert.Equal("0 1", shop.Ids(6, Rule(RuleKind.Cap) with { Field = "attributes.store", Most = 1 }));
        Assert.Equal("0 1 3 4", shop.Ids(6, Rule(RuleKind.Cap) with { Field = "categories", Most = 2 }));
    }

    [Fact]
    public void Of_Promote_GivesTheShareOfPlacesEvenly()
    {
        PlantedShop shop = PlantedShop.Of(40, (n, f) => f.Set("tags", n >= 20 ? ["new"] : ["old"]));
        RankedList list = shop.List(shop.Request(10), Rule(RuleKind.Promote) with { When = "\"new\" in item.tags", Share = 0.25 });
        Assert.Equal("0 1 2 20 3 4 5 21 6 7", PlantedShop.Ids(list));
        Assert.Equal(new("Promote", 0.25, 2, 0.2, list.Exposures[0].Exposure, true), list.Exposures[0]);
        // Where there are too few of them the list is as long, and the measure says so.
        RankedList few = PlantedShop.Of(4, (n, f) => f.Set("price", n)).List(PlantedShop.Of(4, (n, f) => f.Set("price", n)).Request(4), Rule(RuleKind.Promote) with { When = "item.price == 3", Share = 0.5 });
        Assert.Equal("0 3 1 2", PlantedShop.Ids(few));
        Assert.False(few.Exposures[0].IsMet);
    }

    [Fact]
    public void Of_PromoteOfDeepCandidates_DrawsUntilItHasThemAndNoFurther()
    {
        PlantedShop shop = PlantedShop.Of(5_000, (n, f) => f.Set("price", n));
        RankedList deep = shop.List(shop.Request(10), Rule(RuleKind.Promote) with { When = "item.price >= 500", Share = 0.2 });
        Assert.Equal("0 1 2 3 500 4 5 6 7 501", PlantedShop.Ids(deep));
        Assert.InRange(deep.DrawnCount, 502, 2_000);
        RankedList few = shop.List(shop.Request(10), Rule(RuleKind.Promote) with { When = "item.price == 3", Share = 0.9 });
        Assert.InRange(few.DrawnCount, 10, 64);
        Assert.Equal("0 3 1 2 4 5 6 7 8 9", PlantedShop.Ids(few));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Of_Floor_GivesTheShareOfExposureAndMeasuresIt(double share)
    {
        PlantedShop shop = PlantedShop.Of(60, (n, f) => f.Set("brand", n >= 30 ? "small" : "large"));
        RankedList list = shop.List(shop.Request(20), Rule(RuleKind.Floor) with { When = "item.brand == \"small\"", Share = share });
        double exposure = list.Entries.Where(e => e.Row >= 30).Sum(e => 1 / Math.Log2(1 + e.Position)), all = list.Entries.Sum(e => 1 / Math.Log2(1 + e.Position));
        GroupExposure measured = Assert.Single(list.Exposures);
        Assert.Equal(exposure / all, measured.Exposure, 12);
        Assert.True(measured.IsMet);
        // One place more than needed at the most: without it the share would not be reached.
        Assert.InRange(measured.Exposure, share, share + 1 / all);
    }

    [Fact]
    public void Of_Fatigue_LowersByEveryImpressionAndKeepsTheLength()
    {
        PlantedShop shop = PlantedShop.Of(4);
        RankedList list = shop.List(shop.Request(4) with { Impressions = row => row == 0 ? 2 : 0 }, Rule(RuleKind.Fatigue) with { PerImpression = 0.5 });
        Assert.Equal("1 2 0 3", PlantedShop.Ids(list));
        Assert.Equal(new RuleEffect("Fatigue", RuleKind.Fatigue, -3), Assert.Single(list.Entries[2].Effects));
    }

    [Fact]
    public void Of_Diversity_PrefersWhatIsUnlikeTheOthers()
    {
        // Two clusters; the first has the higher scores.
        PlantedShop shop = PlantedShop.Of(8);
        double Similarity(int a, int b) => a / 4 == b / 4 ? 1 : 0;
        string Ids(double lambda) => PlantedShop.Ids(shop.List(shop.Request(4) with { Similarity = Similarity }, Rule(RuleKind.Diversity) with { Lambda = lambda }));
        Assert.Equal("0 1 2 3", Ids(1));
        Assert.Equal("0 4 1 2", Ids(0.4));
        Assert.Equal("0 1 2 3", PlantedShop.Ids(shop.List(shop.Request(4), Rule(RuleKind.Diversity) with { Lambda = 0.1 })));
    }

    [Fact]
    public void Of_Diversity_EqualsTheDefinitionStepByStep()
    {
        var random = new Random(3);
        var similarity = new double[30, 30];
        for (int a = 0; a < 30; a++)
            for (int b = 0; b < a; b++)
                similarity[a, b] = similarity[b, a] = random.NextDouble();
        PlantedShop shop = PlantedShop.Of(30, score: _ => random.NextSingle());
        RankedList list = shop.List(shop.Request(12) with { Similarity = (a, b) => similarity[a, b] }, Rule(RuleKind.Diversity) with { Lambda = 0.6 });
        var chosen = new List<int>();
        double best = shop.Candidates[0].Score, least = shop.Candidates[^1].Score;
        for (int n = 0; n < 12; n++)
            chosen.Add(shop.Candidates.Where(c => !chosen.Contains(c.Row)).MaxBy(c =>
                0.6 * (1 - (best - c.Score) / (best - least)) - 0.4 * chosen.Select(o => similarity[c.Row, o]).DefaultIfEmpty(0).Max()).Row);
        Assert.Equal(chosen, list.Entries.Select(e => e.Row));
    }

    [Fact]
    public void Of_Exploration_DrawsWithTheProbabilitiesThatItStates()
    {
        // Place 2 of a list of 3: with 40 % one of the four new items, which the candidates need not know.
        PlantedShop whole = PlantedShop.Of(10, (n, f) => f.Set("tags", n is 1 or 7 or 8 or 9 ? ["new"] : ["old"]));
        ListRule rule = Rule(RuleKind.Exploration) with { Positions = [2], Probability = 0.4, When = "\"new\" in item.tags" };
        var counts = new Dictionary<int, int>();
        var propensities = new Dictionary<int, double>();
        const int Lists = 20_000;
        CompiledRules rules = new RuleSet([rule]).Compile(RuleFields.Catalogue);
        for (int seed = 0; seed < Lists; seed++)
        {
            RankedList list = ListRanking.Of(whole.Request(3) with { Seed = (ulong)seed }, rules, new KnownCandidates(whole.Candidates[..6]));
            RankedEntry entry = list.Entries[1];
            counts[entry.Row] = counts.GetValueOrDefault(entry.Row) + 1;
            propensities[entry.Row] = entry.Propensity;
            Assert.Equal(3, list.Entries.Count);
        }
        Assert.Equal([1, 7, 8, 9], counts.Keys.Order());
        Assert.Equal(0.7, propensities[1], 12);
        Assert.Equal(1, propensities.Values.Sum(), 12);
        // Five standard deviations of a binomial count.
        foreach (var (row, count) in counts)
            Assert.InRange(count, Lists * propensities[row] - 5 * Math.Sqrt(Lists * 0.25), Lists * propensities[row] + 5 * Math.Sqrt(Lists * 0.25));
        RankedList Again() => ListRanking.Of(whole.Request(3) with { Seed = 7 }, rules, new KnownCandidates(whole.Candidates));
        Assert.Equal(Again().Entries.Select(e => e.Row), Again().Entries.Select(e => e.Row));
    }

    [Fact]
    public void Of_DatesAndScenarios_DecideWhichRulesApply()
    {
        PlantedShop shop = PlantedShop.Of(3);
        var pin = Rule(RuleKind.Pin) with { Item = "i02", Position = 1 };
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(1_000);
        Assert.Equal("2 0", shop.Ids(2, pin with { From = now }));
        Assert.Equal("0 1", shop.Ids(2, pin with { From = now.AddMilliseconds(1) }));
        Assert.Equal("0 1", shop.Ids(2, pin with { Until = now }));
        Assert.Equal("2 0", shop.Ids(2, pin with { Until = now.AddMilliseconds(1) }));
        Assert.Equal("0 1", shop.Ids(2, pin with { Scenarios = ["home"] }));
        Assert.Equal("2 0", PlantedShop.Ids(shop.List(shop.Request(2) with { Scenario = "home" }, pin with { Scenarios = ["home", "cart"] })));
        Assert.Throws<ArgumentOutOfRangeException>(() => shop.Request(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => shop.Request(1001));
    }

    [Fact]
    public void Draw_IndexCandidates_AreThoseOfAFullSearchUnderTheFilter()
    {
        var random = new Random(9);
        float[] factors = [.. Enumerable.Range(0, 2_000 * 8).Select(_ => random.NextSingle() - 0.5f)], query = [.. Enumerable.Range(0, 8).Select(_ => random.NextSingle())];
        string[] ids = [.. Enumerable.Range(0, 2_000).Select(n => $"i{n:D4}")];
        ulong[] excluded = new ulong[RowWords.CountOf(2_000)], eligible = new ulong[excluded.Length];
        for (int row = 0; row < 2_000; row++)
        {
            RowWords.Set(excluded, row, row % 3 != 0);
            RowWords.Set(eligible, row, row % 3 == 0);
        }
        var candidates = new IndexCandidates(new ItemIndex(factors, 8), factors, query, 1, eligible, ids);
        var all = new ScoredRow[2_000];
        int count = TopK.Select(query, factors, 8, 1, excluded, ids, all);
        var drawn = new List<ScoredRow>();
        for (int batch = 10; ; batch *= 2)
        {
            var into = new ScoredRow[batch];
            int got = candidates.Draw(into);
            drawn.AddRange(into[..got]);
            if (got < batch)
                break;
        }
        Assert.Equal(667, count);
        Assert.Equal(all[..count], drawn);
        Assert.Equal(0, candidates.Draw(new ScoredRow[5]));
    }

    [Fact]
    public void Of_SearchAmongEligibleItems_IsTheListOfAllCandidates()
    {
        var random = new Random(10);
        float[] factors = [.. Enumerable.Range(0, 3_000 * 8).Select(_ => random.NextSingle() - 0.5f)];
        string[] ids = [.. Enumerable.Range(0, 3_000).Select(n => $"i{n:D4}")];
        ItemColumns items = ItemColumns.Of(ids.Select((id, n) => new ItemFacts(id).Set("price", n % 1000).Set("brand", $"b{n % 7}").Set("rating", n % 5)));
        CompiledRules rules = new RuleSet(
        [
            Rule(RuleKind.Filter) with { When = "item.price < 40" }, Rule(RuleKind.Cap) with { Field = "brand", Most = 2 }, Rule(RuleKind.Boost) with { Factor = "1 + item.rating" },
        ]).Compile(RuleFields.Catalogue);
        var index = new ItemIndex(factors, 8);
        for (int q = 0; q < 20; q++)
        {
            float[] query = [.. Enumerable.Range(0, 8).Select(_ => random.NextSingle() - 0.5f)];
            var all = new ScoredRow[3_000];
            TopK.Select(query, factors, 8, 0, [], ids, all);
            var request = new RankRequest(items, 1 + random.Next(20), new(0));
            RankedList searched = ListRanking.Of(request, rules, eligible => new IndexCandidates(index, factors, query, 0, eligible, ids));
            Assert.Equal(ListRanking.Of(request, rules, new KnownCandidates(all)).Entries.Select(e => (e.Row, e.Score)), searched.Entries.Select(e => (e.Row, e.Score)));
            Assert.InRange(searched.DrawnCount, 1, 120);
        }
    }
}
