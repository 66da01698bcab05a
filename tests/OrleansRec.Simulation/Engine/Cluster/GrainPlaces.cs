using Orleans.Runtime;
using OrleansRec.Model;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>The directory of a simulated cluster: on which silo each grain is, and where a new one is put.</summary>
/// <remarks>
/// A new activation goes to its home, by the rule that the product places by: the silo with the highest hash of (what the grain belongs to, silo). A split gives a grain a
/// second place that some callers take for the only one.
/// </remarks>
internal sealed class GrainPlaces(GrainTypes types, ClusterOptions options)
{
    private readonly Dictionary<GrainId, SimulatedSilo> _places = [];
    private readonly Dictionary<GrainId, Split> _splits = [];

    /// <summary>All grains with a place, in the order in which they got it.</summary>
    public IEnumerable<(GrainId Grain, SimulatedSilo Silo)> All => _places.Select(p => (p.Key, p.Value));

    /// <summary>Whether a grain is a stateless worker, which is on every silo that needs it.</summary>
    public bool IsWorker(GrainId grain) => types.ClassOf(grain.Type).WorkersMax is not null;

    /// <summary>Where a caller finds a grain; null where it has no place.</summary>
    public SimulatedSilo? Find(GrainId grain, SimulatedSilo? from) =>
        _splits.TryGetValue(grain, out var split) && split.Callers.Contains(from) ? split.Second : _places.GetValueOrDefault(grain);

    /// <summary>Whether a silo is one of a grain's places.</summary>
    public bool IsPlace(SimulatedSilo silo, GrainId grain) =>
        _places.GetValueOrDefault(grain) == silo || (_splits.TryGetValue(grain, out var split) && split.Second == silo);

    /// <summary>The silo that a grain belongs on.</summary>
    public SimulatedSilo HomeOf(GrainId grain, IReadOnlyList<SimulatedSilo> silos) =>
        silos[Rendezvous.Choose(options.HomeKeyOf(grain), [.. silos.Select(s => s.Node)])];

    /// <summary>Gives a grain its home as its place.</summary>
    public SimulatedSilo PutHome(GrainId grain, IReadOnlyList<SimulatedSilo> silos) => _places[grain] = HomeOf(grain, silos);

    /// <summary>A grain moves.</summary>
    public void Move(GrainId grain, SimulatedSilo from, SimulatedSilo to)
    {
        Remove(grain, from);
        _places.TryAdd(grain, to);
    }

    /// <summary>A grain is no longer on a silo.</summary>
    public void Remove(GrainId grain, SimulatedSilo silo)
    {
        if (_splits.TryGetValue(grain, out var split) && split.Second == silo)
            _splits.Remove(grain);
        if (_places.GetValueOrDefault(grain) == silo)
            _places.Remove(grain);
    }

    /// <summary>No grain is on a silo any more.</summary>
    public void RemoveAll(SimulatedSilo silo)
    {
        foreach (var (grain, split) in _splits.ToArray())
            if (split.Second == silo)
                _splits.Remove(grain);
        foreach (var (grain, place) in _places.ToArray())
            if (place == silo)
                _places.Remove(grain);
    }

    /// <summary>From now on some callers find a grain on a second silo.</summary>
    public void Begin(GrainId grain, SimulatedSilo second, IReadOnlySet<SimulatedSilo?> callers) => _splits[grain] = new(second, callers);

    /// <summary>Ends a split: the second place is the only one. Answers the first, which the grain must leave; null where it has.</summary>
    public SimulatedSilo? End(GrainId grain)
    {
        if (!_splits.Remove(grain, out var split))
            return null;
        var first = _places.GetValueOrDefault(grain);
        _places[grain] = split.Second;
        return first == split.Second ? null : first;
    }

    private sealed record Split(SimulatedSilo Second, IReadOnlySet<SimulatedSilo?> Callers);
}
