namespace OrleansRec.Model.Sequence;

/// <summary>Random numbers that are a function of where they are used, so that they depend on no order and on no thread.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood 2014) read at a counter: key + index · golden ratio, mixed.</remarks>
internal static class CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15UL;

    /// <summary>The key of one use in one step of one epoch.</summary>
    public static ulong Key(int seed, int epoch, int step, int use) =>
        Next(Next(Next(Next(Golden, seed), epoch), step), use);

    /// <summary>64 random bits.</summary>
    public static ulong Bits(ulong key, ulong index) => IdHash.Mix(key + (index + 1) * Golden);

    /// <summary>A number in 0 … count − 1; each comes equally often but for 2⁻³².</summary>
    public static int Below(ulong bits, int count) => (int)Math.BigMul(bits, (ulong)count, out _);

    /// <summary>Mean 0, deviation 1, within ±2·√3: the sum of four uniforms of 16 bits, exact and the same on every machine.</summary>
    public static double Normal(ulong bits)
    {
        const double Unit = 1.0 / 65536;
        ulong sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
        return ((sum + 2) * Unit - 2) * 1.7320508075688772;
    }

    private static ulong Next(ulong key, int part) => IdHash.Mix((key ^ (uint)part) + Golden);
}

/// <summary>What random numbers are used for; dropout adds the block's number times 4.</summary>
internal static class RandomUse
{
    public const int Start = 1;
    public const int Order = 2;
    public const int Negatives = 3;
    public const int EmbeddingDropout = 4;
    public const int AttentionDropout = 8, AttentionOutputDropout = 9, HiddenDropout = 10, FeedForwardDropout = 11;
}
