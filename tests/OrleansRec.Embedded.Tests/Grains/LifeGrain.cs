using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansRec.Embedded.Tests;

/// <summary>Notes down its life, and does with its activation what it is told.</summary>
[Alias("test.life")]
public interface ILifeGrain : IGrainWithStringKey
{
    [Alias("touch")]
    Task<string> Touch();

    [Alias("end")]
    Task End();

    [Alias("keep")]
    Task Keep(TimeSpan time);

    [Alias("tick")]
    Task Tick(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive);

    [Alias("stop-ticking")]
    Task StopTicking();

    [Alias("hold")]
    Task Hold(TimeSpan time, CancellationToken cancellation = default);

    [AlwaysInterleave, Alias("hold-interleaved")]
    Task HoldInterleaved(TimeSpan time);

    [ReadOnly, Alias("look")]
    Task Look(TimeSpan time);

    [Alias("fail")]
    Task Fail();

    [OneWay, Alias("tell")]
    Task Tell(string line);

    [ResponseTimeout("00:00:05"), Alias("hold-briefly")]
    Task HoldBriefly(TimeSpan time);

    [Alias("background")]
    Task StartBackground(TimeSpan time);
}

public sealed class LifeGrain(Journal journal, TimeProvider clock) : Grain, ILifeGrain
{
    private IGrainTimer? _timer;
    private int _turns;

    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Note($"{Key} activates");
        if (!Key.StartsWith("broken", StringComparison.Ordinal))
            return;
        await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
        if (journal.Lines.Count(l => l == $"{Key} activates") == 1)
            throw new InvalidDataException("broken at first");
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Note($"{Key} ends: {reason.ReasonCode}");
        return Key == "stuck" ? Task.Delay(Timeout.InfiniteTimeSpan, clock, CancellationToken.None) : Task.CompletedTask;
    }

    public Task<string> Touch() => Task.FromResult(IdentityString);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Keep(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task Tick(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive)
    {
        _timer = this.RegisterGrainTimer(
            () =>
            {
                journal.Note($"tick at {clock.GetUtcNow():mm:ss}");
                return Task.CompletedTask;
            },
            new() { DueTime = due, Period = period, Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task StopTicking()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task Hold(TimeSpan time, CancellationToken cancellation)
    {
        var turns = ++_turns;
        journal.Note($"hold {turns} begins");
        using var heard = cancellation.Register(() => journal.Note($"cancelled in the grain's turn: {TaskScheduler.Current != TaskScheduler.Default}"));
        await Task.Delay(time, clock, CancellationToken.None);
        journal.Note($"hold {turns} ends");
    }

    public async Task HoldInterleaved(TimeSpan time)
    {
        journal.Note("interleaved begins");
        await Task.Delay(time, clock);
        journal.Note("interleaved ends");
    }

    public async Task Look(TimeSpan time)
    {
        journal.Note("look begins");
        await Task.Delay(time, clock);
        journal.Note("look ends");
    }

    public async Task Fail()
    {
        await Task.Yield();
        ThrowFromHere();
    }

    public Task Tell(string line)
    {
        journal.Note(line);
        throw new InvalidOperationException("nobody hears this");
    }

    public Task HoldBriefly(TimeSpan time) => Task.Delay(time, clock);

    public Task StartBackground(TimeSpan time)
    {
        _ = Background(time);
        return Task.CompletedTask;
    }

    private async Task Background(TimeSpan time)
    {
        var turns = TaskScheduler.Current;
        await Task.Delay(time, clock);
        journal.Note($"background in the grain's turns: {TaskScheduler.Current == turns && turns != TaskScheduler.Default}");
    }

    private static void ThrowFromHere() => throw new NotSupportedException("planted");
}

[Alias("test.kept")]
public interface IKeptGrain : IGrainWithStringKey
{
    [Alias("touch")]
    Task Touch();
}

[KeepAlive]
public sealed class KeptGrain : Grain, IKeptGrain
{
    public Task Touch() => Task.CompletedTask;
}
