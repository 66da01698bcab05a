using Orleans.Runtime;
using OrleansRec.Model;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>The directory of a simulated cluster: on which silo each grain is, and where a new one is put.</summary>
/// <remarks>
/// A new activation goes to its home, by the rule that the product places by: the silo with the highest hash of (what the grain belongs to, silo). A split gives the grains that
/// live together, such as a user shard and its users, a second place that some callers take for the only one.
/// </remarks>
internal sealed class GrainPlaces(GrainTypes types, ClusterOptions options, SimulatedRandom random)
{
    private readonly Dictionary<GrainId, SimulatedSilo> _places = [];
    private readonly Dictionary<ulong, Split> _splits = [];

    /// <summary>All grains with a place, in the order in which they got it.</summary>
    public IEnumerable<(GrainId Grain, SimulatedSilo Silo)> All => _places.Select(p => (p.Key, p.Value));

    /// <summary>Whether a grain is a stateless worker, which is on every silo that needs it.</summary>
    public bool IsWorker(GrainId grain) => types.ClassOf(grain.Type).WorkersMax is not null;

    /// <summary>Where a caller finds a grain; null where it has no place.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="from">The caller's silo; null for a client.</param>
    /// <param name="purpose">For what the call is made.</param>
    public SimulatedSilo? Find(GrainId grain, SimulatedSilo? from, string? purpose) =>
        SplitOf(grain) is { } split && (from is null ? split.Takes(purpose ?? "", random) : split.Callers.Contains(from)) ? split.Second : _places.GetValueOrDefault(grain);

    /// <summary>Whether a silo is one of a grain's places.</summary>
    public bool IsPlace(SimulatedSilo silo, GrainId grain) => _places.GetValueOrDefault(grain) == silo || SplitOf(grain)?.Second == silo;

    /// <summary>Whether a grain is on a silo where it does not belong. In a split, each of its two silos takes itself for the home.</summary>
    public bool IsAway(GrainId grain, SimulatedSilo silo, IReadOnlyList<SimulatedSilo> silos) => SplitOf(grain) is null && HomeOf(grain, silos) != silo;

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
        if (_places.GetValueOrDefault(grain) == silo)
            _places.Remove(grain);
    }

    /// <summary>No grain is on a silo any more.</summary>
    public void RemoveAll(SimulatedSilo silo)
    {
        foreach (var (home, split) in _splits.ToArray())
            if (split.Second == silo)
                _splits.Remove(home);
        foreach (var (grain, place) in _places.ToArray())
            if (place == silo)
                _places.Remove(grain);
    }

    /// <summary>From now on some callers find a grain, and all that live with it, on a second silo.</summary>
    /// <param name="grain">One of them.</param>
    /// <param name="second">The second silo.</param>
    /// <param name="callers">
    /// The silos that find them there. Of clients some do: a shop sends its events through one gateway and asks for its lists through another, and the two disagree.
    /// </param>
    public void Begin(GrainId grain, SimulatedSilo second, IReadOnlySet<SimulatedSilo> callers) => _splits[options.HomeKeyOf(grain)] = new(second, callers);

    /// <summary>Ends a split: the second place is the only one. Answers which grains must leave their first.</summary>
    public IReadOnlyList<(GrainId Grain, SimulatedSilo First)> End(GrainId grain)
    {
        var home = options.HomeKeyOf(grain);
        if (!_splits.Remove(home, out var split))
            return [];
        (GrainId Grain, SimulatedSilo First)[] leaving = [.. All.Where(p => p.Silo != split.Second && !IsWorker(p.Grain) && options.HomeKeyOf(p.Grain) == home)];
        foreach (var (left, _) in leaving)
            _places[left] = split.Second;
        // What the first silo has let go meanwhile, or was lost with it, is on the second alone.
        foreach (var left in split.Second.Grains.Where(g => !IsWorker(g) && options.HomeKeyOf(g) == home))
            _places.TryAdd(left, split.Second);
        return leaving;
    }

    private Split? SplitOf(GrainId grain) => _splits.Count == 0 ? null : _splits.GetValueOrDefault(options.HomeKeyOf(grain));

    private sealed record Split(SimulatedSilo Second, IReadOnlySet<SimulatedSilo> Callers)
    {
        private readonly Dictionary<string, bool> _takes = new(StringComparer.Ordinal);

        /// <summary>Whether the calls that clients make for a purpose find the second place; drawn when the first of them comes.</summary>
        public bool Takes(string purpose, SimulatedRandom random)
        {
            if (!_takes.TryGetValue(purpose, out var takes))
                _takes.Add(purpose, takes = random.Chance(0.5));
            return takes;
        }
    }
}
