using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>Checks API keys against copies of the tenants' key rings that are at most <see cref="GatewayOptions.KeysAgeMax"/> old.</summary>
/// <remarks>
/// A key that a copy lacks makes it be read again, seldom, so that a key made through another gateway works at once. A tenant gets a copy only when the
/// directory knows it, so their number is bounded by <see cref="TenantDirectory.TenantsMax"/> whatever keys are made up.
/// </remarks>
public sealed class AccessKeys : IDisposable
{
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly GrainCalls _calls;
    private readonly TimeSpan _ageMax;
    private readonly AgedCopy<TenantDirectory> _tenants;
    private readonly ConcurrentDictionary<(TenantId Tenant, string KeyId), KeyActivity> _activities = new();
    private readonly ConcurrentDictionary<string, AgedCopy<FrozenDictionary<string, Caller>>> _rings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AgedCopy<FrozenDictionary<string, Caller>>>.AlternateLookup<ReadOnlySpan<char>> _ringOf;

    /// <summary>Begins with no copies.</summary>
    public AccessKeys(IGrainFactory grains, TimeProvider time, GrainCalls calls, IOptions<GatewayOptions> options)
    {
        (_grains, _time, _calls, _ageMax) = (grains, time, calls, options.Value.KeysAgeMax);
        _ringOf = _rings.GetAlternateLookup<ReadOnlySpan<char>>();
        _tenants = new(stop => calls.Run(() => grains.Tenants().Get(stop), stop), time, _ageMax);
    }

    /// <summary>Whose key this is; null where it is not valid. Makes no call and takes about the time of one SHA-256 while the copy is fresh.</summary>
    public ValueTask<Caller?> Check(string keyText, CancellationToken cancellation = default)
    {
        if (!KeyText.TryRead(keyText, out KeyText key))
            return new((Caller?)null);
        return _ringOf.TryGetValue(key.Tenant, out var ring) && ring.Fresh is { } copy && Find(copy, key.Id) is { } caller
            ? new(KeyText.Matches(keyText, caller.Key, _time.GetUtcNow()) ? caller : null)
            : new(CheckAgain(keyText, key.Tenant.ToString(), key.Id.ToString(), cancellation));
    }

    /// <summary>The caller of a key's id, where the key is valid now: for sessions, which do not keep the text. The answer may be as old as the copies.</summary>
    public async ValueTask<Caller?> Find(TenantId tenant, string keyId, CancellationToken cancellation = default)
    {
        if (_rings.TryGetValue(tenant.Name, out var ring) && ring.Fresh is { } copy && copy.TryGetValue(keyId, out Caller? caller))
            return caller;
        return await FindAgain(tenant, keyId, cancellation).ConfigureAwait(false);
    }

    /// <summary>Whether there is such a tenant.</summary>
    public async ValueTask<bool> HasTenant(TenantId tenant, CancellationToken cancellation = default) =>
        _tenants.Fresh?.Has(tenant) == true || (await _tenants.Read(t => t.Has(tenant), cancellation).ConfigureAwait(false)).Has(tenant);

    /// <summary>What a tenant may use, as old as the copies at most.</summary>
    public async ValueTask<TenantQuota> QuotaOf(TenantId tenant, CancellationToken cancellation = default) =>
        (_tenants.Fresh ?? await _tenants.Read(_ => true, cancellation).ConfigureAwait(false)).QuotaOf(tenant);

    /// <summary>Makes the first key, of scope system, where the default tenant has none, and returns its text, to be shown once; null where it has one.</summary>
    public async Task<string?> EnsureFirstKey(CancellationToken cancellation = default)
    {
        IKeyRingGrain ring = RingOf(TenantId.Default);
        if ((await ring.Get(cancellation).ConfigureAwait(false)).Keys.Length > 0)
            return null;
        var (text, record) = KeyText.Make(TenantId.Default, "first", KeyScope.System, _time.GetUtcNow());
        bool added = await ring.AddFirst(record, cancellation).ConfigureAwait(false);
        Forget(TenantId.Default);
        return added ? text : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tenants.Dispose();
        foreach (var ring in _rings.Values)
            ring.Dispose();
        foreach (KeyActivity activity in _activities.Values)
            activity.Dispose();
    }

