using OrleansRec.Contracts;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Grains.Serving;

/// <summary>Categories and brands of the best items of a list, by <see cref="LabelShares"/>.</summary>
public static class ItemLabels
{
    /// <exception cref="ArgumentException">The field is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">k is out of bounds.</exception>
    public static void Check(string field, int k)
    {
        if (field is not (LabelField.Categories or LabelField.Brands))
            throw new ArgumentException($"Labels are {LabelField.Categories} or {LabelField.Brands}; got {field}.", nameof(field));
        if (k is < 1 or > LabelList.KMax)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"k must be 1 to {LabelList.KMax}.");
    }

    /// <summary>Of a user's list: of the entries that have a score. Where none has, as for a stranger, of all, which come in the order of the ladder.</summary>
    public static LabelList Of(MadeList made, CatalogueCopy catalogue, string field, int k) =>
        Of(made.List, catalogue, field, k, made.IsScored.Contains(true) ? n => made.IsScored[n] : _ => true);

    /// <summary>Of what is trending. What only fills the list up is left out, because its scores are counts of another kind; where nothing is trending, it is all that counts.</summary>
    public static LabelList OfTrending(RecommendationList list, CatalogueCopy catalogue, string field, int k)
    {
        bool isAny = list.Items.Any(i => i.Source == RecommendationSource.Trending);
        return Of(list, catalogue, field, k, n => !isAny || list.Items[n].Source == RecommendationSource.Trending);
    }

    private static LabelList Of(RecommendationList list, CatalogueCopy catalogue, string field, int k, Func<int, bool> counts)
    {
        RecommendedItem[] items = [.. list.Items.Where((_, n) => counts(n))];
        ItemFacts[] facts = catalogue.Describe(Array.ConvertAll(items, i => i.ItemId));
        LabelShare[] shares = LabelShares.Of([.. items.Select(i => (double)i.Score)], Array.ConvertAll(facts, f => LabelsOf(f, field)), k);
        return new(list.ModelVersion, list.CatalogueVersion, list.HistoryVersion, Array.ConvertAll(shares, s => new RecommendedLabel(s.Name, s.Share, s.Items)));
    }

    private static string[] LabelsOf(ItemFacts facts, string field) => field == LabelField.Categories ? facts.Categories : facts.Brand is { } brand ? [brand] : [];
}
