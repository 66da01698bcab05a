using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Checks API keys against a copy of the key ring that is at most <see cref="GatewayOptions.KeysAgeMax"/> old.</summary>
/// <remarks>An unknown key makes the copy be read again, at most once in <see cref="UnknownKeyPause"/>, so that a key made through another gateway works at once.</remarks>
public sealed class AccessKeys(IGrainFactory grains, TimeProvider time, IOptions<GatewayOptions> options) : IDisposable
{
    private static readonly TimeSpan UnknownKeyPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private Copy? _copy;

    private IKeyRingGrain Ring => grains.GetGrain<IKeyRingGrain>(ShardKeys.KeyRing);

    /// <summary>What a key may do; null where it is not valid.</summary>
    public ValueTask<KeyScope?> Check(string keyText, CancellationToken cancellation = default)
    {
        if (KeyText.IdOf(keyText) is not { } id)
            return new((KeyScope?)null);
        return Volatile.Read(ref _copy) is { } copy && Age(copy) <= options.Value.KeysAgeMax && copy.ById.TryGetValue(id, out KeyRecord? key)
            ? new(KeyText.Matches(keyText, key) ? key.Scope : null)
            : CheckAgain(keyText, id, cancellation);
    }

    /// <summary>Makes the first admin key where there is no key at all, and returns its text, to be shown once; null where there is one.</summary>
    public async Task<string?> EnsureFirstKey(CancellationToken cancellation = default)
    {
        if ((await Ring.Get(cancellation)).Keys.Length > 0)
            return null;
        var (text, record) = KeyText.Make("first", KeyScope.Admin, time.GetUtcNow());
        bool added = await Ring.AddFirst(record, cancellation);
        Forget();
        return added ? text : null;
    }

    internal async Task<(string Text, KeyRecord Record)> Create(string name, KeyScope scope, CancellationToken cancellation)
    {
        var (text, record) = KeyText.Make(name, scope, time.GetUtcNow());
        await Ring.Add(record, cancellation);
        Forget();
        return (text, record);
    }

    internal async Task<KeyRecord[]> List(CancellationToken cancellation) => (await Ring.Get(cancellation)).Keys;

    internal async Task<bool> Revoke(string keyId, CancellationToken cancellation)
    {
        bool found = await Ring.Revoke(keyId, cancellation);
        Forget();
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private void Forget() => Volatile.Write(ref _copy, null);

    private TimeSpan Age(Copy copy) => time.GetElapsedTime(copy.ReadAt);

    private async ValueTask<KeyScope?> CheckAgain(string keyText, string id, CancellationToken cancellation)
    {
        Copy copy = await Fresh(id, cancellation);
        return copy.ById.TryGetValue(id, out KeyRecord? key) && KeyText.Matches(keyText, key) ? key.Scope : null;
    }

    /// <summary>One reader at a time; those that waited take what it read.</summary>
    private async Task<Copy> Fresh(string id, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_copy is { } copy && Age(copy) <= options.Value.KeysAgeMax && (copy.ById.ContainsKey(id) || Age(copy) < UnknownKeyPause))
                return copy;
            long readAt = time.GetTimestamp();
            KeyRing ring = await Ring.Get(cancellation);
            Copy read = new(readAt, ring.Keys.ToFrozenDictionary(k => k.Id));
            Volatile.Write(ref _copy, read);
            return read;
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Copy(long ReadAt, FrozenDictionary<string, KeyRecord> ById);
}
