using System.Buffers.Binary;
using System.Security.Cryptography;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>What is left of an erased user.</summary>
/// <param name="Version">History version at the erasure: a user who comes back goes on from it.</param>
/// <param name="ErasedAtMs">When: milliseconds since 1970-01-01 UTC.</param>
/// <param name="Events">Keyed hashes of the keys of the events that were erased, ascending; empty once the window for late retries is over.</param>
public sealed record Tombstone(long Version, long ErasedAtMs, ulong[] Events);

/// <summary>The users that a shard has erased, by keyed hashes (HMAC-SHA-256), never by their ids: with the folder and a guessed id one can ask, without the folder not.</summary>
/// <remarks>
/// An event of an erased user that comes again with the key it had, such as the late retry of a client, is known by its hash and refused; an event that
/// was never recorded is a new one, and the user is back. Cost: a hash of 0.6 µs for each event while an erasure is within the window. Not thread-safe.
/// </remarks>
public sealed class ErasedUsers
{
    /// <summary>Bytes of the key.</summary>
    public const int KeyBytes = 32;

    private readonly Dictionary<UInt128, Tombstone> _tombstones = [];
    private int _withEvents;

    /// <summary>The key, shape (<see cref="KeyBytes"/>); null until the first erasure.</summary>
    public byte[]? Key { get; private set; }

    /// <summary>How many users.</summary>
    public int Count => _tombstones.Count;

    /// <summary>Whether any late retry would be known.</summary>
    public bool HasEvents => _withEvents > 0;

    /// <summary>Takes a key where there is none yet.</summary>
    public void UseKey(Func<byte[]> make) => Key ??= make();

    /// <summary>The hash that stands for a user; not null after <see cref="UseKey"/>.</summary>
    public UInt128 HashOf(ulong userIdHash)
    {
        Span<byte> text = stackalloc byte[8], hash = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(text, userIdHash);
        HMACSHA256.HashData(Key ?? throw new InvalidOperationException("There is no key before the first erasure."), text, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Notes an erasure, beside what is known of an earlier one of the same user.</summary>
    /// <param name="userIdHash"><see cref="IdHash"/> of the user's id.</param>
    /// <param name="version">History version.</param>
    /// <param name="erasedAtMs">When.</param>
    /// <param name="eventKeys">Keys of the erased events.</param>
    public UInt128 Add(ulong userIdHash, long version, long erasedAtMs, IEnumerable<ulong> eventKeys)
    {
        UInt128 user = HashOf(userIdHash);
        Tombstone? earlier = _tombstones.GetValueOrDefault(user);
        ulong[] events = [.. eventKeys.Select(key => EventHash(user, key)).Concat(earlier?.Events ?? []).Distinct().Order()];
        Set(user, new(Math.Max(version, earlier?.Version ?? 0), erasedAtMs, events));
        return user;
    }

    /// <summary>What is left of a user; null where nothing was erased.</summary>
    public Tombstone? Find(string userId) => Count == 0 ? null : _tombstones.GetValueOrDefault(HashOf(IdHash.Of(userId)));

    /// <summary>Whether an event was erased with its user.</summary>
    public bool Has(string userId, ulong eventKey)
    {
        if (!HasEvents)
            return false;
        UInt128 user = HashOf(IdHash.Of(userId));
        return _tombstones.TryGetValue(user, out Tombstone? tombstone) && Array.BinarySearch(tombstone.Events, EventHash(user, eventKey)) >= 0;
    }

    /// <summary>Forgets the events of erasures before a moment.</summary>
    public void ForgetEventsBefore(long timeMs)
    {
        foreach (var (user, tombstone) in _tombstones.Where(t => t.Value.ErasedAtMs < timeMs && t.Value.Events.Length > 0).ToList())
            Set(user, tombstone with { Events = [] });
    }

    /// <summary>A code that only the holder of the key can make, for what an erasure's receipt says.</summary>
    public string Sign(UInt128 user, long erasedAtMs, int events)
    {
        Span<byte> text = stackalloc byte[28], hash = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(text, user);
        BinaryPrimitives.WriteInt64LittleEndian(text[16..], erasedAtMs);
        BinaryPrimitives.WriteInt32LittleEndian(text[24..], events);
        HMACSHA256.HashData(Key!, text, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    internal void WriteTo(BlobWriter blob)
    {
        blob.Bytes(Key);
        blob.Varint((ulong)Count);
        foreach (var (user, tombstone) in _tombstones.OrderBy(t => t.Key))
        {
            blob.UInt64((ulong)user);
            blob.UInt64((ulong)(user >> 64));
            blob.Varint((ulong)tombstone.Version);
            blob.Varint((ulong)tombstone.ErasedAtMs);
            blob.Varint((ulong)tombstone.Events.Length);
            foreach (ulong e in tombstone.Events)
                blob.UInt64(e);
        }
    }

    internal static ErasedUsers Read(ref BlobReader blob)
    {
        var erased = new ErasedUsers { Key = blob.Bytes(KeyBytes).ToArray() };
        int count = blob.Count(19, "erased users");
        for (int i = 0; i < count; i++)
        {
            ulong low = blob.UInt64(), high = blob.UInt64();
            long version = (long)blob.Varint(), erasedAtMs = (long)blob.Varint();
            var events = new ulong[blob.Count(8, "erased events")];
            for (int e = 0; e < events.Length; e++)
                events[e] = blob.UInt64();
            erased.Set(new UInt128(high, low), new(version, erasedAtMs, events));
        }
        return erased;
    }

    private ulong EventHash(UInt128 user, ulong eventKey)
    {
        Span<byte> text = stackalloc byte[24], hash = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(text, user);
        BinaryPrimitives.WriteUInt64LittleEndian(text[16..], eventKey);
        HMACSHA256.HashData(Key!, text, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private void Set(UInt128 user, Tombstone tombstone)
    {
        _withEvents -= _tombstones.GetValueOrDefault(user) is { Events.Length: > 0 } ? 1 : 0;
        _withEvents += tombstone.Events.Length > 0 ? 1 : 0;
        _tombstones[user] = tombstone;
    }
}
