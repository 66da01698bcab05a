using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>One way to fit a model, to be read in several ways.</summary>
/// <param name="Part">Name of the part; of the fits of one part the best is kept.</param>
/// <param name="Setting">What is special about this fit, for reports.</param>
/// <param name="Fit">Fits on a set; the answer makes the part for a reading of the past.</param>
public record PartFit(string Part, string Setting, Func<OfflineSet, Func<HistoryReading, IScorePart>> Fit);

/// <summary>A factorisation as a fit: the one model with a seed.</summary>
/// <param name="Options">Its options.</param>
/// <param name="Fit">Trains it.</param>
public sealed record FactorFit(AlsOptions Options, Func<OfflineSet, Func<HistoryReading, IScorePart>> Fit)
    : PartFit("als", StandardFits.Text(Options), Fit);

/// <summary>A fit and a reading that were chosen, with the figure that they were chosen by.</summary>
/// <param name="Fit">The fit.</param>
/// <param name="Reading">The reading.</param>
/// <param name="InnerNdcg">NDCG@10 on the inner split.</param>
public sealed record PartChoice(PartFit Fit, HistoryReading Reading, double InnerNdcg)
{
    /// <summary>Fit and reading in words.</summary>
    public string Setting => Reading.HalfLifeDays > 0 ? FormattableString.Invariant($"{Fit.Setting}; half-life {Reading.HalfLifeDays:0.#} days") : Fit.Setting;

    /// <summary>Fits on a set.</summary>
    public IScorePart On(OfflineSet set) => Fit.Fit(set)(Reading);
}

/// <summary>Chooses the fit and the reading of each part by an inner split of the training pairs.</summary>
public static class PartSearch
{
    /// <summary>Lists are compared at this length.</summary>
    public const int ListLength = 10;

    /// <summary>For every part the choice with the highest NDCG@10; of equal ones the first that was given.</summary>
    /// <param name="fits">All fits of all parts.</param>
    /// <param name="readings">How each part may read a past, given its name; at least one.</param>
    /// <param name="inner">Inner training pairs, and inner held-out items.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="told">Told of every fit and reading with its figure.</param>
    /// <returns>The choices in the order of the parts, and each part fitted on the inner set.</returns>
    public static IReadOnlyList<(PartChoice Choice, IScorePart Part)> Choose(
        IReadOnlyList<PartFit> fits, Func<string, IReadOnlyList<HistoryReading>> readings, OfflineSet inner, int workers = 1, Action<PartChoice>? told = null)
    {
        ArgumentNullException.ThrowIfNull(readings);
        var best = new Dictionary<string, (PartChoice Choice, IScorePart Part)>(StringComparer.Ordinal);
        foreach (var fit in fits)
        {
            var fitted = fit.Fit(inner);
            foreach (var reading in readings(fit.Part))
            {
                var part = fitted(reading);
                var choice = new PartChoice(fit, reading, OfflineLists.Of(part, inner, ListLength, workers).Ndcg(inner, ListLength).Average());
                told?.Invoke(choice);
                if (!best.TryGetValue(fit.Part, out var known) || choice.InnerNdcg > known.Choice.InnerNdcg)
                    best[fit.Part] = (choice, part);
            }
        }
        return [.. fits.Select(f => f.Part).Distinct().Select(name => best[name])];
    }
}
