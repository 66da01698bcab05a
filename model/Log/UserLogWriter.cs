using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Gathers records of a user shard's log into one blob, for one batch of the store.</summary>
/// <remarks>
/// Each text is in a blob once. Of an appended event after its texts are known there remain about 20 bytes: what differs from the event
/// before, and the key. Not thread-safe.
/// </remarks>
public sealed class UserLogWriter
{
    // A record's head: bits 0–1 the operation, then three flags. Operations from Extended on say in a byte of their own which.
    internal const int OperationMask = 3, HasSession = 4, HasValue = 8, HasText = 16, Extended = 3;

    /// <summary>The first format that has texts of events and operations from <see cref="UserLogOperation.Configure"/> on.</summary>
    internal const byte ExtendedFormat = 2;

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
        int head = (int)UserLogOperation.Append | (e.SessionId is null ? 0 : HasSession) | (e.Value == 1 ? 0 : HasValue) | (e.Text is null ? 0 : HasText);
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
        if (e.Text is not { } text)
            return;
        _blob.Needs(ExtendedFormat);
        _blob.Text(text);
    }

    /// <summary>Takes an event out of a user's history.</summary>
    public void Remove(string userId, ulong eventKey)
    {
        Begin((int)UserLogOperation.Remove, userId);
        _blob.UInt64(eventKey);
    }

    /// <summary>Erases a user.</summary>
    public void Erase(string userId) => Begin((int)UserLogOperation.Erase, userId);

    /// <summary>Replaces what the shop has said of a user.</summary>
    public void Configure(string userId, LoggedSettings settings)
    {
        Begin(UserLogOperation.Configure, userId);
        SettingsCoding.Write(_blob, settings);
    }

    /// <summary>A user's events are to become another user's.</summary>
    public void BeginMerge(string userId, string into)
    {
        Begin(UserLogOperation.BeginMerge, userId);
        _users.Write(_blob, into);
    }

    /// <summary>A user's events have become another user's.</summary>
    public void EndMerge(string userId) => Begin(UserLogOperation.EndMerge, userId);

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

    private void Begin(UserLogOperation operation, string userId)
    {
        _blob.Needs(ExtendedFormat);
        Begin(Extended, userId);
        _blob.Byte((byte)operation);
    }

    private void Begin(int head, string userId)
    {
        _blob.Byte((byte)head);
        _users.Write(_blob, userId);
        RecordCount++;
    }
}
