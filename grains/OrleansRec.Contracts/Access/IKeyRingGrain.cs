using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Contracts;

/// <summary>The API keys of a tenant that are valid. Name: <see cref="GrainKey.KeyRing"/>.</summary>
[Alias("rec.key-ring-grain")]
public interface IKeyRingGrain : IGrainWithStringKey
{
    /// <summary>All keys, oldest first.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<KeyRing> Get(CancellationToken cancellation = default);

    /// <summary>Adds a key, durably.</summary>
    /// <exception cref="OverloadedException">There are <see cref="KeyRing.KeysMax"/> already.</exception>
    [Alias("add")]
    Task Add(KeyRecord key, CancellationToken cancellation = default);

    /// <summary>Adds the key, durably, where there is none at all; false, and no change, where there is one.</summary>
    [Alias("add-first")]
    Task<bool> AddFirst(KeyRecord key, CancellationToken cancellation = default);

    /// <summary>Removes a key, durably; false where there is none with this id.</summary>
    [Alias("revoke")]
    Task<bool> Revoke(string keyId, CancellationToken cancellation = default);

    /// <summary>Gives a key a new secret, durably; the one before is valid until a stated time. Null where there is none with this id.</summary>
    [Alias("rotate")]
    Task<KeyRecord?> Rotate(string keyId, byte[] hash, long oldUntilMs, CancellationToken cancellation = default);

    /// <summary>Notes that keys were used. It is seen at once, and durable at most <see cref="KeyRing.UseWritePeriod"/> later.</summary>
    [Alias("use")]
    Task Use(string[] keyIds, long usedMs, CancellationToken cancellation = default);
}

/// <summary>What a key may do; each scope holds the ones before it.</summary>
[GenerateSerializer, Alias("rec.key-scope")]
public enum KeyScope
{
    /// <summary>Events, lists and similar items alone, for keys that are in a page's source.</summary>
    Browser = -1,
    /// <summary>Lists, profiles, catalogue, status.</summary>
    Read = 0,
    /// <summary>Also events and items.</summary>
    Write,
    /// <summary>Also erasure and export of users, training, models and keys.</summary>
    Admin,
    /// <summary>Also tenants. For keys of the default tenant only, which is the operator's own.</summary>
    System,
}

/// <summary>One key, without the secret.</summary>
/// <param name="Id">Names the key; it is part of the key's text.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scope">What it may do.</param>
/// <param name="Hash">SHA-256 of the key's text, 32 bytes. The text holds 256 random bits, so it needs neither salt nor a slow hash.</param>
/// <param name="CreatedMs">When it was made.</param>
/// <param name="LastUsedMs">When it was last used, to about a minute; 0 where it never was.</param>
/// <param name="OldHash">SHA-256 of the text before the last rotation; null where there was none.</param>
/// <param name="OldUntilMs">Until when that text is valid too.</param>
/// <param name="RequestsPerSecond">Requests a second that the key may make; null for as many as its tenant may.</param>
[GenerateSerializer, Immutable, Alias("rec.key")]
public sealed record KeyRecord(string Id, string Name, KeyScope Scope, byte[] Hash, long CreatedMs, long LastUsedMs = 0, byte[]? OldHash = null, long OldUntilMs = 0,
    double? RequestsPerSecond = null);

/// <summary>All keys.</summary>
/// <param name="Keys">Oldest first.</param>
[GenerateSerializer, Immutable, Alias("rec.key-ring")]
public sealed record KeyRing(KeyRecord[] Keys)
{
    /// <summary>How many keys there can be.</summary>
    public const int KeysMax = 1000;

    /// <summary>The last uses of a ring are written at most once in this time.</summary>
    public static readonly TimeSpan UseWritePeriod = TimeSpan.FromMinutes(10);
}
