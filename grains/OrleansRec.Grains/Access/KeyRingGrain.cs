using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;

namespace OrleansRec.Grains;

/// <summary>State of <see cref="KeyRingGrain"/>: the ring, replaced whole at each change.</summary>
[GenerateSerializer, Alias("rec.key-ring-state")]
public sealed class KeyRingState
{
    [Id(0)] public KeyRecord[] Keys { get; set; } = [];
}

/// <summary>Keeps the API keys. Gateways keep copies for a few seconds, so it is asked seldom.</summary>
public sealed class KeyRingGrain([PersistentState("keys", "rec")] IPersistentState<KeyRingState> ring) : Grain, IKeyRingGrain
{
    public Task<KeyRing> Get(CancellationToken cancellation = default) => Task.FromResult(new KeyRing(ring.State.Keys));

    public async Task Add(KeyRecord key, CancellationToken cancellation = default)
    {
        if (ring.State.Keys.Length >= KeyRing.KeysMax)
            throw new OverloadedException($"There are {KeyRing.KeysMax} API keys; revoke one first.");
        await Replace([.. ring.State.Keys, key]);
    }

    public async Task<bool> AddFirst(KeyRecord key, CancellationToken cancellation = default)
    {
        if (ring.State.Keys.Length > 0)
            return false;
        await Replace([key]);
        return true;
    }

    public async Task<bool> Revoke(string keyId, CancellationToken cancellation = default)
    {
        KeyRecord[] left = Array.FindAll(ring.State.Keys, key => key.Id != keyId);
        if (left.Length == ring.State.Keys.Length)
            return false;
        await Replace(left);
        return true;
    }

    public async Task<KeyRecord?> Rotate(string keyId, byte[] hash, long oldUntilMs, CancellationToken cancellation = default)
    {
        int index = Array.FindIndex(ring.State.Keys, key => key.Id == keyId);
        if (index < 0)
            return null;
        KeyRecord[] keys = [.. ring.State.Keys];
        keys[index] = keys[index] with { Hash = hash, OldHash = keys[index].Hash, OldUntilMs = oldUntilMs };
        await Replace(keys);
        return keys[index];
    }

    public async Task Use(string[] keyIds, long usedMs, CancellationToken cancellation = default)
    {
        var used = new HashSet<string>(keyIds, StringComparer.Ordinal);
        KeyRecord[] keys = Array.ConvertAll(
            ring.State.Keys, key => used.Contains(key.Id) && key.LastUsedMs < usedMs ? key with { LastUsedMs = usedMs } : key);
        if (lastUseWrittenMs == 0)
            lastUseWrittenMs = keys.Length == 0 ? 0 : ring.State.Keys.Max(key => key.LastUsedMs);
        if (usedMs - lastUseWrittenMs < (long)KeyRing.UseWritePeriod.TotalMilliseconds)
        {
            ring.State = new() { Keys = keys };
            return;
        }
        lastUseWrittenMs = usedMs;
        await Replace(keys);
    }

    // Of the stored uses, as far as this activation knows.
    private long lastUseWrittenMs;

    /// <summary>Get interleaves with the write, so a write that fails must not leave keys behind that were never durable.</summary>
    private async Task Replace(KeyRecord[] keys)
    {
        KeyRecord[] before = ring.State.Keys;
        ring.State = new() { Keys = keys };
        try
        {
            await ring.WriteStateAsync();
        }
        catch
        {
            ring.State = new() { Keys = before };
            DeactivateOnIdle();
            throw;
        }
    }
}
