using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Shop;
using OrleansRec.Grains.Training;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>What a silo copies of each tenant that is used on it. One per silo.</summary>
/// <remarks>
/// A tenant's copies are made at its first use and are small until a model is loaded. They are never replaced by others while the silo lives: item
/// shards write into them, and a reader of second copies would miss that. Bounded by <see cref="TenantDirectory.TenantsMax"/>.
/// </remarks>
public sealed class SiloCopies(
    ShardMap map, IComputePool pool, TimeProvider time, IOptions<ServingOptions> serving, IOptions<TrainingOptions> training, SideSolver solver, EventTypeRules types, ILogStore store,
    IRandomSource random, ILoggerFactory loggers) : IDisposable
{
    private readonly ConcurrentDictionary<TenantId, TenantCopies> copies = new();

    /// <summary>The tenants used on this silo since it began.</summary>
    public IReadOnlyCollection<TenantId> Tenants => [.. copies.Keys];

    /// <summary>The copies of a tenant, or null where it was not used on this silo yet.</summary>
    public TenantCopies? Find(TenantId tenant) => copies.GetValueOrDefault(tenant);

    /// <summary>The copies of a tenant.</summary>
    /// <exception cref="OverloadedException">There are those of <see cref="TenantDirectory.TenantsMax"/> tenants already.</exception>
    public TenantCopies Of(TenantId tenant) => copies.TryGetValue(tenant, out TenantCopies? known) ? known : Make(tenant);

    public void Dispose()
    {
        foreach (TenantCopies each in copies.Values)
            each.Catalogue.Dispose();
    }

    private TenantCopies Make(TenantId tenant)
    {
        if (copies.Count >= TenantDirectory.TenantsMax)
            throw new OverloadedException($"This silo serves {TenantDirectory.TenantsMax} tenants already.");
        var catalogue = new CatalogueCopy(tenant, map, time, serving);
        var lists = new TenantLists(tenant, time, serving);
        var companions = new CompanionReader(tenant, store, pool, loggers.CreateLogger<CompanionReader>());
        return copies.GetOrAdd(tenant, new TenantCopies(catalogue, new(tenant, map, catalogue, pool, time, serving, companions), new(training, solver), new(map), new(tenant, types, time), lists, new(catalogue, lists, random, time)));
    }
}

/// <summary>A silo's copies of one tenant.</summary>
/// <param name="Catalogue">What lists need of every item.</param>
/// <param name="Models">The current model.</param>
/// <param name="Training">The other side of the half-sweep under way.</param>
/// <param name="Histories">What the user shards on this silo publish.</param>
/// <param name="EventTypes">What the types of events mean.</param>
/// <param name="Lists">Rules and scenarios.</param>
/// <param name="Maker">Lists with rules.</param>
public sealed record TenantCopies(
    CatalogueCopy Catalogue, PublishedModels Models, TrainingCopies Training, LocalHistories Histories, TenantEventTypes EventTypes, TenantLists Lists, ListMaker Maker);
