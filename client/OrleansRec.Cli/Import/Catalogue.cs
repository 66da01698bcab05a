using OrleansRec.Api;

namespace OrleansRec.Cli.Import;

/// <summary>Titles and prices that a file of events mentions: of each item the latest.</summary>
/// <remarks>Among lines of one time the larger title and price win, so that the order of lines does not matter.</remarks>
public sealed class Catalogue
{
    private readonly record struct Entry(long TimeMs, string Title, double Price);

    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>How many items.</summary>
    public int Count => _entries.Count;

    /// <summary>The latest title of an item; null where no line named it.</summary>
    public string? TitleOf(string itemId) => _entries.TryGetValue(itemId, out var known) ? known.Title : null;

    /// <summary>Takes what a line says of an item.</summary>
    public void Learn(string itemId, string title, double price, long timeMs)
    {
        var entry = new Entry(timeMs, title.Trim(), price);
        if (!_entries.TryGetValue(itemId, out var known) || Compare(entry, known) > 0)
            _entries[itemId] = entry;
    }

    /// <summary>Puts the items that the server's catalogue does not have; what it has is the shop's own word and stays.</summary>
    /// <returns>How many were put.</returns>
    public async Task<int> PutMissing(IRecommender recommender, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>();
        for (string? cursor = null; ;)
        {
            var page = await recommender.ListItemsAsync(cursor, Paging.CountMax, cancellationToken);
            known.UnionWith(page.Items.Where(i => i.InCatalogue).Select(i => i.ItemId));
            cursor = page.Next;
            if (cursor is null)
                break;
        }
        int put = 0;
        foreach (var chunk in _entries.Where(e => !known.Contains(e.Key)).OrderBy(e => e.Key, StringComparer.Ordinal).Chunk(Paging.CountMax))
        {
            var items = chunk.Select(e => new ItemInput { ItemId = e.Key, Title = e.Value.Title.Length > 0 ? e.Value.Title : null, Price = e.Value.Price });
            put += (await recommender.PutItemsAsync([.. items], cancellationToken)).Accepted;
        }
        return put;
    }

    private static int Compare(Entry a, Entry b) =>
        a.TimeMs != b.TimeMs ? a.TimeMs.CompareTo(b.TimeMs)
        : string.CompareOrdinal(a.Title, b.Title) is not 0 and var byTitle ? byTitle
        : a.Price.CompareTo(b.Price);
}