    internal async Task<(string Text, KeyRecord Record)> Create(
        TenantId tenant, string name, KeyScope scope, double? requestsPerSecond, CancellationToken cancellation)
    {
        var (text, record) = KeyText.Make(tenant, name, scope, _time.GetUtcNow(), requestsPerSecond);
        await RingOf(tenant).Add(record, cancellation).ConfigureAwait(false);
        Forget(tenant);
        return (text, record);
    }

    internal async Task<KeyRecord[]> List(TenantId tenant, CancellationToken cancellation)
    {
        await ReportUses(cancellation).ConfigureAwait(false);
        return (await RingOf(tenant).Get(cancellation).ConfigureAwait(false)).Keys;
    }

    internal async Task<(string Text, KeyRecord Record)?> Rotate(TenantId tenant, string keyId, TimeSpan overlap, CancellationToken cancellation)
    {
        var (text, hash) = KeyText.Renew(tenant, keyId);
        KeyRecord? record = await RingOf(tenant).Rotate(keyId, hash, (_time.GetUtcNow() + overlap).ToUnixTimeMilliseconds(), cancellation).ConfigureAwait(false);
        Forget(tenant);
        return record is null ? null : (text, record);
    }

    /// <summary>Tells the rings which keys were used since this was last called.</summary>
    internal async Task ReportUses(CancellationToken cancellation)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var tenant in _activities.Where(a => a.Value.TakeUse()).Select(a => a.Key).GroupBy(k => k.Tenant))
            await RingOf(tenant.Key).Use([.. tenant.Select(k => k.KeyId)], now, cancellation).ConfigureAwait(false);
    }

    internal async Task<bool> Revoke(TenantId tenant, string keyId, CancellationToken cancellation)
    {
        bool found = await RingOf(tenant).Revoke(keyId, cancellation).ConfigureAwait(false);
        Forget(tenant);
        return found;
    }

    internal void ForgetTenants() => _tenants.Forget();

    private static Caller? Find(FrozenDictionary<string, Caller> copy, ReadOnlySpan<char> id) =>
        copy.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out Caller? caller) ? caller : null;

    private IKeyRingGrain RingOf(TenantId tenant) => _grains.Of(tenant).KeyRing;

    private void Forget(TenantId tenant)
    {
        if (_rings.TryGetValue(tenant.Name, out var ring))
            ring.Forget();
    }

    private async Task<Caller?> CheckAgain(string keyText, string tenantName, string id, CancellationToken cancellation) =>
        TenantId.TryParse(tenantName, out TenantId tenant) && await FindAgain(tenant, id, cancellation).ConfigureAwait(false) is { } caller
        && KeyText.Matches(keyText, caller.Key, _time.GetUtcNow()) ? caller : null;

    private async Task<Caller?> FindAgain(TenantId tenant, string id, CancellationToken cancellation)
    {
        if (!_rings.TryGetValue(tenant.Name, out var ring))
        {
            if (!await HasTenant(tenant, cancellation).ConfigureAwait(false))
                return null;
            ring = _rings.GetOrAdd(tenant.Name, _ => new(stop => ReadRing(tenant, stop), _time, _ageMax));
        }
        FrozenDictionary<string, Caller> copy = await ring.Read(held => held.ContainsKey(id), cancellation).ConfigureAwait(false);
        return copy.GetValueOrDefault(id);
    }

    private async Task<FrozenDictionary<string, Caller>> ReadRing(TenantId tenant, CancellationToken cancellation)
    {
        KeyRecord[] keys = (await _calls.Run(() => RingOf(tenant).Get(cancellation), cancellation).ConfigureAwait(false)).Keys;
        TenantQuota quota = await QuotaOf(tenant, cancellation).ConfigureAwait(false);
        var valid = keys.Select(k => k.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _activities.Keys.Where(a => a.Tenant == tenant && !valid.Contains(a.KeyId)))
            _activities.TryRemove(gone, out _);
        return keys.ToFrozenDictionary(
            k => k.Id, k => new Caller(tenant, k, quota, _activities.GetOrAdd((tenant, k.Id), _ => new(RequestRate.Of(k.RequestsPerSecond)))), StringComparer.Ordinal);
    }
}
