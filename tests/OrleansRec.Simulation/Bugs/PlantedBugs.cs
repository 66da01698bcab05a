using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Training;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>All bugs that can be planted. Each is planted by putting something in place of a part of the product, which has no switches for them.</summary>
public static class PlantedBugs
{
    /// <summary>In the order of the way of an event: client, log, snapshot, feed, training, publication, list.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("retry-with-a-new-id", CheckNames.NothingIsDoubled, "A client sends an event again under another id.",
            w => w.KeyOfAttempt = (key, attempt) => attempt == 0 ? key : IdHash.Mix(key + (ulong)attempt)),
        new("acknowledged-early", CheckNames.AcknowledgedIsDurable, "A batch counts as durable when it is handed over.",
            w => w.Store = (store, _) => new AcknowledgingEarly(store)),
        new("epoch-not-checked", CheckNames.NothingIsDoubled, "A writer that was fenced off may append.",
            w => w.FencesEpochs = false, IsOfTheStore: true),
        new("owner-not-checked", CheckNames.AcknowledgedIsVisible, "An activation that was fenced off goes on answering reads.",
            w => w.Store = (store, _) => new TakingEveryoneForTheOwner(store)),
        new("last-batch-skipped", CheckNames.AcknowledgedIsVisible, "A shard that starts takes the last batch for one that was cut off.",
            w => w.Store = (store, _) => new SkippingLastBatch(store)),
        new("keys-not-in-snapshot", CheckNames.HistoryIsTheLog, "Snapshots forget the ids of events, by which one that is sent again is known.",
            w => w.Store = (store, _) => new ForgettingKeys(store)),
        new("erasure-not-in-snapshot", CheckNames.ErasedStaysErased, "Snapshots keep users who were erased since the one before.",
            w => w.Store = (store, _) => new CarryingErasedOver(store)),
        new("watermark-before-write", CheckNames.CountersAreHistories, "An item shard's watermark is told before it is written.",
            w => w.Store = (store, clock) => new WritingCountersLater(store, clock)),
        new("report-counted-twice", CheckNames.ModelIsTheTraining, "A shard's sums are taken for those of another.",
            w => w.StandIns[typeof(TrainingCoordinatorGrain)] = typeof(CountingReportsTwice)),
        new("older-checkpoint", CheckNames.ModelIsTheTraining, "A training goes on from the checkpoint of an older sweep.",
            w => w.Store = (store, _) => new TakingOlderCheckpoints(store)),
        new("publish-without-compare", CheckNames.VersionsGrow, "The pointer to the current model is set without a compare.",
            w => w.GrainStorage = states => new OverwritingStates(states)),
        new("vector-of-another-model", CheckNames.ListHasOneModel, "A vector is scored with the newest model, whichever it was folded in under.",
            w => w.StandIns[typeof(ScoringGrain)] = typeof(ScoringWithTheNewest)),
        new("dislike-not-excluded", CheckNames.ListIsBruteForce, "An item that was turned down stays in its user's lists.",
            w => w.EventTypes = new(EventTypeRules.Default.All.Select(r => r.IsNegative ? r with { Excludes = false } : r))),
        new("consent-not-in-snapshot", CheckNames.ConsentIsKept, "Snapshots forget who has not agreed that events are kept.",
            w => w.Store = (store, _) => new ForgettingSettings(store, static s => s with { MayStore = true })),
        new("retention-not-in-snapshot", CheckNames.RetentionIsKept, "Snapshots forget for how long the events of a user are kept.",
            w => w.Store = (store, _) => new ForgettingSettings(store, static s => s with { EventAgeMax = null })),
        new("merge-not-noted", CheckNames.MergeIsWhole, "A visitor's shard does not note durably for whom it gives events away.",
            w => w.Store = (store, _) => new NotingNoMerges(store)),
        new("deadline-dropped", CheckNames.CallsEnd, "A grain does not pass its caller's deadline on.",
            w => w.StandIns[typeof(UserGrain)] = typeof(DroppingDeadlines)),
    ];
}
