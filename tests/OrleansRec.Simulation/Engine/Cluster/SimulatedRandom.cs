namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>SplitMix64: the decisions of one part of a simulation. Parts draw from generators of their own, so that one part's more or less leaves the others as they are.</summary>
public sealed class SimulatedRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator for a part, which depends on the seed and the part's name alone.</summary>
    public static SimulatedRandom For(ulong seed, string part)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in part)
            hash = (hash ^ c) * 1099511628211;
        return new(Mix(seed * 0x9E3779B97F4A7C15 ^ hash));
    }

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>0 … <paramref name="end"/> − 1.</summary>
    public int Below(int end) => (int)(Next() % (ulong)end);

    /// <summary><paramref name="first"/> … <paramref name="last"/>.</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    /// <summary>0 … 1, 1 excluded.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => Fraction() < probability;

    /// <summary>One of them.</summary>
    public T Of<T>(IReadOnlyList<T> all) => all[Below(all.Count)];

    /// <summary>A time between two times, in whole microseconds.</summary>
    public TimeSpan Time(TimeSpan first, TimeSpan last) =>
        first + TimeSpan.FromMicroseconds((long)(Fraction() * (last - first).TotalMicroseconds));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
