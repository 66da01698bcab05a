using OrleansRec.Model.Content;
using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Companions;

/// <summary>Learns how the parts of a companion are blended, from the last fifth of users' items, which no part has seen.</summary>
/// <remarks>
/// A factorisation and tables of their own are built for the learning without those items, on all users or on a sample of them; what is published has them. So nothing that is asked has been seen, by any part, and what is asked for is what comes
/// next and not the rest of an order. Users are halved by hash: half-lives come from one half, weights from one half at first, and the other half decides whether the blend is better than the factorisation alone. If it is not, lists stay those of the factorisation.
/// </remarks>
internal static class CompanionBlend
{
    private const double TimelineCellsMax = 20e6;

    private static readonly double[] _halfLives = [0, 30];

    /// <summary>The companion with weights, half-lives and calibration; as it is where there are too few users to learn from.</summary>
    public static ModelCompanion Learn(ModelCompanion companion, CompanionSource source, SparseVector[] vectors, int workers)
    {
        if (source.Sequence is { IsAlone: true } || source.Als.Objective != Objective.Implicit || source.Histories.UserCount < source.Options.LearnUsersMin)
            return companion;
        string[] ids = source.Histories.ItemIds;
        var histories = source.Histories.Sampled((double)source.Options.LearnEventsMax / Math.Max(1, source.Histories.EventCount));
        var tables = CompanionTables.Of(source, histories, new(LastFifth: true), workers);
        var inner = SetOf(source, tables.Pairs);
        var (first, second) = inner is null ? ([], []) : BlendTraining.Halves(inner);
        if (inner is null || first.Length + second.Length < Math.Max(2, source.Options.LearnUsersMin))
            return companion;
        source.Step();
        var model = AlsTrainer.Train(source.Als, tables.Pairs.UserIds, ids, tables.Pairs.ByUser, tables.Pairs.ByItem(ids.Length), workers);
        source.Step();
        var factors = new FactorPart(model, ids, new() { ValuePower = 1 });
        var (parts, readings) = PartsOf(source, histories, tables, vectors, inner, first, workers);
        IScorePart[] all = [factors, .. parts, .. SequenceOf(source, histories, tables.Pairs, workers)];
        source.Step();
        var learned = BlendTraining.Learn(all, inner, workers);
        source.Step();
        double alone = BlendTraining.Measure(new([factors], ModelCompanion.FactorsAlone), inner, second, workers);
        var quality = new BlendQuality(second.Length, learned.ByLoss.Values.Max(), alone);
        var weights = quality.IsBetter ? learned.Weights : ModelCompanion.FactorsAlone;
        return companion with { Readings = readings, Weights = weights, Quality = quality, Sigmoid = SigmoidOf(new(all, weights), inner, second, workers) };
    }

