using System.Numerics;

namespace OrleansRec.Model;

/// <summary>The pairs of one user shard that a training works on: users and items each in the order of (hash, id).</summary>
/// <remarks>
/// Worked example: users u, v with u = {a: 2, c: 1}, v = {c: 3} and items in the order a, c give ByUser.Starts = [0, 2, 3], Columns = [0, 1, 1],
/// Values = [2, 1, 3]; its transpose has Starts = [0, 1, 3], Columns = [0, 0, 1], Values = [2, 1, 3]. There is no second copy: item shards
/// are cut pieces of the transpose, <see cref="ByItem(int, int)"/>, when they ask for them.
/// </remarks>
public sealed class PairBlock
{
    private readonly int[] pairsOfItem;

    private PairBlock(string[] userIds, string[] itemIds, int[] pairsOfItem, InteractionRows byUser) =>
        (UserIds, ItemIds, this.pairsOfItem, ByUser) = (userIds, itemIds, pairsOfItem, byUser);

    /// <summary>Row ids, shape (rows).</summary>
    public string[] UserIds { get; }

    /// <summary>Ids of the items that occur, shape (columns).</summary>
    public string[] ItemIds { get; }

    /// <summary>How many pairs each item has, shape (columns).</summary>
    public ReadOnlySpan<int> PairsOfItem => pairsOfItem;

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
        var (starts, rows, values) = ByItem(0, ItemIds.Length);
        return new(starts, rows, values);
    }

    /// <summary>The pairs of consecutive items, by item.</summary>
    /// <param name="first">Index of the first into <see cref="ItemIds"/>.</param>
    /// <param name="end">Index after the last.</param>
    /// <returns>Where each item's pairs begin, shape (items + 1); user rows, ascending within an item; and r of each.</returns>
    /// <remarks>Cost: a binary search for each user, and the pairs.</remarks>
    public (int[] Starts, int[] Rows, float[] Values) ByItem(int first, int end)
    {
        var starts = new int[end - first + 1];
        for (int item = first; item < end; item++)
            starts[item - first + 1] = starts[item - first] + pairsOfItem[item];
        int[] next = starts[..^1], rows = new int[starts[^1]];
        var values = new float[starts[^1]];
        PairColumns columns = ByUser.AllColumns;
        ValueColumn r = ByUser.AllValues;
        for (int user = 0; user < ByUser.RowCount; user++)
        {
            int stop = ByUser.Starts[user + 1];
            for (int i = columns.FirstFrom(ByUser.Starts[user], stop, first); i < stop && columns[i] < end; i++)
            {
                int at = next[columns[i] - first]++;
                rows[at] = user;
                values[at] = r[i];
            }
        }
        return (starts, rows, values);
    }

    /// <summary>
    /// The pairs with columns that index the whole item side. They take this block's columns over, so that there is no copy: nothing may be asked of the
    /// block afterwards.
    /// </summary>
    /// <param name="itemRows">The row of each of <see cref="ItemIds"/> on the item side, ascending.</param>
    /// <param name="itemCount">Rows of the item side.</param>
    public InteractionRows TakeWithColumns(ReadOnlySpan<int> itemRows, int itemCount) =>
        new(ByUser.Starts, ByUser.AllColumns.TakeWith(ByUser.Starts, itemRows, itemCount), ByUser.AllValues);

    /// <summary>Collects users one by one, then orders the items.</summary>
    /// <param name="pairsExpected">About how many pairs will come; where it is right nothing is copied.</param>
    public sealed class Builder(int pairsExpected = 0)
    {
        private readonly List<string> _userIds = [];
        private readonly List<int> _starts = [0];
        private readonly ValueColumn _values = new(pairsExpected);
        private ItemColumn _items = new(pairsExpected);
        private int _count;

        /// <summary>Users added that have pairs, which is the row of the next one.</summary>
        public int UserCount => _userIds.Count;

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
            if (_count + items.Length > _items.Capacity)
                Resize(Math.Max(_count + items.Length, _items.Capacity + _items.Capacity / 4));
            for (int i = 0; i < values.Length; i++)
            {
                _items.Put(_count + i, items[i], _items.Capacity);
                _values[_count + i] = values[i];
            }
            _count += items.Length;
            _userIds.Add(userId);
            _starts.Add(_count);
        }

        /// <summary>The block, which takes over what was collected.</summary>
        /// <param name="itemCount">Item numbers are below this.</param>
        /// <param name="itemId">The id of an item number that was added.</param>
        public PairBlock Build(int itemCount, Func<int, string> itemId)
        {
            // Up to an eighth of air is better kept for a while than copied away.
            if (_items.Capacity - _count > _items.Capacity / 8)
                Resize(_count);
            int[] starts = [.. _starts];
            var (sorted, position) = Order(itemCount, itemId);
            var pairsOfItem = new int[sorted.Length];
            for (int i = 0; i < _count; i++)
                pairsOfItem[position[_items[i]]]++;
            PairColumns columns = _items.Wide is { } wide ? PairColumns.Of(Arrange(wide, starts, position)) : PairColumns.Of(Arrange(_items.Narrow, starts, position));
            return new([.. _userIds], sorted, pairsOfItem, new InteractionRows(starts, columns, _values));
        }

        /// <summary>Puts positions in the place of item numbers, ascending within each user. A position is no larger than its number can be.</summary>
        private T[] Arrange<T>(T[] items, int[] starts, int[] position)
            where T : struct, IBinaryInteger<T>
        {
            for (int i = 0; i < _count; i++)
                items[i] = T.CreateTruncating(position[int.CreateTruncating(items[i])]);
            for (int user = 0; user < _userIds.Count; user++)
                _values.Sort(items.AsSpan(starts[user]..starts[user + 1]), starts[user]);
            return items;
        }

        private void Resize(int length)
        {
            _items.Resize(length);
            _values.Resize(length);
        }

        private (string[] Sorted, int[] Position) Order(int itemCount, Func<int, string> itemId)
        {
            var used = new bool[itemCount];
            for (int i = 0; i < _count; i++)
                used[_items[i]] = true;
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
