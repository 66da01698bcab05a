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
}

/// <summary>What a key may do; each scope holds the ones before it.</summary>
[GenerateSerializer, Alias("rec.key-scope")]
public enum KeyScope
{
    /// <summary>Lists, profiles, catalogue, status.</summary>
    Read,
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
[GenerateSerializer, Immutable, Alias("rec.key")]
public sealed record KeyRecord(string Id, string Name, KeyScope Scope, byte[] Hash, long CreatedMs);

/// <summary>All keys.</summary>
/// <param name="Keys">Oldest first.</param>
[GenerateSerializer, Immutable, Alias("rec.key-ring")]
public sealed record KeyRing(KeyRecord[] Keys)
{
    /// <summary>How many keys there can be.</summary>
    public const int KeysMax = 1000;
}
