using OrleansRec.Contracts;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Evaluation;

/// <summary>Remembers every event that passes.</summary>
internal sealed class CollectingSink(IEventSink inner) : IEventSink
{
    private readonly Lock _lock = new();

    /// <summary>What has passed, each user's events in their order.</summary>
    public List<EventRecord> Events { get; } = [];

    public int LaneCount => inner.LaneCount;

    public int BatchEventsMax => inner.BatchEventsMax;

    public bool KnowsTypes => inner.KnowsTypes;

    public int LaneOf(string userId) => inner.LaneOf(userId);

    public Task<SinkAnswer> Send(int lane, EventRecord[] events, CancellationToken cancellation)
    {
        lock (_lock)
            Events.AddRange(events);
        return inner.Send(lane, events, cancellation);
    }
}
