using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>The verbs of each tenant. What it gives out reaches that tenant's grains only.</summary>
/// <remarks>Bounded by <see cref="TenantDirectory.TenantsMax"/>: it is asked for tenants that exist only, and each costs a few hundred bytes.</remarks>
public sealed class Recommenders(IServiceProvider services)
{
    private static readonly ObjectFactory<ClusterRecommender> Make = ActivatorUtilities.CreateFactory<ClusterRecommender>([typeof(TenantId)]);
    private readonly ConcurrentDictionary<TenantId, IRecommender> _made = new();

    /// <summary>The verbs of a tenant.</summary>
    public IRecommender Of(TenantId tenant) => _made.TryGetValue(tenant, out IRecommender? made) ? made : _made.GetOrAdd(tenant, Make(services, [tenant]));
}
