using System.Threading.RateLimiting;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>Who asks: a valid key and whose data it opens.</summary>
/// <param name="Tenant">The key's tenant; no key opens another's.</param>
/// <param name="Key">The key, without its secret.</param>
/// <param name="Quota">What the tenant may use.</param>
/// <param name="Activity">What is known of the key in this process.</param>
public sealed record Caller(TenantId Tenant, KeyRecord Key, TenantQuota Quota, KeyActivity Activity)
{
    /// <summary>Who asks without a key on this machine, where that is allowed.</summary>
    public static readonly Caller Local = new(
        TenantId.Default, new("loopback", "loopback", KeyScope.System, [], 0), TenantQuota.None, new(null));

    /// <summary>What the key may do.</summary>
    public KeyScope Scope => Key.Scope;
}

/// <summary>What a gateway knows of a key beside its record: whether it was used since the last report, and what is left of its rate.</summary>
/// <param name="rate">The key's own rate; null where it has none.</param>
public sealed class KeyActivity(RateLimiter? rate) : IDisposable
{
    private volatile bool _isUsed;

    /// <summary>The key's own rate; null where it has none.</summary>
    internal RateLimiter? Rate => rate;

    /// <summary>The key was used.</summary>
    internal void Mark()
    {
        // Most often it is set already: reading it keeps the line shared between processors.
        if (!_isUsed)
            _isUsed = true;
    }

    /// <summary>Whether it was used since this was last asked.</summary>
    internal bool TakeUse()
    {
        bool wasUsed = _isUsed;
        _isUsed = false;
        return wasUsed;
    }

    /// <inheritdoc/>
    public void Dispose() => rate?.Dispose();
}
