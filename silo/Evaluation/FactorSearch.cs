using OrleansRec.Api;
using OrleansRec.Model;
using OrleansRec.Model.Evaluation;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Evaluation;

/// <summary>The options of a factorisation: as they are given, or as a search on the inner split finds them.</summary>
internal static class FactorSearch
{
    /// <summary>The options that a request gives; null where it gives none.</summary>
    public static AlsOptions? Given(TrainingRequest request)
    {
        if (request is { Rank: null, Lambda: null, LambdaExponent: null, Alpha: null, Confidence: null, UnobservedWeight: null })
            return null;
        var d = new AlsOptions();
        var options = d with
        {
            Rank = request.Rank ?? d.Rank, Lambda = request.Lambda ?? d.Lambda, LambdaExponent = request.LambdaExponent, Alpha = request.Alpha ?? d.Alpha, Sweeps = request.Sweeps ?? d.Sweeps,
            Seed = request.Seed ?? d.Seed, UnobservedWeight = request.UnobservedWeight ?? d.UnobservedWeight,
            Confidence = request.Confidence switch { "one-plus" => Confidence.OnePlus, "unobserved" => Confidence.Unobserved, _ => Confidence.Scaled },
        };
        return AlsOptionsRules.Check(options) is { } broken ? throw new BadInputException(broken.Field, broken.Value, broken.Rule) : options;
    }

    /// <summary>The best options by successive halving on an inner split.</summary>
    /// <param name="inner">Inner training pairs and held-out items.</param>
    /// <param name="trials">Trials at most.</param>
    /// <param name="seed">The seed of the candidates.</param>
    /// <param name="withHalfLife">Whether the half-life of a past is searched too.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="journal">Where trials are written down, and read again; null for nowhere.</param>
    /// <param name="told">Told of each trial.</param>
    public static AlsCandidate Best(SplitParts inner, int trials, int seed, bool withHalfLife, int workers, TrialJournal? journal, Action<string> told)
    {
        var set = OfflineSet.Of(inner);
        int[] rungs = SuccessiveHalving.RungsOf(trials);
        var candidates = AlsSearch.Candidates(rungs[0], seed, set, withHalfLife);
        int done = 0;
        var (best, _) = SuccessiveHalving.Run(
            candidates, c => c.Key, rungs, (candidate, rung) => AlsSearch.Measure(candidate, set, rung, rungs.Length, workers), journal?.Trials ?? [], trial =>
            {
                journal?.Append(trial);
                told(FormattableString.Invariant($"trial {++done}: rung {trial.Rung}, {trial.Key}: NDCG@10 {trial.Value:0.0000}"));
            });
        return best;
    }
}
