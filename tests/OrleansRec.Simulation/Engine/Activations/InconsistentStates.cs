using System.Runtime.CompilerServices;
using Orleans.Storage;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>
/// Whose state is not the one that is stored. A grain that lets such an exception escape is ended, so that the next call reads its state anew; one that only hands on what
/// another grain threw is not. Orleans notes that in the exception, out of reach from here.
/// </summary>
internal static class InconsistentStates
{
    private static readonly ConditionalWeakTable<InconsistentStateException, object> s_ofOthers = [];

    /// <summary>An answer brought it: it says nothing of whoever receives it.</summary>
    public static void NotOfReceiver(InconsistentStateException exception) => s_ofOthers.AddOrUpdate(exception, exception);

    /// <summary>Whether it says something of the grain that throws it, which ends then; asked once.</summary>
    public static bool IsOfThrower(InconsistentStateException exception) => s_ofOthers.TryAdd(exception, exception);
}
