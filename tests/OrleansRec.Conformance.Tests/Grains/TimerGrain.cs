using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>What a tick does.</summary>
public enum TickKind
{
    Note,

    /// <summary>Waits at the gate "tick".</summary>
    Hold,

    /// <summary>Throws.</summary>
    Fail,

    /// <summary>Calls another grain, "called".</summary>
    Call,

    /// <summary>Disposes of its timer.</summary>
    Dispose,

    /// <summary>Gives its timer another due time and no period.</summary>
    Change,

    /// <summary>Ends the activation.</summary>
    End,

    /// <summary>Notes what the call that made the timer had in its context.</summary>
    Context,

    /// <summary>Notes when it hears that its timer was disposed of.</summary>
    Hear,
}

[Alias("conformance.timer")]
public interface ITimerGrain : IGrainWithStringKey
{
    [Alias("start")]
    Task Start(TickKind kind, TimeSpan due, TimeSpan period, bool interleave);

    [AlwaysInterleave, Alias("stop")]
    Task Stop();

    [Alias("change")]
    Task Change(TimeSpan due, TimeSpan period);

    [Alias("touch")]
    Task Touch();

    [AlwaysInterleave, Alias("probe")]
    Task Probe();

    [Alias("hold")]
    Task HoldAt(string gate);

    [Alias("end")]
    Task End();

    [Alias("in-turns")]
    Task<bool> TicksInTurns();

    [Alias("delay")]
    Task Delay(TimeSpan time);
}

public sealed class TimerGrain(Stage stage, TimeProvider clock) : StoryGrain(stage), ITimerGrain
{
    private IGrainTimer? _timer;
    private TaskScheduler? _turns;
    private DateTimeOffset _started;
    private int _ticks;
    private bool _isInTurns = true;

    public Task Start(TickKind kind, TimeSpan due, TimeSpan period, bool interleave)
    {
        _turns = TaskScheduler.Current;
        _started = clock.GetUtcNow();
        RequestContext.Set("colour", "blue");
        _timer = this.RegisterGrainTimer(Tick, kind, new() { DueTime = due, Period = period, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task Touch()
    {
        Note("touched");
        return Task.CompletedTask;
    }

    public Task Probe() => Task.CompletedTask;

    public Task HoldAt(string gate) => Hold("hold", gate);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<bool> TicksInTurns() => Task.FromResult(_isInTurns);

    public async Task Delay(TimeSpan time)
    {
        Note("delay begins");
        await Task.Delay(time, clock);
        Note("delay ends");
    }

    private async Task Tick(TickKind kind, CancellationToken cancellationToken)
    {
        // Messages take their time on the simulator.
        Note($"tick {++_ticks} after {Math.Round((clock.GetUtcNow() - _started).TotalSeconds)} s");
        _isInTurns &= TaskScheduler.Current == _turns;
        switch (kind)
        {
            case TickKind.Hold:
                await Wait("tick");
                Note($"tick {_ticks} ends");
                break;
            case TickKind.Fail:
                throw new InvalidOperationException("planted");
            case TickKind.Call:
                Note($"hears {await Other<ILifeGrain>("called").Touch()}");
                break;
            case TickKind.Dispose:
                _timer!.Dispose();
                break;
            case TickKind.Change:
                _timer!.Change(TimeSpan.FromSeconds(7), Timeout.InfiniteTimeSpan);
                break;
            case TickKind.End:
                DeactivateOnIdle();
                break;
            case TickKind.Context:
                Note($"context {RequestContext.Get("colour") ?? "empty"}");
                break;
            case TickKind.Hear:
                using (cancellationToken.Register(() => Note("tick hears that it is over")))
                    await Wait("tick");
                break;
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Note($"ends: {reason.ReasonCode}");
        return Task.CompletedTask;
    }
}
