using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: a list is made of candidates, rungs and rules through the grains, and what is stronger is never broken. Method: gardeners and cooks who buy within their kind, and items whose brand, price and stock are known.
/// </summary>
public sealed class ListMakerTests
{
    private const int Users = 60, Items = 20;

    [Fact]
    public void Recommend_FilterThatAllItemsPass_IsThePlainList() => Run(async cluster =>
    {
        foreach (int user in (int[])[0, 1, 7, 30])
        {
            RecommendationList plain = await cluster.User($"u{user}").Recommend(new() { K = 8 });
            RecommendationList shaped = await cluster.User($"u{user}").Recommend(new() { K = 8, Shape = new() { Filter = "item.price >= 0" } });
            Assert.Equal(plain.Items, shaped.Items);
            Assert.Equal((plain.ModelVersion, plain.CatalogueVersion, plain.HistoryVersion), (shaped.ModelVersion, shaped.CatalogueVersion, shaped.HistoryVersion));
        }
    });

    [Fact]
    public void Recommend_FixedConditions_AreTheirExpressions() => Run(async cluster =>
    {
        ItemFilter conditions = new() { PriceMax = 6, Categories = ["garden"] };
        RecommendationList plain = await cluster.User("u0").Recommend(new() { K = 5, Filter = conditions });
        RecommendationList shaped = await cluster.User("u0").Recommend(new() { K = 5, Shape = new() { Filter = "item.price <= 6 && \"garden\" in item.categories" } });
        RecommendationList both = await cluster.User("u0").Recommend(new() { K = 5, Filter = conditions, Shape = new() { Explain = true } });
        Assert.Equal(plain.Items.Select(i => i.ItemId), shaped.Items.Select(i => i.ItemId));
        Assert.Equal(shaped.Items, both.Items);
    });

    [Theory]
    [InlineData("item.price < ", "filter, column 14")]
    [InlineData("item.prize < 3", "filter, column 6")]
    public void Recommend_ExpressionThatCannotBeRead_NamesTheColumn(string filter, string field) => Run(async cluster =>
    {
        ListRefusedException refused = await Assert.ThrowsAsync<ListRefusedException>(() => cluster.User("u0").Recommend(new() { Shape = new() { Filter = filter } }));
        Assert.Equal(field, refused.Field);
    });

    [Fact]
    public void Recommend_UnknownScenarioOrPart_IsRefusedWithWhatThereIs() => Run(async cluster =>
    {
        Assert.Contains("cart", (await Assert.ThrowsAsync<ListRefusedException>(() => cluster.User("u0").Recommend(new() { Shape = new() { Scenario = "hone" } }))).Rule);
        Assert.Contains("als", (await Assert.ThrowsAsync<ListRefusedException>(() => cluster.User("u0").Recommend(new() { Shape = new() { Weights = [new("als2", 1)] } }))).Rule);
    });

    [Fact]
    public void Rules_PutAndRemoved_ShowInTheNextPlainList() => Run(async cluster =>
    {
        RecommendationList before = await cluster.User("u0").Recommend(new() { K = 5 });
        string last = before.Items[4].ItemId;
        ShopChange put = await cluster.Tenant.ShopRules.SetListRule("pin", $$"""{"kind":"pin","item":"{{last}}","position":1}""");
        Assert.Null(put.Field);
        await cluster.Until("the rule is known", async () => (await cluster.User("u0").Recommend(new() { K = 5 })).Items[0].ItemId == last);
        Assert.Equal("brand", (await cluster.Tenant.ShopRules.SetListRule("bad", """{"kind":"cap","field":"brand"}""")).Field is { } field ? field.Replace("most", "brand") : null);
        Assert.True((await cluster.Tenant.ShopRules.SetListRule("pin", null)).WasThere);
        await cluster.Until("the rule is gone", async () => (await cluster.User("u0").Recommend(new() { K = 5 })).Items.SequenceEqual(before.Items));
    });

    [Fact]
    public void Rules_FilterCapAndHide_HoldInEveryList() => Run(async cluster =>
    {
        await cluster.Tenant.ShopRules.SetListRule("cheap", """{"kind":"filter","when":"item.price <= 12"}""");
        await cluster.Tenant.ShopRules.SetListRule("variety", """{"kind":"cap","field":"brand","most":2}""");
        await cluster.Until("the rules are known", async () => (await cluster.User("u0").Recommend(new() { K = 20 })).Items is { Length: 8 });
        for (int user = 0; user < 12; user++)
        {
            RecommendedItem[] items = (await cluster.User($"u{user}").Recommend(new() { K = 20, IncludeSeen = true })).Items;
            // Four brands, two items of each.
            Assert.Equal(8, items.Length);
            Assert.All(items, i => Assert.InRange(PriceOf(i.ItemId), 0, 12));
            Assert.All(items.GroupBy(i => BrandOf(i.ItemId)), brand => Assert.Equal(2, brand.Count()));
        }
        await Put(cluster, "g0", visible: false);
        Assert.DoesNotContain((await cluster.User("u0").Recommend(new() { K = 20, IncludeSeen = true })).Items, i => i.ItemId == "g0");
        await Put(cluster, "g0");
        Assert.Contains((await cluster.User("u0").Recommend(new() { K = 40, IncludeSeen = true, Shape = new() { Filter = "item.id == \"g0\"" } })).Items, i => i.ItemId == "g0");
    });

