using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>The one rule of placement of both hosts: a grain lives where the test says, else on the first silo, else on any.</summary>
public sealed class Homes
{
    private readonly ConcurrentDictionary<GrainId, SiloAddress> _homes = new();

    /// <summary>The silo that started first. Its port says nothing: TestingHost draws them.</summary>
    public SiloAddress? First { get; set; }

    /// <summary>From now on the grain is activated on this silo, as long as it lives.</summary>
    public void Set(GrainId grain, SiloAddress silo) => _homes[grain] = silo;

    /// <summary>The home of a grain.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="silos">The silos that live, at least one.</param>
    public SiloAddress Of(GrainId grain, IReadOnlyCollection<SiloAddress> silos) =>
        _homes.TryGetValue(grain, out SiloAddress? home) && silos.Contains(home) ? home
        : First is { } first && silos.Contains(first) ? first
        : silos.MinBy(s => s.Endpoint.Port)!;
}

/// <summary>The strategy of every grain of this suite whose class does not name another.</summary>
public sealed class HomesPlacement : PlacementStrategy;

/// <summary>Places by <see cref="Homes"/> in Orleans.</summary>
public sealed class HomesPlacementDirector(Homes homes) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(homes.Of(target.GrainIdentity, context.GetCompatibleSilos(target)));
}
