namespace OrleansRec.Model;

/// <summary>One event as a <see cref="UserRecord"/> holds it; texts are indexes into the tables of the user's shard.</summary>
/// <param name="Sequence">Number of its record in the shard's log, 1 or more.</param>
/// <param name="Item">Index of the item.</param>
/// <param name="Type">Index of the event type.</param>
/// <param name="Session">Index of the session; −1 where there is none.</param>
/// <param name="Value">Rating or strength.</param>
/// <param name="TimeMs">When it happened: milliseconds since 1970-01-01 UTC.</param>
/// <param name="Key">What makes it unique within its user.</param>
public readonly record struct RecordEvent(long Sequence, int Item, int Type, int Session, float Value, long TimeMs, ulong Key);