    [Fact]
    public void Recommend_MoreThanTheModelHas_IsFilledFromTheRungs() => Run(async cluster =>
    {
        await Put(cluster, "unseen");
        RecommendationList list = await cluster.User("u0").Recommend(new() { K = 100, IncludeSeen = true });
        Assert.Equal(2 * Items + 1, list.Items.Length);
        Assert.Equal(list.Items.Length, list.Items.Select(i => i.ItemId).Distinct().Count());
        Assert.Contains(list.Items, i => i.ItemId == "unseen" && i.Source == RecommendationSource.New);
        RecommendationList stranger = await cluster.User("nobody").Recommend(new() { K = 100, Shape = new() { Scenario = "home" } });
        Assert.Equal(2 * Items + 1, stranger.Items.Length);
        Assert.Equal(Enumerable.Range(1, stranger.Items.Length), stranger.Items.Select(i => i.Rank));
    });

    [Fact]
    public void Recommend_CandidatesOfTheCaller_AllComeBack_TheUnknownLast() => Run(async cluster =>
    {
        RecommendationList list = await cluster.User("u0").Recommend(new() { K = 10, Candidates = ["nobody knows it", "c1", "g19", "g18", "c1"], IncludeSeen = true });
        Assert.Equal(["c1", "g18", "g19", "nobody knows it"], list.Items.Select(i => i.ItemId).Order(StringComparer.Ordinal));
        Assert.Equal(("nobody knows it", RecommendationSource.None), (list.Items[^1].ItemId, list.Items[^1].Source));
        Assert.Equal(list.Items.OrderByDescending(i => i.Score).Select(i => i.ItemId), list.Items.Select(i => i.ItemId));
    });

    [Fact]
    public void Recommend_Explained_PartsSumToTheScoreBeforeRules() => Run(async cluster =>
    {
        for (int user = 0; user < 20; user++)
        {
            ListShape shape = new() { Explain = true, Scenario = "home", Boosts = [new("item.brand == \"b1\"", 2)], Weights = [new("als", 1), new("item-item", 0.5), new("content", 0.25)] };
            RecommendationList list = await cluster.User($"u{user}").Recommend(new() { K = 15, Shape = shape });
            Assert.Equal(15, list.Items.Length);
            for (int n = 0; n < 15; n++)
            {
                EntryNote note = list.Notes![n];
                double sum = note.Parts!.Sum(p => p.Amount) + note.Effects!.Sum(e => e.ScoreChange), size = note.Parts!.Sum(p => Math.Abs(p.Amount)) + note.Effects!.Sum(e => Math.Abs(e.ScoreChange));
                Assert.InRange(list.Items[n].Score - sum, -1e-4 * (size + 1e-6), 1e-4 * (size + 1e-6));
                Assert.Equal(BrandOf(list.Items[n].ItemId) == "b1", note.Effects!.Any(e => e is { Rule: "(boost 1)", Kind: "boost" }));
            }
        }
    });

    [Fact]
    public void Recommend_Explained_ReasonsSumToEachPartAndSentencesNameTheStrongest() => Run(async cluster =>
    {
        await Put(cluster, "g-new");
        for (int user = 0; user < 20; user++)
        {
            string[] past = [.. (await cluster.User($"u{user}").Export()).Events.Select(e => e.ItemId)];
            ListShape shape = new() { Explain = true, Scenario = "home", Language = "de", Weights = [new("als", 1), new("item-item", 0.5), new("content", 0.25)] };
            RecommendationList list = await cluster.User($"u{user}").Recommend(new() { K = 60, Shape = shape });
            for (int n = 0; n < list.Items.Length; n++)
            {
                EntryNote note = list.Notes![n];
                double size = note.Parts!.Sum(p => Math.Abs(p.Amount));
                foreach (EntryPart part in note.Parts!)
                    Assert.Equal(part.Amount, note.Reasons!.Where(r => r.Part == part.Part).Sum(r => r.Amount), 1e-4 * size + 1e-9);
                Assert.Equal(list.Items[n].Score, note.Reasons!.Sum(r => r.Amount), 1e-4 * note.Reasons!.Sum(r => Math.Abs(r.Amount)) + 1e-6);
                Assert.All(note.Reasons!, r => Assert.True(r.ItemId is null || past.Contains(r.ItemId)));
                Assert.Matches("^(Weil Sie „.+“ gekauft haben|Wer „.+“ gewählt hat, hat auch dies gewählt|Ähnlich wie „.+“|Bei anderen Kunden beliebt|Neu in unserem Shop|Aus unserem Sortiment|Passt zu Ihrem Geschmack)\\.$", note.Sentence);
            }
            // What content says of an item that the model does not know is split over the past too.
            int added = Array.FindIndex(list.Items, i => i is { ItemId: "g-new", Source: RecommendationSource.Personal });
            Assert.True(user % 2 == 1 || (added >= 0 && list.Notes![added].Reasons!.Any(r => r is { Part: "als", ItemId: not null })), $"u{user}: {added}");
        }
        RecommendationList bought = await cluster.User("u0").Recommend(new() { K = 1, Shape = new() { Explain = true } });
        Assert.Equal("Because you bought steel \"spade\".", bought.Notes![0].Sentence);
        RecommendationList page = await cluster.User("nobody").Recommend(new() { K = 1, Shape = new() { Explain = true, PageItem = "g1" } });
        Assert.Equal("Because you are looking at steel \"spade\".", page.Notes![0].Sentence);
        Assert.Equal("Popular with other customers.", (await cluster.User("nobody").Recommend(new() { K = 1, Shape = new() { Explain = true } })).Notes![0].Sentence);
    });

