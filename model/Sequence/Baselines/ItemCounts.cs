namespace OrleansRec.Model.Sequence.Baselines;

/// <summary>How often each item goes with each other one, rows by item.</summary>
internal sealed class ItemCounts
{
    private readonly int[] _starts;
    private readonly int[] _others;
    private readonly int[] _counts;

    private ItemCounts(int[] starts, int[] others, int[] counts) => (_starts, _others, _counts) = (starts, others, counts);

    public ReadOnlySpan<int> Others(int item) => _others.AsSpan(_starts[item].._starts[item + 1]);

    public ReadOnlySpan<int> Counts(int item) => _counts.AsSpan(_starts[item].._starts[item + 1]);

    /// <summary>Counts pairs, given as item and other.</summary>
    public static ItemCounts Of(int itemCount, IEnumerable<(int Item, int Other)> pairs)
    {
        long[] keys = [.. pairs.Select(p => (long)p.Item << 32 | (uint)p.Other)];
        Array.Sort(keys);
        var (starts, others, counts) = (new int[itemCount + 1], new List<int>(), new List<int>());
        for (int n = 0; n < keys.Length; n++)
            if (n > 0 && keys[n] == keys[n - 1])
                counts[^1]++;
            else
            {
                others.Add((int)keys[n]);
                counts.Add(1);
                starts[(keys[n] >> 32) + 1]++;
            }
        for (int item = 0; item < itemCount; item++)
            starts[item + 1] += starts[item];
        return new(starts, [.. others], [.. counts]);
    }
}
