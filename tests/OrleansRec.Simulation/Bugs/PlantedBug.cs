namespace OrleansRec.Simulation;

/// <summary>A bug as it has been made in systems of this kind, planted from outside: the product does not know of it.</summary>
/// <param name="Name">For the command line.</param>
/// <param name="Check">The name of the check that finds it.</param>
/// <param name="Story">What goes wrong.</param>
/// <param name="Plant">Puts it in place.</param>
/// <param name="IsOfTheStore">Whether the log store itself has the bug, which then cannot be the product's.</param>
public sealed record PlantedBug(string Name, string Check, string Story, Action<Wiring> Plant, bool IsOfTheStore = false);
