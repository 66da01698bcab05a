using System.Runtime.CompilerServices;

namespace OrleansRec.Grains.Hosting;

/// <summary>
/// The turn in which an activation begins. Orleans runs it while it holds the activation's lock, and goes on in it with the calls that wait where nothing of
/// <c>OnActivateAsync</c> had to be waited for, as with a store in memory. Two grains that call each other in it would each wait for the other's lock, for ever:
/// a grain that calls those that call it ends this turn first.
/// </summary>
internal static class FirstTurn
{
    /// <summary>To be awaited at the start of <c>OnActivateAsync</c>: what follows is a turn of its own.</summary>
    public static YieldAwaitable End() => Task.Yield();
}
