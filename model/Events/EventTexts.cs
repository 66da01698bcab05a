namespace OrleansRec.Model;

/// <summary>The texts that the numbers in a shard's records stand for.</summary>
/// <param name="Items">Texts of <see cref="RecordEvent.Item"/>.</param>
/// <param name="Types">Texts of <see cref="RecordEvent.Type"/>.</param>
/// <param name="Sessions">Texts of <see cref="RecordEvent.Session"/>.</param>
public sealed record EventTexts(IdTable Items, IdTable Types, IdTable Sessions)
{
    /// <summary>The key of an event out of a record, which keeps only a mark of a key that follows from the content.</summary>
    /// <param name="userId">The record's user.</param>
    /// <param name="e">The event.</param>
    public ulong KeyOf(string userId, in RecordEvent e) => e.HasContentKey
        ? ContentKey.Of(
            userId, Items.Utf8(e.Item), Types.Utf8(e.Type), e.Session >= 0, e.Session >= 0 ? Sessions.Utf8(e.Session) : default, e.TimeMs, e.Value)
        : e.Key;
}
