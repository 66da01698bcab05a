using System.Security.Cryptography;
using System.Text;
using Orleans;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>Checks the keys that operators log in with against the key ring.</summary>
public sealed class OperatorKeys(IGrainFactory grains)
{
    /// <summary>Longer texts are not hashed.</summary>
    private const int KeyLengthMax = 256;

    /// <summary>The key of a text; null where there is none.</summary>
    public async Task<KeyRecord?> Find(string? text, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > KeyLengthMax)
            return null;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.Trim()));
        KeyRing ring = await Ring(cancellation);
        return Array.Find(ring.Keys, key => CryptographicOperations.FixedTimeEquals(key.Hash, hash));
    }

    /// <summary>Whether a key has not been revoked since.</summary>
    public async Task<bool> IsValid(string? keyId, CancellationToken cancellation)
    {
        KeyRing ring = await Ring(cancellation);
        return Array.Exists(ring.Keys, key => key.Id == keyId);
    }

    private Task<KeyRing> Ring(CancellationToken cancellation) =>
        grains.GetGrain<IKeyRingGrain>(ShardKeys.KeyRing).Get(cancellation);
}
