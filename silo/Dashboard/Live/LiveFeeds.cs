using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Model;

namespace OrleansRec.Silo.Dashboard.Live;

/// <summary>The feed of each tenant that somebody looked at; as few as <see cref="TenantDirectory.TenantsMax"/>.</summary>
public sealed class LiveFeeds(Recommenders recommenders, IOptions<DashboardOptions> options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<TenantId, LiveFeed> _feeds = new();

    /// <summary>The feed of a tenant.</summary>
    public LiveFeed Of(TenantId tenant) => _feeds.GetOrAdd(tenant, t => new(recommenders.Of(t), options, clock));
}
