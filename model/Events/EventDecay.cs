namespace OrleansRec.Model;

/// <summary>How much an event weighs by its age: 2^(−age / half-life), and 1 where its type has none.</summary>
/// <remarks>
/// The age is counted to one moment, that of the training: so a user folded in under a model has the pairs that the training had. An event after that moment weighs 1 until
/// the next training. Worked example, half-life 10 days: 20 days before the moment 1/4, at it and after it 1.
/// </remarks>
public static class EventDecay
{
    /// <summary>The share of its weight that an event has.</summary>
    /// <param name="timeMs">When it happened, milliseconds.</param>
    /// <param name="atMs">The moment, milliseconds.</param>
    /// <param name="halfLifeMs">Milliseconds, &gt; 0; 0 means that the type does not decay.</param>
    /// <returns>0 … 1.</returns>
    public static float ShareOf(long timeMs, long atMs, long halfLifeMs) =>
        halfLifeMs <= 0 || timeMs >= atMs ? 1 : (float)Math.Pow(2, (timeMs - atMs) / (double)halfLifeMs);
}

/// <summary>What events mean in one training: the weight of each type, by its number, and how it decays.</summary>
/// <param name="Weights">Signed weight of each type, shape (types).</param>
/// <param name="HalfLivesMs">Half-life of each type in milliseconds, 0 where it does not decay, shape (types); empty where none does.</param>
/// <param name="AtMs">The moment that ages are counted to, milliseconds since 1970-01-01 UTC.</param>
public sealed record TypeMeanings(float[] Weights, long[] HalfLivesMs, long AtMs)
{
    /// <summary>Weights alone.</summary>
    public static TypeMeanings Of(params float[] weights) => new(weights, [], 0);

    /// <summary>Whether a type says anything of a taste.</summary>
    public bool Counts(int type) => Weights[type] != 0;

    /// <summary>What one event does to r of its pair.</summary>
    public float AmountOf(int type, float value, long timeMs) =>
        HalfLivesMs.Length == 0 ? Weights[type] * value : Weights[type] * value * EventDecay.ShareOf(timeMs, AtMs, HalfLivesMs[type]);
}
