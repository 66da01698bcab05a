namespace OrleansRec.Grains.Serving;

/// <summary>An item and how many users have it. More users are better; of equals, the smaller id.</summary>
public readonly record struct CatalogueRank(string ItemId, long Users)
{
    public static readonly IComparer<CatalogueRank> WorstFirst = Comparer<CatalogueRank>.Create(static (a, b) =>
        a.Users != b.Users ? a.Users.CompareTo(b.Users) : string.CompareOrdinal(b.ItemId, a.ItemId));
}
