using MathNet.Numerics.Random;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>Searches the options of an implicit factorisation on an inner split: rank, λ, ν, and α or α0.</summary>
/// <remarks>
/// Half of the candidates read values as confidence with α from 0.5 to 20 (<see cref="Confidence.Scaled"/>), half weigh the unobserved with α0 from 0.01 to 1 (<see cref="Confidence.Unobserved"/>); rank is 32
/// to <c>rankMax</c>, ν is 0, ½ or 1, and λ is such that λ' of a user with the mean number of pairs is 1 to 100, all log-uniform. A rung trains for more sweeps and measures more users. Trials
/// solve by <see cref="RowSolver.Auto"/>, which is several times faster than the exact solver at these ranks and near enough to order candidates.
/// </remarks>
public static class AlsSearch
{
    private const int SweepsFirst = 4, SweepsLast = 15;

    /// <summary>Candidates, from a seed.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="set">Says how long a usual row is.</param>
    /// <param name="rankMax">The largest rank, ≥ 32.</param>
    public static IReadOnlyList<AlsOptions> Candidates(int count, int seed, OfflineSet set, int rankMax = 256)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(rankMax, 32);
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        int[] ranks = [.. ((int[])[32, 64, 96, 128, 192, 256]).Where(r => r <= rankMax)];
        var candidates = new List<AlsOptions>();
        while (candidates.Count < count)
        {
            bool isUnobserved = candidates.Count % 2 == 0;
            double weight = isUnobserved ? Between(random, 0.01, 1) : Between(random, 0.5, 20), exponent = random.Next(3) / 2.0, effective = Between(random, 1, 100);
            double row = (double)set.ByUser.PairCount / set.UserIds.Length + (isUnobserved ? weight : 1) * set.ItemIds.Length;
            candidates.Add(new()
            {
                Rank = ranks[random.Next(ranks.Length)], Lambda = Rounded(effective * (isUnobserved ? Math.Sqrt(weight) : 1) / Math.Pow(row, exponent)), LambdaExponent = exponent, Sweeps = SweepsLast,
                Confidence = isUnobserved ? Confidence.Unobserved : Confidence.Scaled, Alpha = isUnobserved ? 1 : weight, UnobservedWeight = isUnobserved ? weight : 1,
            });
        }
        return candidates;
    }

    /// <summary>NDCG@10 of options on an inner split.</summary>
    /// <param name="options">The candidate.</param>
    /// <param name="inner">Inner training pairs and held-out items.</param>
    /// <param name="rung">The rung, from 0.</param>
    /// <param name="rungCount">Rungs in all; the last trains for all sweeps and measures all users.</param>
    /// <param name="workers">Threads; the figure does not depend on it.</param>
    public static double Measure(AlsOptions options, OfflineSet inner, int rung, int rungCount, int workers = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        double share = rungCount <= 1 ? 1 : (double)rung / (rungCount - 1);
        var trained = AlsTrainer.Train(options with { Sweeps = (int)Math.Round(SweepsFirst + share * (SweepsLast - SweepsFirst)), Solver = RowSolver.Auto }, inner.UserIds, inner.ItemIds, inner.ByUser, inner.ByItem, workers);
        var lists = OfflineLists.Of(new FactorPart(trained, inner.ItemIds, new() { ValuePower = 1 }), inner, 10, workers);
        double[] ndcg = lists.Ndcg(inner, 10);
        double users = 0.25 + 0.75 * share;
        return ndcg.Where((_, at) => share == 1 || (IdHash.Mix(IdHash.Of(inner.UserIds[lists.Users[at]])) >> 11) * (1.0 / (1UL << 53)) < users).DefaultIfEmpty(0).Average();
    }

    private static double Between(Xoshiro256StarStar random, double low, double high) => Rounded(low * Math.Pow(high / low, random.NextDouble()));

    // Three digits are enough, and read well in a journal.
    private static double Rounded(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
        return Math.Round(value / unit) * unit;
    }
}
