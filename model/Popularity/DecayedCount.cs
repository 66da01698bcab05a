namespace OrleansRec.Model.Popularity;

/// <summary>A count in which an event of age a weighs 2^(−a/h): the same bits in whatever order events arrive and counts are merged.</summary>
/// <remarks>
/// Forward decay (Cormode, Shkapenyuk, Srivastava and Xu 2009): an event at t adds 2^(t/h), which no later moment changes, and a reading divides by 2^(now/h). The whole part of t/h picks one of
/// <see cref="EpochsKept"/> sums, the rest is a whole number of 2⁻²⁰, so sums are exact whole numbers. Events more than <see cref="EpochsKept"/> half-lives before the newest epoch are dropped. Error:
/// 2⁻²⁰ of each event, and 2⁻¹⁶ of what was dropped. 144 bytes.
/// </remarks>
public sealed class DecayedCount
{
    /// <summary>Half-lives that are kept apart.</summary>
    public const int EpochsKept = 16;

    private const double Unit = 1 << 20;
    private readonly ulong[] _sums = new ulong[EpochsKept];
    private long _newest = long.MinValue;

    /// <summary>Adds an event.</summary>
    /// <param name="timeMs">When it was, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="halfLifeMs">h, milliseconds, &gt; 0; the same for every event and reading of this count.</param>
    /// <param name="weight">What it counts when new, 0 … 1,000.</param>
    public void Add(long timeMs, long halfLifeMs, double weight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLifeMs);
        if (!(weight is >= 0 and <= 1_000))
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight must be 0 to 1,000.");
        var (epoch, rest) = Math.DivRem(timeMs, halfLifeMs);
        if (rest < 0)
            (epoch, rest) = (epoch - 1, rest + halfLifeMs);
        Advance(epoch);
        if (epoch > _newest - EpochsKept)
            _sums[SlotOf(epoch)] += (ulong)Math.Round(weight * Math.Pow(2, (double)rest / halfLifeMs) * Unit);
    }

    /// <summary>Adds another count of the same half-life.</summary>
    public void Merge(DecayedCount other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._newest == long.MinValue)
            return;
        Advance(other._newest);
        for (long epoch = Math.Max(_newest, other._newest) - EpochsKept + 1; epoch <= other._newest; epoch++)
            _sums[SlotOf(epoch)] += other._sums[SlotOf(epoch)];
    }

    /// <summary>The count as it stands at a moment; events after it count too, by more than 1.</summary>
    public double At(long nowMs, long halfLifeMs)
    {
        if (_newest == long.MinValue)
            return 0;
        double sum = 0, now = (double)nowMs / halfLifeMs;
        for (long epoch = _newest - EpochsKept + 1; epoch <= _newest; epoch++)
            sum += _sums[SlotOf(epoch)] / Unit * Math.Pow(2, epoch - now);
        return sum;
    }

    private void Advance(long epoch)
    {
        if (_newest != long.MinValue)
            for (long passed = Math.Max(_newest + 1, epoch - EpochsKept + 1); passed <= epoch; passed++)
                _sums[SlotOf(passed)] = 0;
        _newest = Math.Max(_newest, epoch);
    }

    private static int SlotOf(long epoch) => (int)(((epoch % EpochsKept) + EpochsKept) % EpochsKept);
}

/// <summary>How much more an item is asked for lately than its own long run leads to expect.</summary>
public static class Surge
{
    /// <summary>(s − e) / √(e + 1), e = l · h_s/h_l: the short count beside the one that the long count's rate would give; at a constant rate it is about 0.</summary>
    /// <param name="shortCount">s, decayed with the short half-life.</param>
    /// <param name="longCount">l, decayed with the long half-life.</param>
    /// <param name="shortToLong">h_s/h_l, above 0 and below 1.</param>
    public static double Of(double shortCount, double longCount, double shortToLong)
    {
        if (!(shortToLong is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(shortToLong), shortToLong, "The short half-life must be below the long one.");
        double expected = longCount * shortToLong;
        return (shortCount - expected) / Math.Sqrt(expected + 1);
    }
}
