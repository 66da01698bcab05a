using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Simulation;

/// <summary>The same training of a sequence model in one thread, without shards or checkpoints: on the events of the durable log up to the watermarks.</summary>
internal static class SequenceTruth
{
    /// <summary>What is wrong with the stored model of a version, or null.</summary>
    /// <param name="info">The version.</param>
    /// <param name="kept">What the store has of its sequence model; null: nothing.</param>
    /// <param name="ids">Ids of its rows.</param>
    /// <param name="events">Every user's events up to the training's watermarks; null where that is not known any more.</param>
    public static string? Fault(ModelInfo info, LogSnapshot? kept, string[] ids, IReadOnlyDictionary<string, List<LoggedEvent>>? events)
    {
        if (kept is null)
            return $"Version {info.Version} is published without its sequence model.";
        var stored = SequenceCoding.Read(kept.Content.Span);
        if (stored.FaultUnder(info.Version, info.Attempt, ids) is { } fault)
            return $"The sequence model of version {info.Version}: {fault}.";
        if (events is null)
            return null;
        var options = info.Plan.ToSequence()!;
        var corpus = SequenceCorpus.Of(HistoriesOf(info.Plan, ids, events), info.Plan.HeldOut?.Share ?? 0, options.Length);
        var (expected, _) = SequenceLearner.Learn(options, corpus, PartRunners.Inline);
        return expected.Parameters.Values.AsSpan().SequenceEqual(stored.Parameters.Values) && expected.Epoch == stored.Epoch
            ? null : $"The sequence model of version {info.Version} after epoch {stored.Epoch} is not the one that one thread comes to after epoch {expected.Epoch} on the same events.";
    }

    private static ShopHistories HistoriesOf(TrainingPlan plan, string[] ids, IReadOnlyDictionary<string, List<LoggedEvent>> events)
    {
        var builder = new ShopHistories.Builder(ids, int.MaxValue);
        foreach (var (userId, ofUser) in events.OrderBy(u => RowKey.Of(u.Key)))
        {
            builder.BeginUser(userId);
            foreach (var e in ofUser)
            {
                var meaning = plan.MeaningsOf([e.Type]);
                builder.Add(e.ItemId, meaning.Counts(0) ? meaning.AmountOf(0, e.Value, e.TimeMs) : float.NaN, e.TimeMs, e.SessionId, false, false);
            }
        }
        return builder.Build();
    }
}
