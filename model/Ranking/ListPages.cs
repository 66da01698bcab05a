namespace OrleansRec.Model.Ranking;

/// <summary>The pages of one list so far, so that a next page repeats nothing and an earlier one can be shown again as it was. Immutable.</summary>
/// <param name="RecommendationId">Names the list.</param>
/// <param name="Seed">Decides the chance of all its pages.</param>
/// <param name="Pages">Ids of items, by page.</param>
public sealed record ListPages(string RecommendationId, ulong Seed, IReadOnlyList<IReadOnlyList<string>> Pages)
{
    /// <summary>Pages of a list, at most.</summary>
    public const int PagesMax = 100;

    /// <summary>Items on all pages of a list, at most.</summary>
    public const int ItemsMax = 10_000;

    /// <summary>A list without a page.</summary>
    /// <param name="recommendationId">Names the list.</param>
    public static ListPages Of(string recommendationId) => new(recommendationId, IdHash.Of(recommendationId), []);

    /// <summary>Items on all pages.</summary>
    public int ItemCount => Pages.Sum(page => page.Count);

    /// <summary>Entries that one more page may have; 0: the list has ended.</summary>
    public int RoomLeft => Pages.Count == PagesMax || Pages is [.., { Count: 0 }] ? 0 : ItemsMax - ItemCount;

    /// <summary>A page; null where it was not made yet.</summary>
    /// <param name="number">From 1.</param>
    public IReadOnlyList<string>? Page(int number) => number >= 1 && number <= Pages.Count ? Pages[number - 1] : null;

    /// <summary>What a ranking must not show again: rows of all pages, in their order; −1 for an item that is gone.</summary>
    /// <param name="rowOf">The row of an id, or −1.</param>
    public IReadOnlyList<int> Earlier(Func<string, int> rowOf) => [.. Pages.SelectMany(page => page).Select(rowOf)];

    /// <summary>The list with one more page. A page without items ends it.</summary>
    /// <param name="items">Ids, in their order.</param>
    /// <exception cref="ArgumentException">An item is on a page already, or there is no room.</exception>
    public ListPages With(IReadOnlyList<string> items)
    {
        if (items.Count > RoomLeft || Pages.Count == PagesMax)
            throw new ArgumentException($"A list has at most {PagesMax} pages and {ItemsMax} items, of which {RoomLeft} are left; got {items.Count}.", nameof(items));
        var shown = Pages.SelectMany(page => page).ToHashSet(StringComparer.Ordinal);
        foreach (string item in items)
            if (!shown.Add(item))
                throw new ArgumentException($"\"{item}\" is on a page of {RecommendationId} already.", nameof(items));
        return this with { Pages = [.. Pages, [.. items]] };
    }
}
