namespace OrleansRec.Model.Sequence;

/// <summary>Histories of users, each the rows of its items in the order of time.</summary>
/// <remarks>Worked example: users with items (4, 1, 7) and (2) are starts 0, 3, 4 and items 4, 1, 7, 2.</remarks>
public sealed class SequenceRows
{
    private readonly int[] _starts;
    private readonly int[] _items;

    /// <summary>Takes histories over.</summary>
    /// <param name="itemCount">V; items are 0 … V − 1.</param>
    /// <param name="starts">First item of each user, and the end of the last; shape (users + 1); kept.</param>
    /// <param name="items">Items of all users; kept.</param>
    /// <exception cref="ArgumentException">Starts do not begin at 0, fall, or end elsewhere than the items; or an item is not one of V.</exception>
    public SequenceRows(int itemCount, int[] starts, int[] items)
    {
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(items);
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != items.Length)
            throw new ArgumentException($"Starts run from 0 to {items.Length}, the number of items; got {starts.Length} of them.", nameof(starts));
        for (int user = 1; user < starts.Length; user++)
            if (starts[user] < starts[user - 1])
                throw new ArgumentException($"Starts do not fall; user {user - 1} ends at {starts[user]} and begins at {starts[user - 1]}.", nameof(starts));
        foreach (int item in items)
            if ((uint)item >= (uint)itemCount)
                throw new ArgumentException($"Items are 0 … {itemCount - 1}; got {item}.", nameof(items));
        (ItemCount, _starts, _items) = (itemCount, starts, items);
    }

    /// <summary>V, items of the catalogue.</summary>
    public int ItemCount { get; }

    /// <summary>Users, also those without items.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The items of one user, oldest first.</summary>
    public ReadOnlySpan<int> this[int user] => _items.AsSpan(_starts[user], LengthOf(user));

    /// <summary>How many items a user has.</summary>
    public int LengthOf(int user) => _starts[user + 1] - _starts[user];

    /// <summary>The same users without their last items.</summary>
    /// <param name="count">How many items each user loses; users with fewer lose all.</param>
    public SequenceRows WithoutLast(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var starts = new int[_starts.Length];
        var items = new List<int>(_items.Length);
        for (int user = 0; user < Count; user++)
        {
            items.AddRange(this[user][..Math.Max(0, LengthOf(user) - count)]);
            starts[user + 1] = items.Count;
        }
        return new(ItemCount, starts, [.. items]);
    }

    /// <summary>Histories from one array a user.</summary>
    /// <param name="itemCount">V.</param>
    /// <param name="histories">Items of each user, oldest first.</param>
    public static SequenceRows Of(int itemCount, IReadOnlyList<int[]> histories)
    {
        ArgumentNullException.ThrowIfNull(histories);
        var starts = new int[histories.Count + 1];
        for (int user = 0; user < histories.Count; user++)
            starts[user + 1] = starts[user] + histories[user].Length;
        return new(itemCount, starts, [.. histories.SelectMany(h => h)]);
    }
}
