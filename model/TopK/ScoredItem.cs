namespace OrleansRec.Model;

/// <summary>A row of a factor block and its score.</summary>
public readonly record struct ScoredRow(int Row, float Score);

/// <summary>An item and its score; the total order is score descending, then id ascending by ordinal comparison.</summary>
public readonly record struct ScoredItem(string ItemId, float Score) : IComparable<ScoredItem>
{
    /// <inheritdoc/>
    public int CompareTo(ScoredItem other)
    {
        int byScore = other.Score.CompareTo(Score);
        return byScore != 0 ? byScore : string.CompareOrdinal(ItemId, other.ItemId);
    }
}
