namespace OrleansRec.Tests.Shared;

/// <summary>Waits that end, and say what they waited for.</summary>
internal static class BoundedWait
{
    /// <summary>Waits for a task.</summary>
    /// <exception cref="TimeoutException">It took longer; the task goes on.</exception>
    public static Task Within(this Task task, TimeSpan timeout, string what) => Bounded(task, timeout, what);

    /// <summary>Waits for a task's result.</summary>
    /// <exception cref="TimeoutException">It took longer; the task goes on.</exception>
    public static async Task<T> Within<T>(this Task<T> task, TimeSpan timeout, string what)
    {
        await Bounded(task, timeout, what).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <summary>Does something that may hold its thread, such as ending a server, on a thread of the pool, and waits for it.</summary>
    /// <exception cref="TimeoutException">It took longer; it goes on.</exception>
    public static Task Of(Func<Task> work, TimeSpan timeout, string what) => Bounded(Task.Run(work), timeout, what);

    private static async Task Bounded(Task task, TimeSpan timeout, string what)
    {
        try
        {
            await task.WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {timeout.TotalSeconds} seconds for {what}.");
        }
    }
}