    /// <summary>A sequence model of its own for the learning, without the items that are asked for; none where the version has none, or too little is left.</summary>
    private static SequencePart[] SequenceOf(CompanionSource source, ShopHistories histories, HistoryPairs pairs, int workers)
    {
        if (source.Sequence is not { } sequence)
            return [];
        string[] ids = source.Histories.ItemIds;
        SequenceRows rows = SequenceCorpus.Without(histories, pairs.HeldOutOf, sequence.Options.Length);
        if (!Enumerable.Range(0, rows.Count).Any(user => rows.LengthOf(user) > 1))
            return [];
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(sequence.Options, ids.Length), rows, PartRunners.On(workers));
        for (int epoch = 0; epoch < sequence.Options.Epochs; epoch++)
        {
            if (trainer.RunEpoch(source.Step).Failure is not null)
                return [];
        }
        var rowOf = new Dictionary<string, int>(ids.Length, StringComparer.Ordinal);
        for (int row = 0; row < ids.Length; row++)
            rowOf.Add(ids[row], row);
        return [new(trainer.State.Parameters, ids, id => rowOf.GetValueOrDefault(id, -1))];
    }

    /// <summary>The users with a held-out item that the model knows, their pairs, and what was held out; null where there is none.</summary>
    private static OfflineSet? SetOf(CompanionSource source, HistoryPairs pairs)
    {
        string[] ids = source.Histories.ItemIds;
        int usersMax = (int)Math.Min(source.Options.LearnUsersMax, source.Options.ScoresMax / Math.Max(1, ids.Length));
        int[] users = [.. Enumerable.Range(0, pairs.UserIds.Length).Where(user => Array.Exists(pairs.HeldOut[user], item => item < ids.Length))
            .OrderBy(user => BlendTraining.Order(pairs.UserIds[user])).Take(usersMax)];
        if (users.Length == 0)
            return null;
        var train = users.SelectMany(user => Enumerable.Range(pairs.ByUser.Starts[user], pairs.ByUser.CountOf(user)).Zip(
            pairs.ByUser.Columns(user).ToArray(), pairs.ByUser.Values(user).ToArray()).Select(p => new Interaction(pairs.UserIds[user], ids[p.Second], p.Third, pairs.TimesMs[p.First])));
        return OfflineSet.Of(new([.. train], [.. users.SelectMany(user => pairs.HeldOut[user].Where(item => item < ids.Length).Select(item => new Interaction(pairs.UserIds[user], ids[item], 1, 0)))]), ids);
    }

    private static (IReadOnlyList<IScorePart> Parts, Dictionary<string, HistoryReading> Readings) PartsOf(
        CompanionSource source, ShopHistories histories, CompanionTables tables, SparseVector[] vectors, OfflineSet inner, int[] users, int workers)
    {
        string[] ids = source.Histories.ItemIds;
        var rowOf = Enumerable.Range(0, ids.Length).ToDictionary(row => ids[row], row => vectors[row], StringComparer.Ordinal);
        double[] likers = Array.ConvertAll(tables.Likers, n => (double)n);
        List<IScorePart> parts = [new PopularityPart("popular", ids, likers, PopularityPart.ScaleOf(likers)), TimelineOf(source, histories, tables.Pairs.HeldOutOf)];
        List<Func<HistoryReading, IScorePart>> readers = [Block(ModelCompanion.ItemItem, tables.Neighbours, ids), Block(ModelCompanion.BoughtTogether, tables.Together, ids)];
        if (vectors.Any(v => v.Keys.Length > 0))
            readers.Add(reading => new ContentPart(ids, vectors, rowOf.GetValueOrDefault, reading));
        var readings = new Dictionary<string, HistoryReading>(StringComparer.Ordinal);
        foreach (var reader in readers)
        {
            source.Step();
            var best = (inner.HasTimes ? _halfLives : [0]).Select(h => new HistoryReading { HalfLifeDays = h }).Select(reading => (Reading: reading, Part: reader(reading)))
                .MaxBy(p => BlendTraining.Measure(new([p.Part], new(new Dictionary<string, double> { [p.Part.Name] = 1 })), inner, users, workers));
            parts.Add(best.Part);
            readings[best.Part.Name] = best.Reading;
        }
        return (parts, readings);
    }

    private static Func<HistoryReading, IScorePart> Block(string name, NeighbourTable table, string[] ids)
    {
        var sizes = SourceSizes.Of([table], ids, ids.Length);
        return reading => new NeighbourBlock(name, table, ids, ids, reading, sizes);
    }

    /// <summary>What was trending at each user's own moment, over as many days as the bound on its size allows.</summary>
    private static PopularityTimeline TimelineOf(CompanionSource source, ShopHistories histories, int[][] heldOutOf)
    {
        int itemCount = histories.ItemIds.Length;
        long days = (long)Math.Clamp(TimelineCellsMax / Math.Max(1, itemCount), 1, PopularityTimeline.PeriodsMax - 1);
        long firstMs = source.AtMs - days * HistoryReading.DayMs;
        return new(histories.ItemIds, [.. CompanionTables.LikesOf(histories, heldOutOf).Where(e => e.TimeMs > firstMs && e.TimeMs <= source.AtMs)], source.Options.TrendingHalfLifeDays);
    }

    /// <summary>Of the first entries of users' lists; null where none or all of them were taken.</summary>
    private static Sigmoid? SigmoidOf(Blend blend, OfflineSet inner, int[] users, int workers)
    {
        var (scores, taken) = Comparison.Calibration(blend, inner, users, workers);
        return taken.Contains(true) && taken.Contains(false) ? Sigmoid.Fit(scores, taken) : null;
    }
}
