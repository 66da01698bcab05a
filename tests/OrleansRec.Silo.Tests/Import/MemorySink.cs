using OrleansRec.Contracts;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Import;

/// <summary>Keeps the keys of the events it was sent, as a user shard would, in three lanes.</summary>
internal sealed class MemorySink : IEventSink
{
    private readonly Lock _lock = new();
    private readonly HashSet<(string, ulong)> _known = [];

    public List<EventRecord> Events { get; } = [];
    public int LaneCount => 3;
    public int BatchEventsMax => 5;
    public bool KnowsTypes => true;
    public int LaneOf(string userId) => Model.Buckets.ShardOf(userId, LaneCount);

    public async Task<SinkAnswer> Send(int lane, EventRecord[] events, CancellationToken cancellation)
    {
        await Task.Yield();
        lock (_lock)
        {
            var added = events.Where(e => _known.Add((e.UserId, e.EventKey))).ToList();
            Events.AddRange(added);
            return new(added.Count, events.Length - added.Count, []);
        }
    }
}
