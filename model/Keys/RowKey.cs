namespace OrleansRec.Model;

/// <summary>What rows are ordered by everywhere: the hash of the id, then the id itself by ordinal comparison.</summary>
public readonly record struct RowKey(ulong Hash, string Id) : IComparable<RowKey>
{
    /// <summary>The key of an id.</summary>
    public static RowKey Of(string id) => new(IdHash.Of(id), id);

    /// <inheritdoc/>
    public int CompareTo(RowKey other)
    {
        int byHash = Hash.CompareTo(other.Hash);
        return byHash != 0 ? byHash : string.CompareOrdinal(Id, other.Id);
    }
}
