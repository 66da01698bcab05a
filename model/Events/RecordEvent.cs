namespace OrleansRec.Model;

/// <summary>One event as a <see cref="UserRecord"/> holds it; texts are indexes into the tables of the user's shard.</summary>
/// <param name="Sequence">Number of its record in the shard's log, 1 or more.</param>
/// <param name="Item">Index of the item.</param>
/// <param name="Type">Index of the event type.</param>
/// <param name="Session">Index of the session; −1 where there is none.</param>
/// <param name="Value">Rating or strength.</param>
/// <param name="TimeMs">When it happened: milliseconds since 1970-01-01 UTC.</param>
/// <param name="Key">What makes it unique within its user. Of an event that comes out of a record with a content key, the low 16 bits; <see cref="EventTexts.KeyOf"/> has it all.</param>
/// <param name="HasContentKey">Whether the key is the <see cref="ContentKey"/> of the event, so that it need not be kept.</param>
public readonly record struct RecordEvent(
    long Sequence, int Item, int Type, int Session, float Value, long TimeMs, ulong Key, bool HasContentKey = false);
