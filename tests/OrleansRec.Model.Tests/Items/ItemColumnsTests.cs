using OrleansRec.Model.Items;

namespace OrleansRec.Model.Tests.Items;

/// <summary>Columns give back what was put in, version by version; planted items and seeded changes, compared with the facts themselves.</summary>
public sealed class ItemColumnsTests
{
    [Fact]
    public void FactsAt_EveryField_IsWhatWasPut()
    {
        ItemFacts facts = new ItemFacts("a").Set("kind", "product").Set("title", "Mug").Set("categories", [" Home  >  Kitchen > ", "Gifts"]).Set("brand", "Acme").Set("price", 9.5)
            .Set("stock", 3).Set("rating", 4.5).Set("tags", ["red", "new"]).Set("group", "g1").SetTime("from", 5).SetTime("until", 9).Set("visible", false).SetAttribute("colour", "red");

        ItemFacts got = ItemColumns.Of([new("other"), facts]).FactsAt(1);

        foreach (string field in ItemFields.Catalogue.Names)
            Assert.Equal(facts[field], got[field]);
        Assert.Equal(["Home > Kitchen", "Gifts"], (string[])got["categories"]!);
        Assert.Equal("red", got["colour"]);
        Assert.Null(ItemColumns.Of([new("other"), facts]).FactsAt(0)["price"]);
    }

    [Fact]
    public void With_ThousandsOfSeededChanges_EqualsTheFactsAndLeavesEarlierVersions()
    {
        var random = new Random(31);
        List<ItemFacts> facts = [.. Enumerable.Range(0, 2500).Select(n => Facts($"i{n}", random))];
        ItemColumns columns = ItemColumns.Of(facts), first = columns;
        ItemFacts[] before = [.. facts];
        for (int change = 0; change < 3000; change++)
        {
            int row = random.Next(facts.Count + 1);
            ItemFacts changed = Facts(row == facts.Count ? $"i{row}" : facts[row].Id, random);
            columns = columns.With(row, changed);
            if (row == facts.Count)
                facts.Add(changed);
            else
                facts[row] = changed;
        }
        Assert.Equal(3000, columns.Version);
        RequireSame(facts, columns);
        RequireSame(before, first);
    }

    [Fact]
    public void With_OneNumberChanged_SharesEveryOtherColumnAndChunk()
    {
        var random = new Random(32);
        ItemFacts[] facts = [.. Enumerable.Range(0, 3000).Select(n => Facts($"i{n}", random))];
        facts[1500].Set("price", 1);
        ItemColumns columns = ItemColumns.Of(facts), changed = columns.With(1500, columns.FactsAt(1500).Set("price", 2));

        Assert.Same(columns.Chunks[0], changed.Chunks[0]);
        Assert.Same(columns.Chunks[2], changed.Chunks[2]);
        int price = ItemFields.Catalogue.IndexOf("price");
        for (int column = 0; column < columns.Table.Count; column++)
            Assert.Equal(column != price, ReferenceEquals(columns.Chunks[1].Column(column), changed.Chunks[1].Column(column)));
    }

    [Fact]
    public void With_MoreUnusedTextsThanTheBound_BuildsAnewWithTheSameFacts()
    {
        ItemColumns columns = ItemColumns.Of([new("a"), new ItemFacts("b").Set("brand", "Bolt")]), first = columns;
        for (int n = 0; n <= ItemColumns.SpareTexts; n++)
            columns = columns.With(0, new ItemFacts("a").Set("brand", $"brand {n}"));

        Assert.NotSame(first.Table, columns.Table);
        Assert.InRange(columns.Table.TextCount(), 1, 10);
        Assert.Equal($"brand {ItemColumns.SpareTexts}", columns.FactsAt(0)["brand"]);
        Assert.Equal("Bolt", columns.FactsAt(1)["brand"]);
        Assert.Equal(ItemColumns.SpareTexts + 1, columns.Version);
    }

