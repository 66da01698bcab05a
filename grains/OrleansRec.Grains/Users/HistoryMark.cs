namespace OrleansRec.Grains.Users;

/// <summary>The version of one user's history, published by the user's shard for readers on the same silo; and the lists that the user's grain keeps.</summary>
/// <remarks>
/// A version that a view has taken from an answer of the shard is durable, and a version never comes twice. So where the published version is the view's, the view
/// is whole and durable, and nothing acknowledged is missing: the shard publishes a change in the turn that makes it, before anybody is told of it.
/// </remarks>
public sealed class HistoryMark
{
    /// <summary>The version of a history that nobody has.</summary>
    private const long NotPublished = long.MinValue;

    private long _version = NotPublished;
    private volatile bool _isOver;

    internal HistoryMark(PublishedHistories histories, KeptLists kept) => (Histories, Kept) = (histories, kept);

    /// <summary>Where the shard publishes.</summary>
    internal PublishedHistories Histories { get; }

    /// <summary>The lists of the user's grain; any thread may look for one.</summary>
    public KeptLists Kept { get; }

    /// <summary>The version in the shard's memory; of no history where the shard has published none.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>The shard does not publish here any more: its activation has ended, the user was erased, or another mark has taken this one's place.</summary>
    public bool IsOver => _isOver || Histories.IsClosed;

    /// <summary>Whether a history of this version is the present one, as surely as the shard's own answer would say it.</summary>
    public bool Confirms(long version) => Version == version && !_isOver && Histories.IsProven;

    internal void Publish(long version) => Volatile.Write(ref _version, version);

    internal void End() => _isOver = true;
}
