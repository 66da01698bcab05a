using OrleansRec.Contracts;
using OrleansRec.Model.Items;

namespace OrleansRec.Grains.Serving;

/// <summary>What the shop says of items: for portraits, and for what is like an item that no model knows.</summary>
public sealed partial class CatalogueCopy
{
    private readonly Lock contentGate = new();

    /// <summary>The items most like one by their content that may appear, then by id, and the catalogue version that this is true of; null where the shop has not put the item.</summary>
    public (long CatalogueVersion, (string ItemId, double Score)[] Items)? AlikeByContent(
        string itemId, ItemFilter? filter, IReadOnlySet<string> excluded, IReadOnlySet<string>? candidates, int k)
    {
        // Words are made as they are asked for, by one caller at a time; lists go on meanwhile.
        lock (contentGate)
        {
            gate.EnterReadLock();
            try
            {
                return Find(itemId) is { IsInCatalogue: true } item ? ((long, (string, double)[])?)(version, Alike(item, filter, excluded, candidates, k)) : null;
            }
            finally
            {
                gate.ExitReadLock();
            }
        }
    }

    private (string ItemId, double Score)[] Alike(CatalogueItem item, ItemFilter? filter, IReadOnlySet<string> excluded, IReadOnlySet<string>? candidates, int k)
    {
        var overlap = new ContentOverlap(WordsOf(item), all.Where(i => i.IsInCatalogue).Select(WordsOf));
        FilterTest? test = filter is null ? null : new FilterTest(filter, categories);
        var alike = new List<(string ItemId, double Score)>();
        foreach (CatalogueItem other in all)
            if (other != item && other.IsInCatalogue && !other.IsHidden && test?.Passes(other.Price, other.Stock, other.Categories) != false
                && !excluded.Contains(other.ItemId) && candidates?.Contains(other.ItemId) != false && overlap.ScoreOf(WordsOf(other)) is > 0 and var score)
                alike.Add((other.ItemId, score));
        alike.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(a.ItemId, b.ItemId));
        return [.. alike.Take(k)];
    }

    private int[] WordsOf(CatalogueItem item) =>
        item.Words ??= [.. ContentWords.Of(item.Title, item.Details.Brand, item.Details.Tags, item.CategoryNames).Select(words.Number)];

    /// <summary>What the catalogue says of items; of one that it does not know, nothing.</summary>
    public ItemFacts[] Describe(string[] itemIds)
    {
        gate.EnterReadLock();
        try
        {
            return Array.ConvertAll(itemIds, id => Find(id) is { } item ? new ItemFacts(item.Details.Brand, item.CategoryNames, item.Price) : ItemFacts.Unknown);
        }
        finally
        {
            gate.ExitReadLock();
        }
    }
}
