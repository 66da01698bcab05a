using MathNet.Numerics.Random;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>Searches blend weights around learned ones for NDCG itself, which no convex loss is.</summary>
/// <remarks>
/// Candidate 0 is the learned weights, so a search cannot end below them on the users it measures. The others multiply each weight by e^(σz), z normal and seeded. Rungs measure more users, all of the inner split, so
/// the winner is confirmed on users whom the first rungs did not see.
/// </remarks>
public static class BlendSearch
{
    private const double Spread = 0.5;

    /// <summary>Candidates, from a seed.</summary>
    /// <param name="learned">The learned weights.</param>
    /// <param name="count">How many, the learned ones among them.</param>
    /// <param name="seed">The seed.</param>
    public static IReadOnlyList<BlendWeights> Candidates(BlendWeights learned, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(learned);
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var candidates = new List<BlendWeights> { learned };
        while (candidates.Count < count)
            candidates.Add(learned with
            {
                Weights = learned.Weights.OrderBy(w => w.Key, StringComparer.Ordinal)
                    .ToDictionary(w => w.Key, w => w.Value * Math.Exp(Spread * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)), StringComparer.Ordinal),
            });
        return candidates;
    }

    /// <summary>NDCG@10 of weights on an inner split.</summary>
    /// <param name="weights">The candidate.</param>
    /// <param name="parts">Parts fitted on the inner training pairs.</param>
    /// <param name="inner">Inner training pairs and held-out items.</param>
    /// <param name="rung">The rung, from 0.</param>
    /// <param name="rungCount">Rungs in all; the last measures all users.</param>
    /// <param name="workers">Threads; the figure does not depend on it.</param>
    public static double Measure(BlendWeights weights, IReadOnlyList<IScorePart> parts, OfflineSet inner, int rung, int rungCount, int workers = 1)
    {
        double share = rungCount <= 1 ? 1 : 0.25 + 0.75 * rung / (rungCount - 1);
        int[] users = [.. inner.TestUsers.Where(u => share == 1 || (IdHash.Mix(IdHash.Of(inner.UserIds[u])) >> 11) * (1.0 / (1UL << 53)) < share)];
        return BlendTraining.Measure(new(parts, weights), inner, users, workers);
    }

    /// <summary>Weights in words that are the same in every run.</summary>
    public static string Text(BlendWeights weights) =>
        string.Join(", ", weights.Weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => FormattableString.Invariant($"{w.Key} {w.Value:G9}")));
}
