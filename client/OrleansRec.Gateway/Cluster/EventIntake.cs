using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>Turns events as they come into events as grains take them, and names those that break a rule.</summary>
internal static class EventIntake
{
    public static (EventRecord[] Records, RejectedEntry[] Rejected) Check(
        IReadOnlyList<EventInput> events, EventTypeRules types, IRandomSource random, long nowMs)
    {
        var records = new EventRecord[events.Count];
        int accepted = 0;
        List<RejectedEntry>? rejected = null;
        for (int i = 0; i < events.Count; i++)
        {
            EventInput? e = events[i];
            if (Violation(e, types, nowMs) is { } v)
                (rejected ??= []).Add(new(i, v.Field, v.Value, v.Rule));
            else
                records[accepted++] = ToRecord(e!, random, nowMs);
        }
        Array.Resize(ref records, accepted);
        return (records, rejected is null ? [] : [.. rejected]);
    }

    /// <summary>The key that an event id stands for.</summary>
    public static ulong KeyOf(string eventId) => EventKeys.TryParse(eventId, out ulong key) ? key : IdHash.Of(eventId);

    private static RuleViolation? Violation(EventInput? e, EventTypeRules types, long nowMs) => e is null
        ? RuleViolation.Of("event", null, "must be an object")
        : EventRules.CheckEvent(e.UserId, e.ItemId, e.Type, e.Value, e.Time?.ToUnixTimeMilliseconds(), e.SessionId, e.EventId, types, nowMs, e.Text);

    private static EventRecord ToRecord(EventInput e, IRandomSource random, long nowMs) => new(
        e.UserId!, e.ItemId ?? EventRules.NoItem, e.Type!, (float)(e.Value ?? 1), e.Time?.ToUnixTimeMilliseconds() ?? nowMs, e.SessionId,
        e.EventId is null ? random.Next() : KeyOf(e.EventId), e.Text);
}
