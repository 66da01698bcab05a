namespace OrleansRec.Model.Ranking;

/// <summary>Chance for one place of one list: the same for the same seed, rule and place.</summary>
/// <param name="seed">Of the request.</param>
/// <param name="rule">The rule's name.</param>
/// <param name="position">The place.</param>
internal struct RankDice(ulong seed, string rule, int position)
{
    private ulong _state = IdHash.Mix(seed + 0x9E3779B97F4A7C15UL) ^ IdHash.Of(rule) ^ IdHash.Mix((uint)position + 0x51ED2701UL);

    /// <summary>0 ≤ x &lt; 1.</summary>
    public double Unit() => (IdHash.Mix(_state += 0x9E3779B97F4A7C15UL) >> 11) * (1.0 / (1UL << 53));

    /// <summary>0 … count − 1; the bias of 2⁻⁵³ · count is far below what any count of lists can show.</summary>
    public int Below(int count) => (int)(Unit() * count);
}
