namespace OrleansRec.Model;

/// <summary>Merges the columns that every user shard has for one item shard into that shard's rows.</summary>
/// <remarks>
/// User shards own ascending ranges of buckets, so their rows follow one another; columns added in the order of the shards are ascending within each item.
/// Worked example: shard 0 (2 users) adds a → {1}, shard 1 adds a → {0}, b → {0}: rows a = [1, 2], b = [2].
/// </remarks>
public sealed class ColumnMerge
{
    private readonly List<Part> _parts = [];
    private long _pairs;

    /// <summary>Adds consecutive items of one user shard.</summary>
    /// <param name="firstUserRow">Where that shard's users begin among all users.</param>
    /// <param name="ids">Items, shape (n), in the order of (hash, id).</param>
    /// <param name="starts">Where each item's pairs begin, shape (n + 1).</param>
    /// <param name="rows">User rows within the shard, ascending within an item.</param>
    /// <param name="values">r of each pair.</param>
    public void Add(int firstUserRow, string[] ids, int[] starts, int[] rows, float[] values)
    {
        _parts.Add(new(firstUserRow, ids, starts, rows, values));
        _pairs += rows.Length;
    }

    /// <summary>The item ids in order, and their pairs; columns index all users.</summary>
    /// <exception cref="ArgumentException">There are 2³¹ pairs or more: use more item shards.</exception>
    public (string[] Ids, InteractionRows ByItem) Build()
    {
        if (_pairs > Array.MaxLength)
            throw new ArgumentException($"An item shard trains on at most {Array.MaxLength} pairs; got {_pairs}. Use more item shards.");
        string[] ids = Union();
        var rowOf = new Dictionary<string, int>(ids.Length);
        for (int row = 0; row < ids.Length; row++)
            rowOf.Add(ids[row], row);

        var starts = new int[ids.Length + 1];
        foreach (Part part in _parts)
            for (int i = 0; i < part.Ids.Length; i++)
                starts[rowOf[part.Ids[i]] + 1] += part.Starts[i + 1] - part.Starts[i];
        for (int row = 0; row < ids.Length; row++)
            starts[row + 1] += starts[row];

        var next = starts.AsSpan(0, ids.Length).ToArray();
        var columns = new int[(int)_pairs];
        var values = new float[(int)_pairs];
        foreach (Part part in _parts)
            for (int i = 0; i < part.Ids.Length; i++)
            {
                int row = rowOf[part.Ids[i]];
                for (int j = part.Starts[i]; j < part.Starts[i + 1]; j++)
                {
                    columns[next[row]] = part.FirstUserRow + part.Rows[j];
                    values[next[row]++] = part.Values[j];
                }
            }
        return (ids, new InteractionRows(starts, columns, values));
    }

    private string[] Union()
    {
        var seen = new HashSet<string>();
        var keys = new List<RowKey>();
        foreach (Part part in _parts)
            foreach (string id in part.Ids)
                if (seen.Add(id))
                    keys.Add(RowKey.Of(id));
        keys.Sort();
        return [.. keys.Select(k => k.Id)];
    }

    private sealed record Part(int FirstUserRow, string[] Ids, int[] Starts, int[] Rows, float[] Values);
}
