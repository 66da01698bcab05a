using System.Collections.Concurrent;
using OrleansRec.Grains.Log;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>
/// What one activation of a user shard publishes on its silo: the history versions of the users whose grains watch them. So a list costs no call to the shard while
/// its user's history stays as it is.
/// </summary>
/// <remarks>
/// Written in the shard's turns only; read by any thread. It confirms a version under the conditions under which the shard would answer from memory at once
/// (<see cref="CommitQueue.MayShow"/>), so an activation that was fenced off confirms nothing for longer than it would answer calls. Its size follows the user grains in
/// the silo's memory, of which each holds one mark.
/// </remarks>
/// <param name="log">The shard's log.</param>
public sealed class PublishedHistories(CommitQueue log)
{
    private readonly ConcurrentDictionary<string, HistoryMark> _marks = new(StringComparer.Ordinal);
    private volatile bool _isClosed;

    /// <summary>The activation has ended.</summary>
    public bool IsClosed => _isClosed;

    internal bool IsProven => !_isClosed && log.MayShow;

    /// <summary>A new mark of a user, in place of an earlier one. The shard publishes the version with the next answer about the user.</summary>
    public HistoryMark Watch(string userId, KeptLists kept)
    {
        var mark = new HistoryMark(this, kept);
        _marks.AddOrUpdate(userId, static (_, made) => made, static (_, earlier, made) =>
        {
            earlier.End();
            return made;
        }, mark);
        return mark;
    }

    /// <summary>Nobody reads the mark any more.</summary>
    public void Unwatch(string userId, HistoryMark mark)
    {
        mark.End();
        _marks.TryRemove(new(userId, mark));
    }

    /// <summary>The mark of a user, or null.</summary>
    public HistoryMark? Find(string userId) => _marks.GetValueOrDefault(userId);

    /// <summary>The version of a user's history as it is now in the shard's memory.</summary>
    public void Publish(UserRecord record)
    {
        if (_marks.TryGetValue(record.UserId, out HistoryMark? mark))
            mark.Publish(record.Version);
    }

    /// <summary>The user is erased.</summary>
    internal void End(string userId)
    {
        if (_marks.TryRemove(userId, out HistoryMark? mark))
            mark.End();
    }

    internal void Close() => _isClosed = true;
}
