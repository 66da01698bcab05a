namespace OrleansRec.Model.Evaluation;

/// <summary>One measured trial.</summary>
/// <param name="Rung">From 0; each rung gives a trial more to work with.</param>
/// <param name="Key">What the trial is, in words that are the same in every run.</param>
/// <param name="Value">The figure; higher is better.</param>
public readonly record struct Trial(int Rung, string Key, double Value);

/// <summary>Successive halving (Jamieson and Talwalkar 2016): many candidates are measured cheaply, and the best third of each rung goes on to a dearer one.</summary>
/// <remarks>Deterministic: candidates keep their order, and of equal figures the first stays. What a journal already holds is not measured again, so a search that was cut off goes on where it ended.</remarks>
public static class SuccessiveHalving
{
    /// <summary>What part of a rung goes on: one in so many.</summary>
    public const int Reduction = 3;

    /// <summary>Candidates of each rung for at most so many trials: powers of <see cref="Reduction"/>, down to 1. 40 trials are 27, 9, 3 and 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No trial is allowed.</exception>
    public static int[] RungsOf(int trialsMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trialsMax, 1);
        var rungs = new List<int> { 1 };
        while (rungs.Sum() + (long)rungs[0] * Reduction <= trialsMax)
            rungs.Insert(0, rungs[0] * Reduction);
        return [.. rungs];
    }

    /// <summary>Finds the best candidate.</summary>
    /// <param name="candidates">As many as the first rung holds; each key once.</param>
    /// <param name="keyOf">The key of a candidate.</param>
    /// <param name="rungs">Candidates of each rung, from <see cref="RungsOf"/>.</param>
    /// <param name="measure">Measures a candidate at a rung.</param>
    /// <param name="known">Trials of an earlier run with the same candidates and data.</param>
    /// <param name="measured">Told of each new trial, to write it down.</param>
    /// <exception cref="ArgumentException">Candidates do not fit the rungs, or share a key.</exception>
    public static (T Best, double Value) Run<T>(
        IReadOnlyList<T> candidates, Func<T, string> keyOf, int[] rungs, Func<T, int, double> measure, IEnumerable<Trial> known, Action<Trial> measured)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentNullException.ThrowIfNull(measured);
        if (rungs.Length == 0 || candidates.Count != rungs[0])
            throw new ArgumentException($"The first rung holds {(rungs.Length == 0 ? 0 : rungs[0])} candidates; got {candidates.Count}.", nameof(candidates));
        if (candidates.DistinctBy(keyOf).Count() != candidates.Count)
            throw new ArgumentException("Two candidates have the same key.", nameof(candidates));
        var journal = known.ToDictionary(t => (t.Rung, t.Key), t => t.Value);
        IReadOnlyList<(T Candidate, double Value)> left = [.. candidates.Select(c => (c, 0.0))];
        for (int rung = 0; rung < rungs.Length; rung++)
        {
            int at = rung;
            left = [.. left.Take(rungs[rung]).Select(c => (c.Candidate, ValueOf(c.Candidate, at))).ToArray().OrderByDescending(c => c.Item2)];
        }
        return left[0];

        double ValueOf(T candidate, int rung)
        {
            string key = keyOf(candidate);
            if (journal.TryGetValue((rung, key), out double value))
                return value;
            value = measure(candidate, rung);
            measured(new(rung, key, value));
            return value;
        }
    }
}
