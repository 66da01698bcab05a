namespace OrleansRec.Simulation;

/// <summary>All bugs that can be planted.</summary>
public static class PlantedBugs
{
    /// <summary>In the order of the list that the command prints.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } = [];
}
