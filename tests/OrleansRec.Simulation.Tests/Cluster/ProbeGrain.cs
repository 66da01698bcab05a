using Orleans;

namespace OrleansRec.Simulation.Tests.Cluster;

/// <summary>Notes down its life and its calls.</summary>
[Alias("simulation.probe")]
public interface IProbeGrain : IGrainWithStringKey
{
    /// <summary>Answers at once.</summary>
    [Alias("touch")]
    Task Touch();

    /// <summary>Answers after a time, whatever its caller does.</summary>
    [Alias("hold")]
    Task Hold(TimeSpan time);

    /// <summary>Goes on from the thread that completes a source of the test.</summary>
    [Alias("wait")]
    Task WaitForTest();

    /// <summary>Calls another probe, which calls this one.</summary>
    [Alias("call-back")]
    Task CallBack(string other, bool isBack);
}

/// <summary>What happened to the probes of a cluster, in order.</summary>
public sealed class ProbeJournal
{
    /// <summary>One line for each event.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>What <see cref="IProbeGrain.WaitForTest"/> waits for.</summary>
    public TaskCompletionSource Source { get; } = new();
}

/// <summary>One whose key begins with "slow" takes a second to begin.</summary>
internal sealed class ProbeGrain(ProbeJournal journal, TimeProvider clock) : Grain, IProbeGrain
{
    private int _holds;

    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Lines.Add($"{Key} activates");
        if (!Key.StartsWith("slow", StringComparison.Ordinal))
            return;
        await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
        journal.Lines.Add($"{Key} has begun");
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Lines.Add($"{Key} ends: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task Touch() => Task.CompletedTask;

    public async Task Hold(TimeSpan time)
    {
        int hold = ++_holds;
        journal.Lines.Add($"hold {hold} begins");
        await Task.Delay(time, clock);
        journal.Lines.Add($"hold {hold} ends");
    }

    public async Task WaitForTest() => await journal.Source.Task;

    public Task CallBack(string other, bool isBack) => isBack ? Task.CompletedTask : GrainFactory.GetGrain<IProbeGrain>(other).CallBack(Key, true);
}
