namespace OrleansRec.Model.Hybrid;

/// <summary>How much each item of a past counts: w = sign(r)·|r|^p · 2^(−(T − t)/h), T being the moment of the newest item.</summary>
/// <remarks>Ages count from the newest item, not from now: so weights do not fade while a user is away, and a list does not change without an event.</remarks>
public sealed record HistoryReading
{
    /// <summary>A day, in milliseconds.</summary>
    public const long DayMs = 86_400_000;

    /// <summary>p, the power of the value.</summary>
    /// <value>0 by default: each item counts the same; 1: as its value says; 0 … 2.</value>
    public double ValuePower { get; init; }

    /// <summary>h, after how many days an item counts half.</summary>
    /// <value>0 by default: age does not matter; ≥ 0.</value>
    public double HalfLifeDays { get; init; }

    /// <summary>How many of the newest items are read.</summary>
    /// <value>1,000 by default; ≥ 1. Bounds the cost of a query; older items have weight 0.</value>
    public int ItemsMax { get; init; } = 1_000;

    /// <summary>w of each item.</summary>
    /// <param name="signals">The user's past, shape (n).</param>
    /// <param name="weights">Receives w, shape (n).</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void Weigh(UserSignals signals, Span<float> weights)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var past = signals.Past;
        if (weights.Length != past.Length)
            throw new ArgumentException($"{past.Length} items need as many weights; got {weights.Length}.", nameof(weights));
        long newest = signals.NewestMs;
        for (int n = 0; n < past.Length; n++)
            weights[n] = n < past.Length - ItemsMax ? 0 : (float)WeightOf(past[n].Value, newest - past[n].TimeMs);
    }

    private double WeightOf(float value, long ageMs)
    {
        double weight = ValuePower == 0 ? Math.Sign(value) : Math.Sign(value) * Math.Pow(Math.Abs(value), ValuePower);
        return HalfLifeDays > 0 ? weight * Math.Pow(2, -ageMs / (HalfLifeDays * DayMs)) : weight;
    }
}
