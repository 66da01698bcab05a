using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Reads a blob of <see cref="UserLogWriter"/>, record by record, in order.</summary>
public ref struct UserLogReader
{
    private readonly List<string> _users = [], _items = [], _types = [], _sessions = [];
    private BlobReader _blob;
    private long _lastTimeMs;

    /// <summary>Checks the blob as a whole.</summary>
    /// <exception cref="CorruptLogException">It is not what was written.</exception>
    /// <exception cref="NewerLogFormatException">It was written by a newer version.</exception>
    public UserLogReader(ReadOnlySpan<byte> blob) => _blob = new(blob, BlobKind.UserLog);

    /// <summary>Reads the next record; false at the end.</summary>
    /// <exception cref="CorruptLogException">The content is not what any writer makes.</exception>
    public bool TryRead(out UserLogRecord record)
    {
        record = default;
        if (_blob.IsAtEnd)
            return false;
        int head = _blob.Byte();
        int low = head & UserLogWriter.OperationMask;
        string userId = TextDictionary.Read(ref _blob, _users);
        var operation = (UserLogOperation)(low == UserLogWriter.Extended && _blob.Format >= UserLogWriter.ExtendedFormat ? _blob.Byte() : low);
        record = operation switch
        {
            UserLogOperation.Append => new(operation, Event(userId, head)),
            UserLogOperation.Remove => new(operation, new(userId, "", "", 0, 0, null, _blob.UInt64())),
            UserLogOperation.Erase => new(operation, Only(userId)),
            UserLogOperation.Configure when low == UserLogWriter.Extended && _blob.Format >= UserLogWriter.ExtendedFormat =>
                new(operation, Only(userId)) { Settings = SettingsCoding.Read(ref _blob) },
            UserLogOperation.BeginMerge => new(operation, Only(userId)) { Into = TextDictionary.Read(ref _blob, _users) },
            UserLogOperation.EndMerge => new(operation, Only(userId)),
            _ => throw new CorruptLogException(_blob.Position, $"a record begins with an operation of 0 to 5; got {operation:d} after {head}"),
        };
        return true;
    }

    private LoggedEvent Event(string userId, int head)
    {
        string itemId = TextDictionary.Read(ref _blob, _items);
        string type = TextDictionary.Read(ref _blob, _types);
        string? sessionId = (head & UserLogWriter.HasSession) != 0 ? TextDictionary.Read(ref _blob, _sessions) : null;
        float value = (head & UserLogWriter.HasValue) != 0 ? _blob.Single() : 1;
        _lastTimeMs += _blob.ZigZag();
        ulong key = _blob.UInt64();
        bool hasText = (head & UserLogWriter.HasText) != 0 && _blob.Format >= UserLogWriter.ExtendedFormat;
        return new(userId, itemId, type, value, _lastTimeMs, sessionId, key, hasText ? _blob.Text() : null);
    }

    private static LoggedEvent Only(string userId) => new(userId, "", "", 0, 0, null, 0);
}
