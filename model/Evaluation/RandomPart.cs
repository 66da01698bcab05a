using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>A seeded random order for each user: the floor that any model must beat.</summary>
/// <param name="itemIds">Id of each row, shape (n).</param>
/// <param name="seed">The seed.</param>
public sealed class RandomPart(string[] itemIds, int seed) : IScorePart
{
    private sealed class UserHash(ulong hash) : PartQuery
    {
        public ulong Hash { get; } = hash;
    }

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => itemIds;

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals) =>
        new UserHash(IdHash.Mix((uint)seed + 0x9E3779B97F4A7C15UL) ^ IdHash.Of(signals.UserId ?? "")) { Scale = 1 };

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores)
    {
        ulong user = ((UserHash)query).Hash;
        for (int row = 0; row < scores.Length; row++)
            scores[row] = (IdHash.Mix(user ^ IdHash.Of(itemIds[row])) >> 40) * (1f / (1 << 24));
    }

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        amounts.Clear();
        return (IdHash.Mix(((UserHash)query).Hash ^ IdHash.Of(itemIds[row])) >> 40) * (1f / (1 << 24));
    }
}
