using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansRec.Silo.Storage;

/// <summary>What the store measures of itself: names follow OpenTelemetry's conventions, and no tag holds a stream's or a user's name.</summary>
internal static class StoreMetrics
{
    private const string Name = "OrleansRec.Storage";

    private static readonly ActivitySource activities = new(Name);
    private static readonly Meter meter = new(Name);
    private static readonly Histogram<double> commitDuration = meter.CreateHistogram<double>("orleansrec.store.commit.duration", "s", "From the first write of a commit to its sync.");
    private static readonly Histogram<int> commitWrites = meter.CreateHistogram<int>("orleansrec.store.commit.writes", "{write}", "Writes that shared one commit.");
    private static readonly Counter<long> failures = meter.CreateCounter<long>("orleansrec.store.commit.failures", "{commit}", "Commits that failed.");
    private static readonly UpDownCounter<int> waiting = meter.CreateUpDownCounter<int>("orleansrec.store.writes.waiting", "{write}", "Writes not yet durable.");

    /// <summary>A span from now until the write is durable; null where nobody listens.</summary>
    public static Activity? Begin(QueuedWrite write)
    {
        Activity? activity = activities.HasListeners() ? activities.StartActivity("store write", ActivityKind.Internal) : null;
        activity?.SetTag("orleansrec.store.write", write.GetType().Name).SetTag("orleansrec.store.bytes", write.Bytes);
        return activity;
    }

    public static void Queued() => waiting.Add(1);

    public static void Committed(int writes, TimeSpan duration, bool failed)
    {
        waiting.Add(-writes);
        commitWrites.Record(writes);
        commitDuration.Record(duration.TotalSeconds);
        if (failed)
            failures.Add(1);
    }
}
