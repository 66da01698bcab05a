using System.Globalization;
using OrleansRec.Model.Baskets;
using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Serving;

namespace OrleansRec.Model.Evaluation;

/// <summary>The fits that an evaluation tries of every model where nothing else is asked for.</summary>
/// <remarks>A part is left out where its data are not there: content without titles, trending, bought-together and sequence without times, EASE beyond its bound.</remarks>
public static class StandardFits
{
    /// <summary>All fits for a set.</summary>
    /// <param name="set">Says how large the shop is and whether it has times.</param>
    /// <param name="content">What is known of items by id; empty for nothing.</param>
    /// <param name="als">Options of the factorisation; several are tried.</param>
    /// <param name="workers">Threads of a fit; no result depends on it.</param>
    public static IReadOnlyList<PartFit> For(OfflineSet set, IReadOnlyDictionary<string, ItemFeatures> content, IReadOnlyList<AlsOptions> als, int workers = 1)
    {
        ArgumentNullException.ThrowIfNull(set);
        List<PartFit> fits = [Popular()];
        if (set.HasTimes)
            fits.AddRange(((double[])[7, 30]).Select(Trending));
        fits.AddRange(als.Select(o => Factors(o, workers)));
        fits.AddRange(Items(workers));
        fits.AddRange(Users());
        if (EaseNeighbours.Fits(set.UserIds.Length, set.ItemIds.Length))
            fits.AddRange(Ease(workers));
        if (set.HasTimes)
            fits.Add(Together());
        if (content.Count > 0)
            fits.Add(Content(content));
        if (set.HasTimes && SequenceSets.CorpusOf(set, new SequenceOptions().Length).HeldOut.Length > 0)
            fits.Add(Sequence(new(), workers));
        return fits;
    }

    /// <summary>How a part may read a past: with times, all of it alike, or fading; popularity reads none.</summary>
    public static IReadOnlyList<HistoryReading> Readings(OfflineSet set, string part)
    {
        double power = part == "als" ? 1 : 0;
        double[] halfLives = set.HasTimes && part is not ("popular" or "trending" or "random" or SequencePart.PartName) ? [0, 15, 30, 60] : [0];
        return [.. halfLives.Select(h => new HistoryReading { ValuePower = power, HalfLifeDays = h })];
    }

    /// <summary>Number of users of each item.</summary>
    public static double[] UserCounts(OfflineSet set) => [.. Enumerable.Range(0, set.ItemIds.Length).Select(row => (double)set.ByItem.CountOf(row))];

    /// <summary>A factorisation as a fit.</summary>
    public static PartFit Factors(AlsOptions options, int workers) => new FactorFit(options, set =>
    {
        var model = AlsTrainer.Train(options, set.UserIds, set.ItemIds, set.ByUser, set.ByItem, workers);
        return reading => new FactorPart(model, set.ItemIds, reading);
    });

    /// <summary>The options of a factorisation in words.</summary>
    public static string Text(AlsOptions o)
    {
        string alpha = o.Confidence == Confidence.Unobserved ? FormattableString.Invariant($"α0 {o.UnobservedWeight:0.####}") : FormattableString.Invariant($"α {o.Alpha:0.####}");
        return FormattableString.Invariant($"rank {o.Rank}, λ {o.Lambda:0.######}, ν {o.EffectiveLambdaExponent:0.##}, {alpha}, {o.Sweeps} sweeps");
    }

    private static PartFit Popular() => new("popular", "users of the item", set =>
    {
        double[] counts = UserCounts(set);
        return _ => new PopularityPart("popular", set.ItemIds, counts, PopularityPart.ScaleOf(counts));
    });

    private static PartFit Trending(double halfLifeDays) => new("trending", $"half-life of events {halfLifeDays.ToString(CultureInfo.InvariantCulture)} days", set =>
    {
        var timeline = new PopularityTimeline(set.ItemIds, set.Events, halfLifeDays);
        return _ => timeline;
    });

    private static IEnumerable<PartFit> Items(int workers) =>
        from lengthPower in (double[])[0.25, 0.5] from targetShare in (double[])[0.5, 0.65]
        select new PartFit("item-item", FormattableString.Invariant($"cosine, length power {lengthPower}, target share {targetShare}, shrinkage 3"), set => Block("item-item", set, ItemNeighbours.Build(
            set.ByUser, set.ItemIds, new() { LengthPower = lengthPower, TargetShare = targetShare, Shrinkage = 3 }, 0, set.ItemIds.Length, workers)));

    private static IEnumerable<PartFit> Users() =>
        from count in (int[])[100] from power in (double[])[0, 0.3]
        select new PartFit("user-user", FormattableString.Invariant($"{count} neighbours, popularity power {power}"), set => reading => new UserNeighbours(
            set.ByUser, set.UserIds, set.ItemIds, new() { NeighboursMax = count, LengthPower = 0 }, reading, power));

    private static IEnumerable<PartFit> Ease(int workers) =>
        from o in (EaseOptions[])[new() { Lambda = 100 }]
        select new PartFit("ease", FormattableString.Invariant($"λ {o.Lambda}, length power {o.LengthPower}"), set =>
            Block("ease", set, EaseNeighbours.Build(set.ByUser, set.ItemIds, o, workers)));

    private static PartFit Together() => new("bought-together", "log-likelihood ratio", set =>
        Block("bought-together", set, BasketNeighbours.Build(set.Baskets(), set.ItemIds, new())));

    private static PartFit Sequence(SequenceOptions options, int workers) =>
        new(SequencePart.PartName, FormattableString.Invariant($"{options.Blocks} gated block, d {options.Width}, n {options.Length}, dropout {options.Dropout}"), set =>
        {
            SequencePart part = SequenceSets.Train(set, options, workers);
            return _ => part;
        });

    private static PartFit Content(IReadOnlyDictionary<string, ItemFeatures> content) => new("content", "TF-IDF", set =>
    {
        var terms = TermWeights.Of(set.ItemIds.Select(id => content.GetValueOrDefault(id) ?? new()), new());
        var vectors = Array.ConvertAll(set.ItemIds, id => terms.VectorOf(content.GetValueOrDefault(id) ?? new()));
        var rowOf = Enumerable.Range(0, vectors.Length).ToDictionary(row => set.ItemIds[row], row => vectors[row], StringComparer.Ordinal);
        return reading => new ContentPart(set.ItemIds, vectors, rowOf.GetValueOrDefault, reading);
    });

    private static Func<HistoryReading, IScorePart> Block(string name, OfflineSet set, NeighbourTable table)
    {
        var sizes = SourceSizes.Of([table], set.ItemIds, set.ItemIds.Length);
        return reading => new NeighbourBlock(name, table, set.ItemIds, set.ItemIds, reading, sizes);
    }
}
