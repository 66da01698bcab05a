using System.Globalization;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>Everything that happens in a simulation, in order: as a hash always, as lines where they are kept.</summary>
public sealed class EventTrace(SimulatedClock clock, bool keepLines = false)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly List<string>? _lines = keepLines ? [] : null;

    /// <summary>Events so far, which is also the number of the last one.</summary>
    public long Count { get; private set; }

    /// <summary>A hash over all lines, bytes and order: equal for equal runs.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>The lines, where they are kept.</summary>
    public IReadOnlyList<string> Lines => _lines ?? [];

    /// <summary>Adds an event.</summary>
    public void Add(string what)
    {
        Count++;
        var line = string.Create(CultureInfo.InvariantCulture, $"{Count} {(clock.GetUtcNow() - _start).TotalMilliseconds:F3} {what}");
        foreach (var c in line)
            Hash = (Hash ^ c) * 1099511628211;
        _lines?.Add(line);
    }
}
