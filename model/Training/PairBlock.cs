namespace OrleansRec.Model;

/// <summary>The pairs of one user shard that a training works on: users and items each in the order of (hash, id).</summary>
/// <remarks>
/// Worked example: users u, v with u = {a: 2, c: 1}, v = {c: 3} and items in the order a, c give ByUser.Starts = [0, 2, 3], Columns = [0, 1, 1],
/// Values = [2, 1, 3]; its transpose has Starts = [0, 1, 3], Columns = [0, 0, 1], Values = [2, 1, 3].
/// </remarks>
public sealed class PairBlock
{
    private PairBlock(string[] userIds, string[] itemIds, InteractionRows byUser) => (UserIds, ItemIds, ByUser) = (userIds, itemIds, byUser);

    /// <summary>Row ids, shape (rows).</summary>
    public string[] UserIds { get; }

    /// <summary>Ids of the items that occur, shape (columns).</summary>
    public string[] ItemIds { get; }

    /// <summary>The pairs by user; columns index <see cref="ItemIds"/>.</summary>
    public InteractionRows ByUser { get; }

    /// <summary>The items of a range of buckets: indexes into <see cref="ItemIds"/>, the end not included.</summary>
    public (int First, int End) ItemsOf(BucketRange range)
    {
        return (FirstAt(range.First), FirstAt(range.End));

        int FirstAt(int bucket)
        {
            int low = 0, high = ItemIds.Length;
            while (low < high)
            {
                int middle = (low + high) >>> 1;
                if (Buckets.Of(IdHash.Of(ItemIds[middle])) < bucket)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
    }

    /// <summary>The same pairs by item; columns are user rows, ascending.</summary>
    public InteractionRows ByItem()
    {
        var starts = new int[ItemIds.Length + 1];
        for (int user = 0; user < ByUser.RowCount; user++)
            foreach (int item in ByUser.Columns(user))
                starts[item + 1]++;
        for (int item = 0; item < ItemIds.Length; item++)
            starts[item + 1] += starts[item];

        var next = starts.AsSpan(0, ItemIds.Length).ToArray();
        var rows = new int[ByUser.PairCount];
        var values = new float[ByUser.PairCount];
        for (int user = 0; user < ByUser.RowCount; user++)
        {
            ReadOnlySpan<int> columns = ByUser.Columns(user);
            ReadOnlySpan<float> r = ByUser.Values(user);
            for (int i = 0; i < columns.Length; i++)
            {
                int at = next[columns[i]]++;
                rows[at] = user;
                values[at] = r[i];
            }
        }
        return new(starts, rows, values);
    }

    /// <summary>The pairs with columns that index the whole item side.</summary>
    /// <param name="itemRows">The row of each of <see cref="ItemIds"/> on the item side, ascending.</param>
    public InteractionRows WithColumns(ReadOnlySpan<int> itemRows)
    {
        var columns = new int[ByUser.PairCount];
        for (int user = 0, at = 0; user < ByUser.RowCount; user++)
            foreach (int item in ByUser.Columns(user))
                columns[at++] = itemRows[item];
        return new(ByUser.Starts, columns, ByUser.AllValues);
    }

    /// <summary>Collects users one by one, then orders the items.</summary>
    public sealed class Builder
    {
        private readonly List<string> _userIds = [];
        private readonly List<int> _starts = [0];
        private readonly List<int> _items = [];
        private readonly List<float> _values = [];

        /// <summary>Adds a user; users come in the order of (hash, id), and one without pairs is left out.</summary>
        /// <param name="userId">The user.</param>
        /// <param name="items">Distinct items, by any numbering of the caller's, in any order.</param>
        /// <param name="values">r of each, same length.</param>
        public void Add(string userId, ReadOnlySpan<int> items, ReadOnlySpan<float> values)
        {
            if (items.Length != values.Length)
                throw new ArgumentException($"{items.Length} items need as many values; got {values.Length}.", nameof(values));
            if (items.IsEmpty)
                return;
            _userIds.Add(userId);
            _items.AddRange(items);
            _values.AddRange(values);
            _starts.Add(_items.Count);
        }

        /// <summary>The block.</summary>
        /// <param name="itemCount">Item numbers are below this.</param>
        /// <param name="itemId">The id of an item number that was added.</param>
        public PairBlock Build(int itemCount, Func<int, string> itemId)
        {
            var (sorted, position) = Order(itemCount, itemId);
            var starts = _starts.ToArray();
            var columns = _items.ToArray();
            var values = _values.ToArray();
            for (int i = 0; i < columns.Length; i++)
                columns[i] = position[columns[i]];
            for (int user = 0; user < _userIds.Count; user++)
                columns.AsSpan(starts[user]..starts[user + 1]).Sort(values.AsSpan(starts[user]..starts[user + 1]));
            return new([.. _userIds], sorted, new InteractionRows(starts, columns, values));
        }

        private (string[] Sorted, int[] Position) Order(int itemCount, Func<int, string> itemId)
        {
            var used = new bool[itemCount];
            foreach (int item in _items)
                used[item] = true;
            var keys = new List<(RowKey Key, int Number)>();
            for (int item = 0; item < used.Length; item++)
                if (used[item])
                    keys.Add((RowKey.Of(itemId(item)), item));
            keys.Sort((a, b) => a.Key.CompareTo(b.Key));

            var position = new int[itemCount];
            for (int i = 0; i < keys.Count; i++)
                position[keys[i].Number] = i;
            return ([.. keys.Select(k => k.Key.Id)], position);
        }
    }
}
