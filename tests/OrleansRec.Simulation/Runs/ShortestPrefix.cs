namespace OrleansRec.Simulation;

/// <summary>Finds how few actions of a failing seed still fail in the same way.</summary>
public static class ShortestPrefix
{
    /// <summary>
    /// The run of the shortest prefix that was found to violate the same check: by halving, then one action fewer as long as that fails. A shorter one may
    /// exist where fewer actions pass and fewer still fail.
    /// </summary>
    /// <param name="failed">A run with a violation.</param>
    /// <param name="bug">The bug that it was run with.</param>
    public static SimulationResult Of(SimulationResult failed, PlantedBug? bug)
    {
        var check = failed.Violation?.Check ?? throw new ArgumentException("The run has no violation.", nameof(failed));
        var best = Run(failed.Steps) ?? failed;
        for (int low = 0, high = best.Steps; low < high;)
        {
            var middle = (low + high) / 2;
            if (Run(middle) is { } shorter)
            {
                best = shorter;
                high = Math.Min(middle, shorter.Steps);
            }
            else
            {
                low = middle + 1;
            }
        }
        while (best.Steps > 0 && Run(best.Steps - 1) is { } shorter)
            best = shorter;
        return Simulation.Run(new(best.Seed, best.Steps, bug, KeepTrace: true));

        SimulationResult? Run(int steps) =>
            Simulation.Run(new(failed.Seed, steps, bug)) is { Violation: { } violation } run && violation.Check == check ? run : null;
    }
}
