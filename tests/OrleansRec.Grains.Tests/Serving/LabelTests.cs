using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Goal: categories and brands are those of the user's best items, by the documented formula. Method: the shop of two kinds, and the formula once more beside the list that labels are taken from.</summary>
public sealed class LabelTests
{
    [Fact]
    public void Labels_OfAUser_AreTheFormulaOverTheList() => TwoKinds.Run(async cluster =>
    {
        foreach (int user in (int[])[0, 1, 7])
        {
            RecommendationList list = await cluster.User($"u{user}").Recommend(new() { K = LabelList.ItemsMax, Filter = new() { Categories = ["garden", "kitchen"] } });
            RecommendedItem[] items = [.. list.Items.Where(i => i.Source == RecommendationSource.Personal)];
            double most = items.Max(i => i.Score), least = items.Min(i => i.Score);
            double Weight(RecommendedItem i) => (1 - (most - i.Score) / (most - least) * (1 - 1.0 / items.Length)) / Math.Log2(1 + i.Rank);
            (string, double, int)[] expected = [.. items.GroupBy(i => i.ItemId[0] == 'g' ? "garden" : "kitchen").Select(g => (g.Key, g.Sum(Weight) / items.Sum(Weight), g.Count())).OrderByDescending(g => g.Item2)];

            LabelList labels = await cluster.User($"u{user}").RecommendLabels(LabelField.Categories, 10, new() { Filter = new() { Categories = ["garden", "kitchen"] } });

            Assert.Equal(expected.Select(e => (e.Item1, e.Item3)), labels.Labels.Select(l => (l.Name, l.Items)));
            Assert.Equal(expected.Select(e => e.Item2), labels.Labels.Select(l => l.Score), (a, b) => Math.Abs(a - b) < 1e-5);
            Assert.Equal((list.ModelVersion, list.CatalogueVersion, list.HistoryVersion), (labels.ModelVersion, labels.CatalogueVersion, labels.HistoryVersion));
            // Neighbours stay within the kind.
            RecommendRequest neighbours = new() { Shape = new() { Preview = """{"parts":[{"name":"item-item","weight":1}]}""" } };
            LabelList brands = await cluster.User($"u{user}").RecommendLabels(LabelField.Brands, 1, neighbours);
            Assert.Equal(user % 2 == 0 ? "Oak" : "Pan", Assert.Single(brands.Labels).Name);
        }
    });

    [Fact]
    public void Labels_OfAStranger_AreOfWhatIsPopular() => TwoKinds.Run(async cluster =>
        Assert.Equal(["garden", "kitchen"], (await cluster.User("stranger").RecommendLabels(LabelField.Categories, 10, new())).Labels.Select(l => l.Name).Order()));

    [Fact]
    public void TrendingLabels_AreOfWhatTrends_AndFilled() => TwoKinds.Run(async cluster =>
    {
        LabelList labels = await cluster.Tenant.Scoring.TrendingLabels(LabelField.Brands, 5, new());
        Assert.Equal("Pan", labels.Labels[0].Name);
        Assert.Equal(["Oak"], (await cluster.Tenant.Scoring.TrendingLabels(LabelField.Brands, 5, new() { Filter = new() { Categories = ["garden"] } })).Labels.Select(l => l.Name));
    });

    [Fact]
    public void TrendingLabels_WithoutAVersion_AreOfWhatIsPopular() => TwoKinds.Run(async cluster =>
        Assert.Equal(2, (await cluster.Tenant.Scoring.TrendingLabels(LabelField.Categories, 5, new())).Labels.Length), isTrained: false);

    [Fact]
    public void Labels_OutOfBounds_AreRefused() => TwoKinds.Run(async cluster =>
    {
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.User("u0").RecommendLabels("colours", 5, new()));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.User("u0").RecommendLabels(LabelField.Brands, 0, new()));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.Tenant.Scoring.TrendingLabels(LabelField.Brands, LabelList.KMax + 1, new()));
    }, isTrained: false);
}
