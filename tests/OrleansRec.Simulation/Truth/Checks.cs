
namespace OrleansRec.Simulation;

/// <summary>What was violated, and when.</summary>
/// <param name="Check">The check's name.</param>
/// <param name="Step">The number of the last event before it.</param>
/// <param name="Message">What was expected and what was found.</param>
public sealed record Violation(string Check, long Step, string Message);

/// <summary>The names of all checks.</summary>
public static class CheckNames
{
    /// <summary>An event that was acknowledged is durable when it is acknowledged, and stays so.</summary>
    public const string AcknowledgedIsDurable = "acknowledged-is-durable";
    /// <summary>Who asks after an acknowledgement is shown what was acknowledged.</summary>
    public const string AcknowledgedIsVisible = "acknowledged-is-visible";
    /// <summary>An event that was sent again is in its user's history once.</summary>
    public const string NothingIsDoubled = "nothing-is-doubled";
    /// <summary>A history is the durable one of its version: the same events in the same order.</summary>
    public const string HistoryIsTheLog = "history-is-the-log";
    /// <summary>An erased user's events are in no answer any more.</summary>
    public const string ErasedStaysErased = "erased-stays-erased";
    /// <summary>No event becomes durable of a user who has not agreed to it.</summary>
    public const string ConsentIsKept = "consent-is-kept";
    /// <summary>A user's events that are too old by the user's own retention go.</summary>
    public const string RetentionIsKept = "retention-is-kept";
    /// <summary>A merge that was answered has moved every event, and one that was begun ends: no event stays with two users.</summary>
    public const string MergeIsWhole = "merge-is-whole";
    /// <summary>A list equals brute force on the history, model and catalogue that it names.</summary>
    public const string ListIsBruteForce = "list-is-brute-force";
    /// <summary>A list is computed with one model.</summary>
    public const string ListHasOneModel = "list-has-one-model";
    /// <summary>An explanation is the score of the vector solved anew, split without rest.</summary>
    public const string ExplanationIsTheScore = "explanation-is-the-score";
    /// <summary>The current version only grows, unless another was promoted, and no published version is lost.</summary>
    public const string VersionsGrow = "versions-grow";
    /// <summary>The blocks of a published version belong together and do not change.</summary>
    public const string ModelIsWhole = "model-is-whole";
    /// <summary>A published model is that of one thread on the events up to its watermarks.</summary>
    public const string ModelIsTheTraining = "model-is-the-training";
    /// <summary>A training ends: published once, or failed with a reason.</summary>
    public const string TrainingEnds = "training-ends";
    /// <summary>Two versions compare as brute force says, and one that is found worse is not published.</summary>
    public const string WorseIsRefused = "worse-is-refused";
    /// <summary>Counters of items are those of the histories, once the feed is through.</summary>
    public const string CountersAreHistories = "counters-are-histories";
    /// <summary>A call ends at its deadline, for its caller and for the grain that works for it.</summary>
    public const string CallsEnd = "calls-end";
    /// <summary>When the faults are over, everything works again within a bounded time.</summary>
    public const string ClusterRecovers = "cluster-recovers";
    /// <summary>Ended trainings leave nothing in the storage.</summary>
    public const string NothingIsLeft = "nothing-is-left";
    /// <summary>The product's log store answers, refuses and keeps as its contract says, also after a power cut.</summary>
    public const string StoreIsItsModel = "store-is-its-model";
    /// <summary>Callers see only failures that the product names.</summary>
    public const string FailuresAreNamed = "failures-are-named";
}

/// <summary>Takes the first violation, which ends the simulation.</summary>
internal sealed class Checks(EventTrace trace)
{
    private readonly TaskCompletionSource _failed = new();

    public Violation? First { get; private set; }

    /// <summary>Completes with the first violation.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Something that the trace should say.</summary>
    public void Note(string what) => trace.Add(what);

    public void Require(bool isTrue, string check, Func<string> message)
    {
        if (!isTrue)
            Fail(check, message());
    }

    public void Fail(string check, string message)
    {
        if (First is not null)
            return;
        First = new(check, trace.Count, message);
        trace.Add($"violation {check}: {message}");
        _failed.SetResult();
    }
}
