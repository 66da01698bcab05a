namespace OrleansRec.Model.Sequence.Training;

/// <summary>Which sequences each step of an epoch takes: of like length, in an order of its own in every epoch.</summary>
/// <remarks>Sequences ascend by (length, hash of seed, epoch and user), are cut into batches, and the batches are taken in the order of another hash.</remarks>
internal sealed class EpochOrder
{
    private readonly SequenceRows _rows;
    private readonly int _windowMax, _batchSequences;
    private readonly int[] _users;
    private readonly (int Length, ulong Hash)[] _keys;
    private readonly int[] _batches;
    private readonly ulong[] _batchKeys;

    /// <summary>Plans epochs over all users with at least two items.</summary>
    /// <param name="rows">The histories.</param>
    /// <param name="options">Window and batch size.</param>
    public EpochOrder(SequenceRows rows, SequenceOptions options)
    {
        (_rows, _windowMax, _batchSequences) = (rows, options.Length + 1, options.BatchSequences);
        _users = [.. Enumerable.Range(0, rows.Count).Where(user => rows.LengthOf(user) >= 2)];
        _keys = new (int, ulong)[_users.Length];
        _batches = new int[(_users.Length + _batchSequences - 1) / _batchSequences];
        _batchKeys = new ulong[_batches.Length];
    }

    public int StepCount => _batches.Length;

    /// <summary>Sequences trained on.</summary>
    public int SequenceCount => _users.Length;

    /// <summary>The longest batch that any epoch can have; candidates are left to the loss.</summary>
    public (int Rows, int Sequences, int Weights) LargestBatch()
    {
        var longest = _users.Select(user => WindowOf(user).Length - 1).OrderDescending().Take(_batchSequences).ToArray();
        return (longest.Sum(), longest.Length, checked(longest.Sum(n => n * n)));
    }

    public void Shuffle(int seed, int epoch)
    {
        Array.Sort(_users);
        ulong key = CounterRandom.Key(seed, epoch, 0, RandomUse.Order), batchKey = CounterRandom.Key(seed, epoch, 1, RandomUse.Order);
        for (int n = 0; n < _users.Length; n++)
            _keys[n] = (WindowOf(_users[n]).Length, CounterRandom.Bits(key, (ulong)_users[n]));
        Array.Sort(_keys, _users);
        for (int b = 0; b < _batches.Length; b++)
            (_batches[b], _batchKeys[b]) = (b, CounterRandom.Bits(batchKey, (ulong)b));
        Array.Sort(_batchKeys, _batches);
    }

    /// <summary>Fills the batch of one step.</summary>
    public void Fill(int step, Network.PackedBatch batch)
    {
        batch.Clear();
        int first = _batches[step] * _batchSequences;
        for (int n = first; n < Math.Min(first + _batchSequences, _users.Length); n++)
            batch.Add(WindowOf(_users[n]));
    }

    private ReadOnlySpan<int> WindowOf(int user)
    {
        var items = _rows[user];
        return items[Math.Max(0, items.Length - _windowMax)..];
    }
}
