using Orleans;
using Orleans.Concurrency;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>Calls that carry a token.</summary>
[Alias("conformance.cancel")]
public interface ICancelGrain : IGrainWithStringKey
{
    /// <summary>Waits until it is cancelled, and throws then.</summary>
    [Alias("wait")]
    Task WaitForIt(CancellationToken cancellationToken = default);

    /// <summary>The same, beside other calls.</summary>
    [AlwaysInterleave, Alias("wait-beside")]
    Task WaitBeside(CancellationToken cancellationToken = default);

    /// <summary>Notes that it is cancelled and goes on to its end.</summary>
    [Alias("carry-on")]
    Task<string> CarryOn(string gate, CancellationToken cancellationToken = default);

    /// <summary>Passes its token on to another grain.</summary>
    [Alias("wait-at")]
    Task WaitAt(string other, CancellationToken cancellationToken = default);

    [Alias("can-be-cancelled")]
    Task<bool> CanBeCancelled(CancellationToken cancellationToken = default);

    [Alias("hold")]
    Task HoldAt(string gate);

    [AlwaysInterleave, Alias("probe")]
    Task Probe();

    [Alias("cancel-other")]
    Task<string> CancelOther(string other);
}

public sealed class CancelGrain(Stage stage) : StoryGrain(stage), ICancelGrain
{
    public Task WaitForIt(CancellationToken cancellationToken) => WaitUntilCancelled("waits", cancellationToken);

    public Task WaitBeside(CancellationToken cancellationToken) => WaitUntilCancelled("waits beside", cancellationToken);

    public async Task<string> CarryOn(string gate, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration heard = cancellationToken.Register(() => Note("hears"));
        await Hold("carries on", gate);
        return "done";
    }

    public Task WaitAt(string other, CancellationToken cancellationToken) => Other<ICancelGrain>(other).WaitForIt(cancellationToken);

    public Task<bool> CanBeCancelled(CancellationToken cancellationToken) => Task.FromResult(cancellationToken.CanBeCanceled);

    public Task HoldAt(string gate) => Hold("hold", gate);

    public Task Probe() => Task.CompletedTask;

    public async Task<string> CancelOther(string other)
    {
        using var source = new CancellationTokenSource();
        Task call = Other<ICancelGrain>(other).WaitForIt(source.Token);
        await Wait("cancel");
        source.Cancel();
        try
        {
            await call;
            return "ended";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
    }

    private async Task WaitUntilCancelled(string what, CancellationToken cancellationToken)
    {
        Note(what);
        TaskScheduler turns = TaskScheduler.Current;
        var cancelled = new TaskCompletionSource();
        using CancellationTokenRegistration heard = cancellationToken.Register(() =>
        {
            Note("hears");
            cancelled.SetResult();
        });
        await cancelled.Task;
        Note(TaskScheduler.Current == turns ? "goes on in its turns" : "goes on elsewhere");
        cancellationToken.ThrowIfCancellationRequested();
    }
}
