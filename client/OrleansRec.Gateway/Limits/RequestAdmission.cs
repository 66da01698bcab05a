using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>The places of requests: those of all, oldest first, and within them those of each tenant, so that a tenant that sends too much waits behind itself.</summary>
/// <remarks>Bounded by <see cref="TenantDirectory.TenantsMax"/>: it is asked for callers with a valid key only.</remarks>
internal sealed class RequestAdmission(IOptions<GatewayOptions> options) : IReadinessProbe, IDisposable
{
    private readonly GatewayOptions _options = options.Value;
    private readonly ConcurrentDictionary<TenantId, TenantPlaces> _tenants = new();

    /// <summary>Of those of all only: a tenant that fills its own queue is told so itself, and must not take the process from the others.</summary>
    public string? Reason
    {
        get
        {
            RateLimiterStatistics all = All.GetStatistics()!;
            long waiting = all.CurrentQueuedCount;
            return waiting >= _options.QueuedRequestsMax && (waiting > 0 || all.CurrentAvailablePermits == 0)
                ? $"{waiting} requests wait; {GatewayOptions.Section}:{nameof(GatewayOptions.QueuedRequestsMax)} is {_options.QueuedRequestsMax}."
                : null;
        }
    }

    /// <summary>The places of all.</summary>
    public ConcurrencyLimiter All { get; } = Places(options.Value.ConcurrentRequestsMax, options.Value.QueuedRequestsMax);

    /// <summary>The places and the rate of a caller's tenant, as its quota says now.</summary>
    public TenantPlaces Of(Caller caller)
    {
        if (_tenants.TryGetValue(caller.Tenant, out TenantPlaces? held) && (ReferenceEquals(held.Quota, caller.Quota) || held.Quota == caller.Quota))
            return held;
        // Requests under way keep the places that they came in by; those replaced are left to the collector, because somebody may wait in them.
        var made = new TenantPlaces(
            caller.Quota, RequestRate.Of(caller.Quota.RequestsPerSecond),
            Places(Math.Min(caller.Quota.ConcurrentRequests ?? int.MaxValue, _options.TenantConcurrentRequestsMax), _options.TenantQueuedRequestsMax));
        _tenants[caller.Tenant] = made;
        return made;
    }

    public void Dispose()
    {
        All.Dispose();
        foreach (TenantPlaces tenant in _tenants.Values)
            tenant.Places.Dispose();
    }

    private static ConcurrencyLimiter Places(int served, int waiting) => new(new()
    {
        PermitLimit = served, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });
}

/// <summary>What a tenant's requests pass.</summary>
/// <param name="Quota">Which it was made for.</param>
/// <param name="Rate">Requests a second; null where there is no bound.</param>
/// <param name="Places">Requests served at once, and waiting.</param>
internal sealed record TenantPlaces(TenantQuota Quota, RateLimiter? Rate, ConcurrencyLimiter Places);
