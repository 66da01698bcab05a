namespace OrleansRec.Model.Ranking;

/// <summary>An earlier list of which a share is kept, so that what a visitor has just seen does not go with every look.</summary>
/// <param name="Rows">Rows of the earlier list; −1 for an item that is gone.</param>
/// <param name="Share">Kept are ⌊share · k⌋ entries at least, as far as so many may still appear; 0 … 1.</param>
/// <remarks>It is a promote rule of the items of the earlier list, weaker than the shop's own, so it breaks no filter, cap or pin, and entries stay in the order of their scores otherwise. An entry that it chose says so by <see cref="Rule"/>.</remarks>
public sealed record SteadyRows(IReadOnlyList<int> Rows, double Share)
{
    /// <summary>The rule's name in effects.</summary>
    public const string Rule = "(steadiness)";

    /// <summary>Items that two lists have in common, over the length of the shorter one, 0 … 1; null where one of them is empty.</summary>
    /// <param name="list">Ids, each once.</param>
    /// <param name="earlier">Ids, each once.</param>
    public static double? OverlapOf(IReadOnlyCollection<string> list, IReadOnlyCollection<string> earlier)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(earlier);
        return list.Count == 0 || earlier.Count == 0 ? null : (double)list.Intersect(earlier, StringComparer.Ordinal).Count() / Math.Min(list.Count, earlier.Count);
    }
}
