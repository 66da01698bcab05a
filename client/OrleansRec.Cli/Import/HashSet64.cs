using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>A set of 64-bit numbers, about 12 bytes each: files have far more lines than a HashSet's 28 bytes each would allow.</summary>
internal sealed class HashSet64
{
    private const double LoadMax = 0.75;
    private ulong[] _slots = new ulong[1 << 12];
    private bool _hasZero;

    public long Count { get; private set; }

    /// <summary>Adds a number; false where it was there.</summary>
    public bool Add(ulong value)
    {
        // 0 marks an empty slot.
        if (value == 0)
            return !_hasZero && (_hasZero = true) && ++Count > 0;
        if (Count >= _slots.Length * LoadMax)
            Grow();
        if (!Place(_slots, value))
            return false;
        Count++;
        return true;
    }

    private static bool Place(ulong[] slots, ulong value)
    {
        int mask = slots.Length - 1;
        int slot = (int)IdHash.Mix(value) & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
            if (slots[slot] == value)
                return false;
        slots[slot] = value;
        return true;
    }

    private void Grow()
    {
        var larger = new ulong[2 * _slots.Length];
        foreach (ulong value in _slots)
            if (value != 0)
                Place(larger, value);
        _slots = larger;
    }
}
