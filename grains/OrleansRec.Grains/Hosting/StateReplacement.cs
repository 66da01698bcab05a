using Orleans.Runtime;

namespace OrleansRec.Grains.Hosting;

/// <summary>Grain state that is replaced whole.</summary>
internal static class StateReplacement
{
    /// <summary>Writes a new state. Where that fails, the one before is back in memory, and of what is stored nothing is known.</summary>
    /// <param name="storage">The grain's state.</param>
    /// <param name="state">What is to be stored.</param>
    /// <param name="failed">Called before the failure is thrown: a grain that ends reads anew what came of it.</param>
    public static async Task Replace<T>(this IPersistentState<T> storage, T state, Action failed)
    {
        T before = storage.State;
        storage.State = state;
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            storage.State = before;
            failed();
            throw;
        }
    }
}
