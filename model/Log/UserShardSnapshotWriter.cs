using System.Buffers;
using System.Collections;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>
/// Writes the snapshot of a user shard piece by piece, while the shard goes on: its tables of texts, its users with their records as they lie in memory, and
/// last the sessions that some event has.
/// </summary>
/// <remarks>
/// The snapshot is of the moment at which this was made. A record that is about to change, or to be erased, is written first (<see cref="BeforeChange"/>); tables only
/// grow, and are written up to their length at that moment. Of the sessions only those are written that some event has; the numbers of the others stay,
/// without text. One snapshot of a shard at a time.
/// </remarks>
public sealed class UserShardSnapshotWriter
{
    private readonly BlobWriter _blob = new(BlobKind.UserShard);
    private readonly EventTexts _texts;
    private readonly UserRecord[] _users;
    private readonly BitArray _usedSessions;
    private readonly byte[] _erased = [];
    private readonly bool _isExtended;
    private int _nextUser, _nextSession;
    private bool _areUsersWritten;

    /// <summary>Fixes the moment.</summary>
    public UserShardSnapshotWriter(UserShardContent shard)
    {
        _texts = shard.Texts;
        _usedSessions = new(_texts.Sessions.Count);
        _users = new UserRecord[shard.Users.Count];
        // Few and small: encoded at once, because erasures may come while the users are written.
        if (shard.Erased.Key is not null)
        {
            var erased = new BlobWriter(BlobKind.UserShard);
            shard.Erased.WriteTo(erased);
            _erased = erased.SealToArray()[BlobWriter.HeaderBytes..^BlobWriter.TrailerBytes];
        }
        int at = 0;
        _isExtended = shard.Merging.Count > 0 || shard.Users.Values.Any(u => u.IsExtended);
        if (_isExtended)
            _blob.Needs(UserShardSnapshot.ExtendedFormat);
        _blob.Varint((ulong)shard.LastSequence);
        WriteItems(shard);
        _texts.Types.WriteTo(_blob);
        if (_isExtended)
            WriteMerging(shard.Merging);
        _blob.Varint((ulong)_users.Length);
        foreach (var (userId, record) in shard.Users)
        {
            System.Diagnostics.Debug.Assert(record.UserId == userId, "a record knows its user");
            record.IsInSnapshot = true;
            _users[at++] = record;
        }
    }

    private void WriteMerging(Dictionary<string, string> merging)
    {
        _blob.Varint((ulong)merging.Count);
        foreach (var (from, into) in merging.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            _blob.Text(from);
            _blob.Text(into);
        }
    }

    /// <summary>Items that only erased users had events with are left out, which takes a look at every event; without an erasure all are written.</summary>
    private void WriteItems(UserShardContent shard)
    {
        if (shard.Erased.Count == 0)
        {
            _texts.Items.WriteTo(_blob);
            return;
        }
        var used = new BitArray(_texts.Items.Count);
        foreach (var record in shard.Users.Values)
            foreach (var e in record)
                used[e.Item] = true;
        _blob.Varint((ulong)used.Length);
        for (int item = 0; item < used.Length; item++)
            _texts.Items.WriteTo(_blob, item, used[item]);
    }

    /// <summary>Writes a record that is about to change, where it is still to be written.</summary>
    public void BeforeChange(UserRecord record)
    {
        if (!record.IsInSnapshot)
            return;
        record.IsInSnapshot = false;
        _blob.Text(record.UserId);
        record.WriteTo(_blob, _isExtended);
        if (_usedSessions.Length == 0)
            return;
        foreach (var e in record)
            if (e.Session >= 0)
                _usedSessions[e.Session] = true;
    }

    /// <summary>Writes on.</summary>
    /// <param name="into">Takes the piece.</param>
    /// <param name="bytesMax">About how large it may be; one record is never divided.</param>
    /// <returns>Whether that was the last piece.</returns>
    public bool WriteSome(IBufferWriter<byte> into, int bytesMax)
    {
        for (; _nextUser < _users.Length && _blob.Unflushed < bytesMax; _nextUser++)
        {
            BeforeChange(_users[_nextUser]);
            // Not held longer than needed: an erased user must be able to go.
            _users[_nextUser] = null!;
        }
        if (_nextUser == _users.Length)
        {
            if (!_areUsersWritten)
                _blob.Varint((ulong)_usedSessions.Length);
            _areUsersWritten = true;
            for (; _nextSession < _usedSessions.Length && _blob.Unflushed < bytesMax; _nextSession++)
                _texts.Sessions.WriteTo(_blob, _nextSession, _usedSessions[_nextSession]);
        }
        if (_nextUser < _users.Length || _nextSession < _usedSessions.Length)
        {
            _blob.FlushTo(into, always: true);
            return false;
        }
        _blob.Bytes(_erased);
        _blob.SealTo(into);
        return true;
    }
}
