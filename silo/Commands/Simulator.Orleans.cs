namespace OrleansRec.Silo.Commands;

/// <summary>The simulator is the embedded engine's; this build has Orleans.</summary>
internal static class Simulator
{
    public static IEnumerable<string> Bugs => [];

    public static int Run(SimulationOrder order, CancellationToken cancellation) =>
        throw new Import.BadInputException("engine", "Orleans", "must be Embedded to simulate: set ORLEANSREC_ENGINE=Embedded");
}
