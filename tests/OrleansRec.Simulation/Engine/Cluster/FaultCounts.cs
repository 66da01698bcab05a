namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>How often each kind of fault met each kind of call, so that what was never tried shows.</summary>
public sealed class FaultCounts
{
    private readonly SortedDictionary<string, long[]> _byPurpose = new(StringComparer.Ordinal);

    /// <summary>The purposes of the calls that were met, in order.</summary>
    public IEnumerable<string> Purposes => _byPurpose.Keys;

    /// <summary>How often a kind of fault met calls made for a purpose.</summary>
    public long this[FaultKind kind, string purpose] => _byPurpose.TryGetValue(purpose, out var counts) ? counts[(int)kind] : 0;

    /// <summary>Counts one.</summary>
    public void Add(FaultKind kind, string? purpose, long count = 1)
    {
        purpose ??= "own work";
        if (!_byPurpose.TryGetValue(purpose, out var counts))
            _byPurpose.Add(purpose, counts = new long[Enum.GetValues<FaultKind>().Length]);
        counts[(int)kind] += count;
    }

    /// <summary>Adds those of another simulation.</summary>
    public void Add(FaultCounts other)
    {
        foreach (var (purpose, counts) in other._byPurpose)
            for (var kind = 0; kind < counts.Length; kind++)
                Add((FaultKind)kind, purpose, counts[kind]);
    }
}
