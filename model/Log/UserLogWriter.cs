using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Gathers records of a user shard's log into one blob, for one batch of the store.</summary>
/// <remarks>
/// Each text is in a blob once. Of an appended event after its texts are known there remain about 20 bytes: what differs from the event
/// before, and the key. Not thread-safe.
/// </remarks>
public sealed class UserLogWriter
{
    // A record's head: bits 0–1 the operation, then two flags.
    internal const int OperationMask = 3, HasSession = 4, HasValue = 8;

    private readonly BlobWriter _blob = new(BlobKind.UserLog);
    private readonly TextDictionary _users = new(), _items = new(), _types = new(), _sessions = new();
    private long _lastTimeMs;

    /// <summary>Records gathered.</summary>
    public int RecordCount { get; private set; }

    /// <summary>Bytes of the blob so far.</summary>
    public long Bytes => _blob.Length;

    /// <summary>Adds an event.</summary>
    public void Append(in LoggedEvent e)
    {
        int head = (int)UserLogOperation.Append | (e.SessionId is null ? 0 : HasSession) | (e.Value == 1 ? 0 : HasValue);
        Begin(head, e.UserId);
        _items.Write(_blob, e.ItemId);
        _types.Write(_blob, e.Type);
        if (e.SessionId is not null)
            _sessions.Write(_blob, e.SessionId);
        if (e.Value != 1)
            _blob.Single(e.Value);
        _blob.Varint(Varint.ZigZag(e.TimeMs - _lastTimeMs));
        _lastTimeMs = e.TimeMs;
        _blob.UInt64(e.EventKey);
    }

    /// <summary>Takes an event out of a user's history.</summary>
    public void Remove(string userId, ulong eventKey)
    {
        Begin((int)UserLogOperation.Remove, userId);
        _blob.UInt64(eventKey);
    }

    /// <summary>Erases a user.</summary>
    public void Erase(string userId) => Begin((int)UserLogOperation.Erase, userId);

    /// <summary>The blob of everything gathered; the writer is empty after it.</summary>
    public byte[] Seal()
    {
        byte[] blob = _blob.SealToArray();
        Clear();
        return blob;
    }

    /// <summary>Drops what was gathered.</summary>
    public void Clear()
    {
        _blob.Clear();
        foreach (var texts in (ReadOnlySpan<TextDictionary>)[_users, _items, _types, _sessions])
            texts.Clear();
        (RecordCount, _lastTimeMs) = (0, 0);
    }

    private void Begin(int head, string userId)
    {
        _blob.Byte((byte)head);
        _users.Write(_blob, userId);
        RecordCount++;
    }
}