    [Fact]
    public void Of_MoreAttributesThanTheBound_LeavesTheLastOut()
    {
        ItemColumns columns = ItemColumns.Of(Enumerable.Range(0, ItemColumns.AttributesMax + 1).Select(n => new ItemFacts($"i{n}").SetAttribute($"a{n}", "x")));

        Assert.Equal(ItemColumns.AttributesMax, columns.AttributeNames.Count());
        Assert.Equal("x", columns.FactsAt(ItemColumns.AttributesMax - 1)[$"a{ItemColumns.AttributesMax - 1}"]);
        Assert.Null(columns.FactsAt(ItemColumns.AttributesMax)[$"a{ItemColumns.AttributesMax}"]);
    }

    [Fact]
    public void Set_WrongNameKindOrNumber_Throws()
    {
        var facts = new ItemFacts("a");
        Assert.Contains("no field \"prise\"", Assert.Throws<ArgumentException>(() => facts.Set("prise", 1)).Message);
        Assert.Throws<ArgumentException>(() => facts.Set("price", "1"));
        Assert.Throws<ArgumentException>(() => facts.Set("title", 1));
        Assert.Throws<ArgumentException>(() => facts.Set("price", double.NaN));
        Assert.Throws<ArgumentException>(() => facts.Set("id", "b"));
        Assert.Throws<ArgumentException>(() => facts.SetAttribute("", "x"));
        Assert.Throws<ArgumentException>(() => ItemColumns.Of([facts]).With(2, facts));
        Assert.Throws<ArgumentException>(() => ItemColumns.Of([new ItemFacts("a", ItemFields.Catalogue.With("popularity", ItemFieldKind.Number))]));
        Assert.Throws<ArgumentException>(() => ItemFields.Catalogue.With("price", ItemFieldKind.Number));
        Assert.Throws<ArgumentException>(() => ItemFields.Catalogue.With("a b", ItemFieldKind.Number));
    }

    [Theory]
    [InlineData("Home > Garden > Tools", "Home", true)]
    [InlineData("Home > Garden > Tools", "Home > Garden", true)]
    [InlineData("Home > Garden > Tools", "Home > Garden > Tools", true)]
    [InlineData("Home > Garden > Tools", "Garden", false)]
    [InlineData("Home > Gardening", "Home > Garden", false)]
    public void IsWithin_Paths_CountsAncestors(string path, string ancestor, bool isWithin) => Assert.Equal(isWithin, CategoryPath.IsWithin(path, ancestor));

    internal static ItemFacts Facts(string id, Random random)
    {
        var facts = new ItemFacts(id);
        if (random.Next(4) > 0)
            facts.Set("price", random.Next(10));
        if (random.Next(4) > 0)
            facts.Set("brand", $"brand {random.Next(8)}");
        if (random.Next(3) > 0)
            facts.Set("tags", [.. Enumerable.Range(0, random.Next(4)).Select(_ => $"tag {random.Next(6)}")]);
        if (random.Next(3) > 0)
            facts.Set("categories", [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"c{random.Next(2)} > d{random.Next(2)}")]);
        if (random.Next(3) > 0)
            facts.Set("visible", random.Next(2) == 0);
        if (random.Next(3) > 0)
            facts.SetTime("from", random.Next(100));
        if (random.Next(3) > 0)
            facts.Set("title", $"title {random.Next(30)}");
        if (random.Next(3) > 0)
            facts.SetAttribute($"attribute{random.Next(5)}", $"{random.Next(5)}");
        return facts;
    }

    private static void RequireSame(IReadOnlyList<ItemFacts> facts, ItemColumns columns)
    {
        Assert.Equal(facts.Count, columns.Count);
        for (int row = 0; row < facts.Count; row++)
        {
            ItemFacts got = columns.FactsAt(row);
            Assert.Equal(facts[row].Id, columns.IdAt(row));
            foreach (string field in ItemFields.Catalogue.Names)
                Assert.Equal(facts[row][field], got[field]);
            Assert.Equal(facts[row].Attributes, got.Attributes);
        }
    }
}
