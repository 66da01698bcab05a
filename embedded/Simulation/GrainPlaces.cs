namespace OrleansRec.Embedded;

/// <summary>The directory of a simulated cluster: on which silo each grain is, and where a new one is put.</summary>
/// <remarks>
/// A new activation goes to the silo with the highest hash of (silo, grain), so that a silo that joins or leaves moves only its share. A split gives a
/// grain a second place that some callers take for the only one.
/// </remarks>
internal sealed class GrainPlaces
{
    private readonly Dictionary<(GrainClass Class, string Key), Silo> _places = [];
    private readonly Dictionary<(GrainClass Class, string Key), Split> _splits = [];

    /// <summary>Where a caller finds a grain; null where it has no place.</summary>
    public Silo? Find(GrainClass grainClass, string key, Silo? from) =>
        _splits.TryGetValue((grainClass, key), out var split) && split.Callers.Contains(from) ? split.Second
        : _places.GetValueOrDefault((grainClass, key));

    /// <summary>Whether a silo is one of a grain's places.</summary>
    public bool IsPlace(Silo silo, GrainClass grainClass, string key) =>
        _places.GetValueOrDefault((grainClass, key)) == silo || (_splits.TryGetValue((grainClass, key), out var split) && split.Second == silo);

    /// <summary>Gives a grain a place.</summary>
    public void Put(GrainClass grainClass, string key, Silo silo) => _places[(grainClass, key)] = silo;

    /// <summary>A grain is no longer on a silo.</summary>
    public void Remove(GrainClass grainClass, string key, Silo silo)
    {
        if (_splits.TryGetValue((grainClass, key), out var split) && split.Second == silo)
            _splits.Remove((grainClass, key));
        if (_places.GetValueOrDefault((grainClass, key)) == silo)
            _places.Remove((grainClass, key));
    }

    /// <summary>No grain is on a silo any more.</summary>
    public void RemoveAll(Silo silo)
    {
        foreach (var (grain, split) in _splits.ToArray())
            if (split.Second == silo)
                _splits.Remove(grain);
        foreach (var (grain, place) in _places.ToArray())
            if (place == silo)
                _places.Remove(grain);
    }

    /// <summary>All grains with a place, in the order in which they got it.</summary>
    public IEnumerable<(GrainClass Class, string Key, Silo Silo)> All => _places.Select(p => (p.Key.Class, p.Key.Key, p.Value));

    /// <summary>From now on some callers find a grain on a second silo.</summary>
    public void Begin(GrainClass grainClass, string key, Silo second, IReadOnlySet<Silo?> callers) => _splits[(grainClass, key)] = new(second, callers);

    /// <summary>Ends a split: the second place is the only one. Answers the first, which the grain must leave; null where it has.</summary>
    public Silo? End(GrainClass grainClass, string key)
    {
        if (!_splits.Remove((grainClass, key), out var split))
            return null;
        var first = _places.GetValueOrDefault((grainClass, key));
        _places[(grainClass, key)] = split.Second;
        return first == split.Second ? null : first;
    }

    /// <summary>Where a new activation goes.</summary>
    public static Silo Choose(GrainClass grainClass, string key, IReadOnlyList<SimulatedSilo> silos) =>
        silos.MaxBy(silo => Weight(grainClass, key, silo.Number))!.Silo;

    private static ulong Weight(GrainClass grainClass, string key, int silo)
    {
        var hash = 14695981039346656037UL ^ (ulong)silo;
        foreach (var c in grainClass.Name)
            hash = (hash ^ c) * 1099511628211;
        foreach (var c in key)
            hash = (hash ^ c) * 1099511628211;
        return new SimulatedRandom(hash).Next();
    }

    private sealed record Split(Silo Second, IReadOnlySet<Silo?> Callers);
}
