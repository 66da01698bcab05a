namespace OrleansRec.Api;

/// <summary>One user in a listing.</summary>
public sealed record UserEntry(string UserId, long HistoryVersion, int Events, int Items, DateTimeOffset? LastTime);

/// <summary>A page of users in the order of the shards.</summary>
/// <param name="Users">The users.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
public sealed record UserPage(UserEntry[] Users, string? Next);

/// <summary>A user at a glance.</summary>
/// <param name="UserId">The user.</param>
/// <param name="HistoryVersion">Version of the history.</param>
/// <param name="Events">Events held.</param>
/// <param name="Items">Distinct items.</param>
/// <param name="FirstTime">Earliest event time.</param>
/// <param name="LastTime">Latest event time.</param>
/// <param name="ModelVersion">The model of <paramref name="Vector"/>; 0 where none is published.</param>
/// <param name="Vector">Latent vector; empty where there is none.</param>
public sealed record UserInfo(
    string UserId, long HistoryVersion, int Events, int Items, DateTimeOffset? FirstTime, DateTimeOffset? LastTime, long ModelVersion,
    float[] Vector);

/// <summary>Everything held about a user.</summary>
/// <param name="UserId">The user.</param>
/// <param name="HistoryVersion">Version of the history.</param>
/// <param name="Events">In order of arrival.</param>
public sealed record UserExport(string UserId, long HistoryVersion, ExportedEvent[] Events);

/// <summary>One event as it is held; the id has the form of <see cref="EventKeys"/>.</summary>
public sealed record ExportedEvent(string EventId, string ItemId, string Type, double Value, DateTimeOffset Time, string? SessionId);

/// <summary>How many events an erasure removed, and what shows it afterwards.</summary>
public sealed record ErasedUserAnswer(int Events, ErasureReceiptInfo Receipt);

/// <summary>What can be shown of an erasure. The user is gone from memory and lists when it arrives.</summary>
/// <param name="Code">Made of the rest with a key that only the data folder has.</param>
/// <param name="User">The keyed hash that stands for the user; the id cannot be found from it.</param>
/// <param name="Erased">When.</param>
/// <param name="Events">How many events were erased.</param>
/// <param name="PurgeDue">From when on the log and the snapshots are written anew without the user, and what they left on the disk is written over; backups made after that do not hold the user.</param>
public sealed record ErasureReceiptInfo(string Code, string User, DateTimeOffset Erased, int Events, DateTimeOffset PurgeDue);