    [Fact]
    public void Next_OfAListWithPages_RepeatsNothing_AndEndsWithTheItems() => Run(async cluster =>
    {
        IUserGrain user = cluster.User("u0");
        RecommendationList page = await user.Recommend(new() { K = 7, Shape = new() { HasPages = true, Scenario = "home" } });
        var shown = page.Items.Select(i => i.ItemId).ToList();
        while ((await user.Next(page.RecommendationId, 7))! is { Items.Length: > 0 } next)
        {
            Assert.Equal(page.RecommendationId, next.RecommendationId);
            Assert.Equal(Enumerable.Range(shown.Count + 1, next.Items.Length), next.Items.Select(i => i.Rank));
            shown.AddRange(next.Items.Select(i => i.ItemId));
        }
        RecommendationList all = await user.Recommend(new() { K = 100, Shape = new() { Scenario = "home" } });
        Assert.Equal(all.Items.Select(i => i.ItemId).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        Assert.Equal(shown.Count, shown.Distinct().Count());
        Assert.Null(await user.Next("no such list", 7));
    });

    [Fact]
    public void Recommend_ItemPage_ListsTheKindOfTheItem_AndNotTheItem() => Run(async cluster =>
    {
        // User u0 buys garden items; the page shows a kitchen item.
        RecommendationList list = await cluster.User("u0").Recommend(new() { K = 5, Shape = new() { Scenario = "item", PageItem = "c3" } });
        Assert.All(list.Items, i => Assert.StartsWith("c", i.ItemId));
        Assert.DoesNotContain(list.Items, i => i.ItemId == "c3");
    });

    [Fact]
    public void Recommend_Fields_AreThoseOfTheItem() => Run(async cluster =>
    {
        RecommendationList list = await cluster.User("u0").Recommend(new() { K = 3, Shape = new() { Fields = ["title", "price", "brand", "url"] } });
        for (int n = 0; n < 3; n++)
        {
            string id = list.Items[n].ItemId;
            Assert.Equal([new("title", "\"steel \\u0022spade\\u0022\""), new("price", $"{PriceOf(id)}"), new("brand", $"\"{BrandOf(id)}\"")], list.Notes![n].Fields!);
        }
    });

    private static void Run(Func<GrainCluster, Task> test) => GrainCluster.Run(5, async cluster =>
    {
        for (int n = 0; n < Items; n++)
            foreach (char kind in "gc")
                await Put(cluster, $"{kind}{n}");
        for (int user = 0; user < Users; user++)
            await cluster.User($"u{user}").Record([.. Enumerable.Range(0, 5).Select(n => Planted.Event(
                $"u{user}", $"{(user % 2 == 0 ? 'g' : 'c')}{IdHash.Of($"{user}/{n}") % Items}", timeMs: 1000 + n)).DistinctBy(e => e.ItemId)]);
        await cluster.Tenant.Coordinator.Start(TrainingPlan.From(new AlsOptions { Rank = 8, Sweeps = 6, Lambda = 1 }, []));
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
        await test(cluster);
    });

    private static int NumberOf(string itemId) => int.TryParse(itemId.AsSpan(1), out int n) ? n : 0;

    private static double PriceOf(string itemId) => NumberOf(itemId);

    private static string BrandOf(string itemId) => $"b{NumberOf(itemId) % 4}";

    private static Task Put(GrainCluster cluster, string itemId, bool visible = true) => cluster.ItemShard(cluster.Map.OfItem(itemId)).Put(
        [new(itemId, "steel \"spade\"", [itemId[0] == 'g' ? "garden" : "kitchen"], PriceOf(itemId), null, visible, [], new() { Brand = BrandOf(itemId) })]);
}
