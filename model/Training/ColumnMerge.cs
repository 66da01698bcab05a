namespace OrleansRec.Model;

/// <summary>Merges the columns that every user shard has for one item shard into that shard's rows: first how many each item has, then the pairs, each straight to its place.</summary>
/// <remarks>
/// User shards own ascending ranges of buckets, so their rows follow one another; columns filled in in the order of the shards are ascending within each item.
/// Worked example: shard 0 (2 users) has a → {1}, shard 1 has a → {0}, b → {0}: rows a = [1, 2], b = [2].
/// </remarks>
public sealed class ColumnMerge
{
    private readonly Dictionary<string, int> _pairs = [];
    private readonly Dictionary<string, int> _rowOf = [];
    private string[] _ids = [];
    private int[] _starts = [], _next = [];
    private PairColumns _columns = PairColumns.Of(Array.Empty<int>());
    private ValueColumn _values = new(0);
    private long _pairCount;

    /// <summary>Counts items of one user shard.</summary>
    /// <param name="ids">Items.</param>
    /// <param name="pairs">How many pairs the shard has with each, shape as <paramref name="ids"/>.</param>
    public void Count(ReadOnlySpan<string> ids, ReadOnlySpan<int> pairs)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            _pairs[ids[i]] = _pairs.GetValueOrDefault(ids[i]) + pairs[i];
            _pairCount += pairs[i];
        }
    }

    /// <summary>Makes room for what was counted.</summary>
    /// <param name="userCount">Rows of all user shards together.</param>
    /// <exception cref="ArgumentException">There are 2³¹ pairs or more: use more item shards.</exception>
    public void Reserve(int userCount)
    {
        if (_pairCount > Array.MaxLength)
            throw new ArgumentException($"An item shard trains on at most {Array.MaxLength} pairs; got {_pairCount}. Use more item shards.");
        RowKey[] keys = [.. _pairs.Keys.Select(RowKey.Of)];
        Array.Sort(keys);
        _ids = Array.ConvertAll(keys, k => k.Id);
        _starts = new int[_ids.Length + 1];
        for (int row = 0; row < _ids.Length; row++)
        {
            _rowOf.Add(_ids[row], row);
            _starts[row + 1] = _starts[row] + _pairs[_ids[row]];
        }
        (_next, _columns, _values) = (_starts[..^1], new(_starts, userCount), new((int)_pairCount));
    }

    /// <summary>Fills in consecutive items of one user shard; shards come in order, each wholly before the next.</summary>
    /// <param name="firstUserRow">Where that shard's users begin among all users.</param>
    /// <param name="ids">Items, shape (n).</param>
    /// <param name="starts">Where each item's pairs begin, shape (n + 1).</param>
    /// <param name="rows">User rows within the shard, ascending within an item.</param>
    /// <param name="values">r of each pair.</param>
    /// <exception cref="ArgumentException">More pairs than were counted.</exception>
    public void Fill(int firstUserRow, ReadOnlySpan<string> ids, ReadOnlySpan<int> starts, ReadOnlySpan<int> rows, ReadOnlySpan<float> values)
    {
        if (rows.Length > _pairCount)
            throw new ArgumentException($"{_pairCount} pairs were still to come; got {rows.Length}.", nameof(rows));
        for (int i = 0; i < ids.Length; i++)
        {
            int row = _rowOf[ids[i]], at = _next[row];
            _columns.Put(row, at, rows[starts[i]..starts[i + 1]], firstUserRow);
            for (int j = starts[i]; j < starts[i + 1]; j++, at++)
                _values[at] = values[j];
            _next[row] = at;
        }
        _pairCount -= rows.Length;
    }

    /// <summary>The item ids in order, and their pairs; columns index all users.</summary>
    /// <exception cref="InvalidOperationException">Fewer pairs came than were counted.</exception>
    public (string[] Ids, InteractionRows ByItem) Build() => _pairCount == 0
        ? (_ids, new InteractionRows(_starts, _columns, _values))
        : throw new InvalidOperationException($"{_pairCount} pairs that were counted did not come.");
}
