using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Import;

/// <summary>What became of one batch; rejected ones by their index in it.</summary>
public sealed record SinkAnswer(long Accepted, long Duplicates, IReadOnlyList<RejectedEntry> Rejected);

/// <summary>Where imported events go. A lane takes its batches one after the other, so that each user's events keep their order.</summary>
public interface IEventSink
{
    /// <summary>How many lanes.</summary>
    int LaneCount { get; }

    /// <summary>How many events a batch may hold.</summary>
    int BatchEventsMax { get; }

    /// <summary>Whether the rules of events are checked here, against this process's event types, or by the receiver against its own.</summary>
    bool KnowsTypes { get; }

    /// <summary>The lane of a user.</summary>
    int LaneOf(string userId);

    /// <summary>Sends a batch and completes when its events are durable.</summary>
    Task<SinkAnswer> Send(int lane, EventRecord[] events, CancellationToken cancellation);
}

/// <summary>Straight to a tenant's user shards of this process.</summary>
public sealed class ShardSink(TenantGrains grains, ShardMap shards) : IEventSink
{
    /// <summary>Events on their way to all shards together are about this many at most.</summary>
    private const int InFlightEventsMax = 1 << 17;

    /// <inheritdoc/>
    public int LaneCount => shards.UserShards;

    /// <inheritdoc/>
    public int BatchEventsMax => Math.Clamp(InFlightEventsMax / (LaneCount * (EventLanes.WaitingBatchesMax + 2)), 64, 8192);

    /// <inheritdoc/>
    public bool KnowsTypes => true;

    /// <inheritdoc/>
    public int LaneOf(string userId) => shards.OfUser(userId);

    /// <inheritdoc/>
    public async Task<SinkAnswer> Send(int lane, EventRecord[] events, CancellationToken cancellation)
    {
        var answer = await grains.UserShard(lane).Append(events, cancellation);
        return new(answer.Accepted, answer.Duplicates, answer.Erased is { } erased ? [.. Erased(events, erased)] : []);
    }

    private static IEnumerable<RejectedEntry> Erased(EventRecord[] events, ulong[] keys) =>
        from index in Enumerable.Range(0, events.Length)
        where keys.Contains(events[index].EventKey)
        select new RejectedEntry(index, "event", "", "must not be an event which was erased with its user");
}

/// <summary>To a server, over HTTP.</summary>
public sealed class ServerSink(IRecommender recommender) : IEventSink
{
    /// <inheritdoc/>
    public int LaneCount => 4;

    /// <inheritdoc/>
    public int BatchEventsMax => 1000;

    /// <inheritdoc/>
    public bool KnowsTypes => false;

    /// <inheritdoc/>
    public int LaneOf(string userId) => Model.Buckets.ShardOf(userId, LaneCount);

    /// <inheritdoc/>
    public async Task<SinkAnswer> Send(int lane, EventRecord[] events, CancellationToken cancellation)
    {
        var answer = await recommender.RecordEventsAsync(Array.ConvertAll(events, ToInput), null, cancellation);
        return new(answer.Accepted, answer.Duplicates, answer.Rejected);
    }

    private static EventInput ToInput(EventRecord e) => new()
    {
        EventId = EventKeys.Format(e.EventKey), UserId = e.UserId, ItemId = e.ItemId, Type = e.Type, Value = e.Value, SessionId = e.SessionId,
        Time = DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs),
    };
}

/// <summary>Nowhere: every event that could be sent counts as accepted.</summary>
public sealed class DrySink : IEventSink
{
    /// <inheritdoc/>
    public int LaneCount => 1;

    /// <inheritdoc/>
    public int BatchEventsMax => 4096;

    /// <inheritdoc/>
    public bool KnowsTypes => true;

    /// <inheritdoc/>
    public int LaneOf(string userId) => 0;

    /// <inheritdoc/>
    public Task<SinkAnswer> Send(int lane, EventRecord[] events, CancellationToken cancellation) =>
        Task.FromResult(new SinkAnswer(events.Length, 0, []));
}
