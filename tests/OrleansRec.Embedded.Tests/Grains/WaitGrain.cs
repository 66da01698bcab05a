using Orleans;

namespace OrleansRec.Embedded.Tests;

[Alias("test.wait")]
public interface IWaitGrain : IGrainWithStringKey
{
    [Alias("wait")]
    Task Wait();
}

/// <summary>Waits for something from outside the run.</summary>
public sealed class WaitGrain : Grain, IWaitGrain
{
    [ThreadStatic]
    private static TaskCompletionSource? t_source;

    // Of the thread, since deterministic tests each have one and run beside each other.
    public static TaskCompletionSource Source
    {
        set => t_source = value;
    }

    public async Task Wait() => await t_source!.Task;
}
