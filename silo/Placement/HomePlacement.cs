using Orleans.Runtime;
using Orleans.Runtime.Placement;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Silo.Placement;

/// <summary>The rule that every grain without one of its own is placed by: the highest hash of (what it belongs to, silo), see <see cref="GrainHome"/>.</summary>
public sealed class HomePlacement : PlacementStrategy;

/// <summary>Finds a grain's home among the silos that are active.</summary>
public sealed class HomePlacementDirector(ShardMap shards) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(HomeOf(target.GrainIdentity, context.GetCompatibleSilos(target)));

    /// <summary>The home of a grain.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="silos">Silos to choose from, at least one.</param>
    public SiloAddress HomeOf(GrainId grain, SiloAddress[] silos)
    {
        if (silos.Length == 1)
            return silos[0];
        Span<ulong> nodes = silos.Length <= NodesOnStackMax ? stackalloc ulong[silos.Length] : new ulong[silos.Length];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i] = NodeOf(silos[i]);
        return silos[Rendezvous.Choose(GrainHome.KeyOf(grain.Type.ToString()!, grain.Key.ToString()!, shards), nodes)];
    }

    private const int NodesOnStackMax = 256;

    /// <summary>By address and port alone: a silo that comes back where it was gets back what it had.</summary>
    private static ulong NodeOf(SiloAddress silo) => IdHash.Of(silo.Endpoint.ToString());
}

/// <summary>Registers it.</summary>
public static class HomePlacementHosting
{
    /// <summary>Grains whose class does not say otherwise are placed at home.</summary>
    public static IServiceCollection AddHomePlacement(this IServiceCollection services)
    {
        services.AddSingleton<HomePlacementDirector>();
        services.AddPlacementDirector<HomePlacement>(provider => provider.GetRequiredService<HomePlacementDirector>());
        // The last one registered is the one that grains without an attribute get.
        services.AddSingleton<PlacementStrategy>(new HomePlacement());
        return services;
    }
}
