using MathNet.Numerics.Random;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>Options of a factorisation, and how a past is read when a user is folded in.</summary>
/// <param name="Options">The options.</param>
/// <param name="HalfLifeDays">After how many days an item of the past counts half; 0: age does not matter.</param>
public sealed record AlsCandidate(AlsOptions Options, double HalfLifeDays)
{
    /// <summary>The candidate in words that are the same in every run.</summary>
    public string Key => HalfLifeDays > 0 ? FormattableString.Invariant($"{StandardFits.Text(Options)}; half-life {HalfLifeDays:0.#} days") : StandardFits.Text(Options);

    /// <summary>How a past is read.</summary>
    public HistoryReading Reading => new() { ValuePower = 1, HalfLifeDays = HalfLifeDays };
}

/// <summary>Searches the options of an implicit factorisation on an inner split: rank, λ, ν, α or α0, and the half-life of a past.</summary>
/// <remarks>
/// Half of the candidates read values as confidence with α from 0.5 to 20 (<see cref="Confidence.Scaled"/>), half weigh the unobserved with α0 from 0.01 to 1 (<see cref="Confidence.Unobserved"/>); rank is 32
/// to <c>rankMax</c>, ν is 0, ½ or 1, and λ is such that λ' of a user with the mean number of pairs is 1 to 100, all log-uniform. A rung trains for more sweeps and measures more users. Trials
/// solve by <see cref="RowSolver.Auto"/>, which is several times faster than the exact solver at these ranks and near enough to order candidates.
/// </remarks>
public static class AlsSearch
{
    private static readonly double[] halfLives = [0, 15, 30, 60];

    private const int SweepsFirst = 4, SweepsLast = 15;

    /// <summary>Candidates, from a seed.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="set">Says how long a usual row is.</param>
    /// <param name="withHalfLife">Whether the half-life of a past is searched too, among 0, 15, 30 and 60 days; where there are no times it is 0.</param>
    /// <param name="rankMax">The largest rank, ≥ 32.</param>
    public static IReadOnlyList<AlsCandidate> Candidates(int count, int seed, OfflineSet set, bool withHalfLife, int rankMax = 256)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(rankMax, 32);
        Xoshiro256StarStar random = new(seed, threadSafe: false), forTimes = new(seed + 1, threadSafe: false);
        int[] ranks = [.. ((int[])[32, 64, 96, 128, 192, 256]).Where(r => r <= rankMax)];
        var candidates = new List<AlsCandidate>();
        while (candidates.Count < count)
        {
            bool isUnobserved = candidates.Count % 2 == 0;
            double weight = isUnobserved ? Between(random, 0.01, 1) : Between(random, 0.5, 20), exponent = random.Next(3) / 2.0, effective = Between(random, 1, 100);
            double row = (double)set.ByUser.PairCount / set.UserIds.Length + (isUnobserved ? weight : 1) * set.ItemIds.Length;
            var options = new AlsOptions
            {
                Rank = ranks[random.Next(ranks.Length)], Lambda = Rounded(effective * (isUnobserved ? Math.Sqrt(weight) : 1) / Math.Pow(row, exponent)), LambdaExponent = exponent, Sweeps = SweepsLast,
                Confidence = isUnobserved ? Confidence.Unobserved : Confidence.Scaled, Alpha = isUnobserved ? 1 : weight, UnobservedWeight = isUnobserved ? weight : 1,
            };
            candidates.Add(new(options, withHalfLife && set.HasTimes ? halfLives[forTimes.Next(halfLives.Length)] : 0));
        }
        return candidates;
    }

    /// <summary>NDCG@10 of options on an inner split.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="inner">Inner training pairs and held-out items.</param>
    /// <param name="rung">The rung, from 0.</param>
    /// <param name="rungCount">Rungs in all; the last trains for all sweeps and measures all users.</param>
    /// <param name="workers">Threads; the figure does not depend on it.</param>
    public static double Measure(AlsCandidate candidate, OfflineSet inner, int rung, int rungCount, int workers = 1)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        double share = rungCount <= 1 ? 1 : (double)rung / (rungCount - 1);
        var trained = AlsTrainer.Train(candidate.Options with { Sweeps = (int)Math.Round(SweepsFirst + share * (SweepsLast - SweepsFirst)), Solver = RowSolver.Auto }, inner.UserIds, inner.ItemIds, inner.ByUser, inner.ByItem, workers);
        var lists = OfflineLists.Of(new FactorPart(trained, inner.ItemIds, candidate.Reading), inner, 10, workers);
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
