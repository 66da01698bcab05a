namespace OrleansRec.Model;

/// <summary>Random numbers for the made-up shop: SplitMix64, which is the same in every version of .NET.</summary>
internal struct ShopDice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Dice of their own for one user, item or visit, so that adding an item does not change every user.</summary>
    public static ShopDice For(int seed, string what, int index) =>
        new(IdHash.Mix(IdHash.Mix((uint)seed + 1UL) ^ IdHash.Of(what) ^ IdHash.Mix((uint)index + 0x51ED2701UL)));

    public ulong Next() => IdHash.Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>0 ≤ x &lt; 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>0 … count − 1.</summary>
    public int Below(int count) => (int)(Unit() * count);

    public bool Happens(double probability) => Unit() < probability;

    /// <summary>Normal, mean 0, deviation 1 (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    /// <summary>Geometric: 0, 1, 2, … with the given mean.</summary>
    public int Geometric(double mean) => (int)(Math.Log(1 - Unit()) / Math.Log(mean / (1 + mean)));

    /// <summary>An index, by running totals of the weights.</summary>
    public int Pick(ReadOnlySpan<double> totals)
    {
        double at = Unit() * totals[^1];
        int index = totals.BinarySearch(at);
        // A total that is met exactly belongs to the next entry.
        return Math.Min(index >= 0 ? index + 1 : ~index, totals.Length - 1);
    }

    /// <summary>Running totals of weights.</summary>
    public static double[] Totals(IEnumerable<double> weights)
    {
        double total = 0;
        return [.. weights.Select(weight => total += weight)];
    }
}
