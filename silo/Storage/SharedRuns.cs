namespace OrleansRec.Silo.Storage;

/// <summary>Runs a piece of work one at a time. Those who ask while it is running share the next run, which begins after they asked.</summary>
/// <param name="work">The work.</param>
internal sealed class SharedRuns(Func<Task> work)
{
    private readonly object gate = new();
    private Task running = Task.CompletedTask;
    private Task? next;

    /// <summary>Completes when a run that began after this call has ended.</summary>
    public Task Run()
    {
        lock (gate)
            return next ??= After(running);
    }

    private async Task After(Task earlier)
    {
        // Always on another turn: whoever asked must have written down what is next before it is taken off again.
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task mine;
        lock (gate)
        {
            next = null;
            running = mine = work();
        }
        await mine.ConfigureAwait(false);
    }
}
