using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Contracts;

/// <summary>Who looked at whom in one tenant. Name: <see cref="GrainKey.AccessLog"/>.</summary>
[Alias("rec.access-log-grain")]
public interface IAccessLogGrain : IGrainWithStringKey
{
    /// <summary>Notes a look, and completes when that is durable.</summary>
    /// <exception cref="OverloadedException">The day holds as many as it may: a look that cannot be noted is not to be had.</exception>
    [AlwaysInterleave, Alias("record")]
    Task Record(AccessNote note, CancellationToken cancellation = default);

    /// <summary>Takes a user's keyed hash out of every look noted so far, durably: that somebody looked stays, at whom does not. Answers how many looks those were.</summary>
    [Alias("forget")]
    Task<int> Forget(string userId, CancellationToken cancellation = default);

    /// <summary>Looks, the latest first.</summary>
    [AlwaysInterleave, Alias("read")]
    Task<AccessEntries> Read(AccessQuery query, CancellationToken cancellation = default);
}

/// <summary>A look to be noted.</summary>
/// <param name="KeyId">With which key.</param>
/// <param name="KeyName">The key's name.</param>
/// <param name="Verb">What was asked for.</param>
/// <param name="UserId">At whom; null where a page of many was looked at. It is not stored: a keyed hash of it is.</param>
[GenerateSerializer, Immutable, Alias("rec.access-note")]
public sealed record AccessNote(string KeyId, string KeyName, string Verb, string? UserId);

/// <summary>A look that was noted.</summary>
/// <param name="TimeMs">When.</param>
/// <param name="KeyId">With which key.</param>
/// <param name="KeyName">The key's name then.</param>
/// <param name="Verb">What was asked for.</param>
/// <param name="User">Keyed hash of the user's id, hexadecimal; empty where a page of many was looked at; <see cref="Erased"/> where the user was erased since.</param>
[GenerateSerializer, Immutable, Alias("rec.access-entry")]
public sealed record AccessEntry(long TimeMs, string KeyId, string KeyName, string Verb, string User)
{
    /// <summary>Stands for every user who was erased after the look.</summary>
    public const string Erased = "erased";
}

/// <summary>Which looks are asked for.</summary>
/// <param name="UserId">Looks at this user; null for all.</param>
/// <param name="Before">Only looks before this place; null begins with the latest.</param>
/// <param name="Count">How many at most, 1 … <see cref="CountMax"/>.</param>
[GenerateSerializer, Immutable, Alias("rec.access-query")]
public sealed record AccessQuery(string? UserId, AccessPlace? Before, int Count)
{
    /// <summary>Looks in one answer.</summary>
    public const int CountMax = 1000;
}

/// <summary>A place in the log.</summary>
/// <param name="Day">Days since 1970-01-01 UTC.</param>
/// <param name="Sequence">Number within the day, from 1.</param>
[GenerateSerializer, Immutable, Alias("rec.access-place")]
public readonly record struct AccessPlace(int Day, long Sequence);

/// <summary>Looks, the latest first, and where to go on.</summary>
/// <param name="Entries">The looks.</param>
/// <param name="Next">The place of the last one; null where there are no more.</param>
[GenerateSerializer, Immutable, Alias("rec.access-entries")]
public sealed record AccessEntries(AccessEntry[] Entries, AccessPlace? Next);
