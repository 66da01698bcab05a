using OrleansRec.Api;

namespace OrleansRec.Silo.Dashboard.Parts;

/// <summary>Titles of the items on a page, asked for once each.</summary>
public sealed class ItemTitles
{
    /// <summary>Calls at once.</summary>
    private const int FanOutMax = 8;

    private readonly Dictionary<string, string?> _titles = new(StringComparer.Ordinal);

    public string? this[string itemId] => _titles.GetValueOrDefault(itemId);

    /// <summary>Learns titles; items of no catalogue have none.</summary>
    public async Task Add(IRecommender recommender, IEnumerable<string> itemIds)
    {
        foreach (string[] some in itemIds.Distinct().Where(id => !_titles.ContainsKey(id)).ToArray().Chunk(FanOutMax))
        {
            ItemInfo?[] items = await Task.WhenAll(some.Select(id => recommender.GetItemAsync(id)));
            for (int i = 0; i < some.Length; i++)
                _titles[some[i]] = items[i]?.Title;
        }
    }
}
