using System.Collections.Concurrent;
using OrleansRec.Model.Items;

namespace OrleansRec.Grains.Serving;

/// <summary>What is like an item by its words, for the ladder of lists: kept while the catalogue does not change, because many visitors look at the same items.</summary>
public sealed partial class CatalogueCopy
{
    /// <summary>Items that are kept of one item.</summary>
    public const int AlikeMax = 1_000;

    /// <summary>Items of which it is kept; one more lets all go.</summary>
    public const int AlikeItemsMax = 1_000;

    private volatile AlikeTable alike = new(-1);

    /// <summary>Ids of the items most like one by title, brand, tags and categories, best first, at most <see cref="AlikeMax"/>; none where the shop has not put the item. Those that may not appear are among them.</summary>
    public string[] AlikeTo(string itemId)
    {
        AlikeTable table = alike;
        if (table.CatalogueVersion == Version && table.ByItem.TryGetValue(itemId, out string[]? known))
            return known;
        lock (contentGate)
        {
            gate.EnterReadLock();
            try
            {
                if (alike is { } kept && (kept.CatalogueVersion != version || kept.ByItem.Count >= AlikeItemsMax))
                    alike = new(version);
                return alike.ByItem[itemId] = Find(itemId) is { IsInCatalogue: true } item ? AlikeTo(item) : [];
            }
            finally
            {
                gate.ExitReadLock();
            }
        }
    }

    /// <summary>Whether the shop has said anything of an item.</summary>
    public bool IsDescribed(string itemId)
    {
        gate.EnterReadLock();
        try
        {
            return Find(itemId) is { IsInCatalogue: true, IsInvisible: false };
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    private string[] AlikeTo(CatalogueItem item)
    {
        var overlap = new ContentOverlap(WordsOf(item), all.Where(i => i.IsInCatalogue).Select(WordsOf));
        var scored = new List<(string ItemId, double Score)>();
        foreach (CatalogueItem other in all)
            if (other != item && other.IsInCatalogue && overlap.ScoreOf(WordsOf(other)) is > 0 and var score)
                scored.Add((other.ItemId, score));
        scored.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(a.ItemId, b.ItemId));
        return [.. scored.Take(AlikeMax).Select(s => s.ItemId)];
    }

    private sealed record AlikeTable(long CatalogueVersion)
    {
        public ConcurrentDictionary<string, string[]> ByItem { get; } = new(StringComparer.Ordinal);
    }
}
