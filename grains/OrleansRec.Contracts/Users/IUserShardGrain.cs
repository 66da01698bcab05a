using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Contracts;

/// <summary>
/// The interaction log of one range of user buckets: orders events, drops duplicates, answers when they are durable. Key: the shard's
/// index, see <see cref="GrainKey"/>.
/// </summary>
[Alias("rec.user-shard")]
public interface IUserShardGrain : IGrainWithStringKey
{
    /// <summary>Appends events of this shard's users and returns when they are durable. Sending the same events again adds nothing.</summary>
    [AlwaysInterleave, Alias("append")]
    Task<AppendAnswer> Append([Immutable] EventRecord[] events, CancellationToken cancellation = default);

    /// <summary>A user's durable history, or null where its version is <paramref name="knownVersion"/>. An unknown user has version 0 and no events.</summary>
    [AlwaysInterleave, Alias("load")]
    Task<UserHistory?> Load(string userId, long knownVersion, CancellationToken cancellation = default);

    /// <summary>Takes one event out of a user's history, durably.</summary>
    [AlwaysInterleave, Alias("remove")]
    Task<RemoveAnswer> Remove(string userId, ulong eventKey, CancellationToken cancellation = default);

    /// <summary>Erases a user, durably.</summary>
    [AlwaysInterleave, Alias("erase")]
    Task<EraseAnswer> Erase(string userId, CancellationToken cancellation = default);

    /// <summary>Replaces what the shop has said of a user, durably.</summary>
    [AlwaysInterleave, Alias("configure")]
    Task<ConfigureAnswer> Configure(string userId, UserSettings settings, CancellationToken cancellation = default);

    /// <summary>Makes the events of another user, a visitor, this shard's user's, each once. Sent again it goes on where it was.</summary>
    /// <remarks>The visitor's shard notes durably that it is under way, and finishes it where this call does not; see docs/RELIABILITY.md.</remarks>
    [AlwaysInterleave, Alias("merge")]
    Task<MergeAnswer> Merge(string userId, string from, CancellationToken cancellation = default);

    /// <summary>Said to the visitor's shard: takes out the events with these keys, which the other user's shard holds durably, and answers the next ones. Durable when it returns.</summary>
    /// <param name="from">The visitor.</param>
    /// <param name="into">The user.</param>
    /// <param name="taken">Keys of what was answered before; empty at first.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [AlwaysInterleave, Alias("release")]
    Task<ReleasedEvents> Release(string from, string into, [Immutable] ulong[] taken, CancellationToken cancellation = default);

    /// <summary>Users in the order of (hash, id) after <paramref name="afterUserId"/> (null: from the start), at most <paramref name="count"/>.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<UserSummary[]> List(string? afterUserId, int count, CancellationToken cancellation = default);

    /// <summary>Lists of many users by the batch kernel, each equal to the list that <see cref="IUserGrain.Recommend"/> gives the user.</summary>
    /// <param name="window">Whose.</param>
    /// <param name="request">What each list is to be.</param>
    /// <param name="cancellation">Gives up between pieces of work.</param>
    [AlwaysInterleave, Alias("recommend-many")]
    Task<UserListsAnswer> RecommendMany(UserWindow window, RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>The shard's counts. Calling it also activates the shard, which then resumes whatever it has to send.</summary>
    [AlwaysInterleave, Alias("status")]
    Task<UserShardStatus> GetStatus(CancellationToken cancellation = default);

    /// <summary>Writes a snapshot of everything durable so far and lets the log before it go.</summary>
    [AlwaysInterleave, Alias("snapshot")]
    Task Snapshot(CancellationToken cancellation = default);

    /// <summary>Said by an item shard that has started: the shard sends it what comes after <paramref name="watermark"/>.</summary>
    [AlwaysInterleave, Alias("resume")]
    Task Resume(int itemShard, long watermark, CancellationToken cancellation = default);

    /// <summary>How far an item shard has been sent what concerns it.</summary>
    [AlwaysInterleave, Alias("feed-progress")]
    Task<FeedProgress> GetFeedProgress(int itemShard, CancellationToken cancellation = default);
}

/// <summary>How far an item shard has been sent what concerns it.</summary>
/// <param name="SentThrough">It has seen everything up to this record; −1 where that is not known.</param>
/// <param name="Durable">The last durable record.</param>
[GenerateSerializer, Immutable, Alias("rec.feed-progress")]
public readonly record struct FeedProgress(long SentThrough, long Durable);

/// <summary>One user in a listing.</summary>
[GenerateSerializer, Immutable, Alias("rec.user-summary")]
public sealed record UserSummary(string UserId, long HistoryVersion, int Events, int Items, long LastTimeMs);

/// <summary>What a user shard holds.</summary>
/// <param name="Shard">Its index.</param>
/// <param name="Users">Users with at least one event.</param>
/// <param name="Events">Events held.</param>
/// <param name="Pairs">Distinct (user, item) pairs held.</param>
/// <param name="LastSequence">Sequence number of the last durable record; 0 where there is none.</param>
/// <param name="SnapshotSequence">Up to which record the last snapshot reaches.</param>
/// <param name="PendingEvents">Events waiting to become durable.</param>
/// <param name="Silo">The silo that it is on; empty where there is one.</param>
[GenerateSerializer, Immutable, Alias("rec.user-shard-status")]
public sealed record UserShardStatus(
    int Shard, long Users, long Events, long Pairs, long LastSequence, long SnapshotSequence, int PendingEvents, string Silo = "");
