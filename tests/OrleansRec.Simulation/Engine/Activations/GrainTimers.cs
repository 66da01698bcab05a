using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using Orleans.Timers;
using OrleansRec.Simulation.Engine.Calls;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>Makes the timers of one silo's grains. They go by the cluster's time: a wall clock that jumps does not move them.</summary>
internal sealed class GrainTimers(TimeProvider clock) : ITimerRegistry
{
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options) =>
        Begin(grainContext, token => callback(state, token), options);

    [Obsolete("Orleans keeps it for old grains.")]
    public IDisposable RegisterTimer(IGrainContext grainContext, Func<object?, Task> callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Begin(grainContext, _ => callback(state), new() { DueTime = dueTime, Period = period, Interleave = true });

    private GrainTimer Begin(IGrainContext context, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var activation = (Activation)context;
        var timer = activation.Add(new(activation, clock, callback, options.Interleave, options.KeepAlive));
        timer.Change(options.DueTime, options.Period);
        return timer;
    }
}

/// <summary>A timer whose ticks are messages of its activation. The next tick is counted from the end of the last.</summary>
internal sealed class GrainTimer : IGrainTimer, IInvokable
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _timer;
    private readonly bool _interleaves;
    private readonly bool _keepsAlive;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _isFiring;
    private bool _isChanged;

    public GrainTimer(Activation activation, TimeProvider clock, Func<CancellationToken, Task> callback, bool interleaves, bool keepsAlive)
    {
        (_activation, _callback, _interleaves, _keepsAlive) = (activation, callback, interleaves, keepsAlive);
        _timer = clock.CreateTimer(static self => ((GrainTimer)self!).FallDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        (_dueTime, _period, _isChanged) = (dueTime, period, true);
        // While it ticks, a change holds from the end of the tick.
        if (!_isFiring)
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (_ended.IsCancellationRequested)
            return;
        _timer.Dispose();
        _activation.Forget(this);
        _ended.Cancel();
    }

    public async ValueTask<Response> Invoke()
    {
        _isChanged = false;
        try
        {
            await _callback(_ended.Token);
            return Response.Completed;
        }
        catch (Exception failure)
        {
            return Response.FromException(failure);
        }
        finally
        {
            if (!_ended.IsCancellationRequested)
                _timer.Change(_isChanged ? _dueTime : _period, Timeout.InfiniteTimeSpan);
            _isFiring = false;
        }
    }

    public object? GetTarget() => this;

    public void SetTarget(ITargetHolder holder)
    {
        // A tick is of its own activation.
    }

    public int GetArgumentCount() => 0;

    public object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index), index, "A tick has no arguments.");

    public void SetArgument(int index, object value) => throw new ArgumentOutOfRangeException(nameof(index), index, "A tick has no arguments.");

    public string GetMethodName() => nameof(Invoke);

    public string GetInterfaceName() => nameof(IGrainTimer);

    public string GetActivityName() => $"{nameof(IGrainTimer)}/{nameof(Invoke)}";

    public MethodInfo GetMethod() => _callback.Method;

    public Type GetInterfaceType() => typeof(IGrainTimer);

    private static void Check(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, time, "must be zero or more, or infinite");
    }

    private void FallDue()
    {
        if (_activation.Silo.IsDead || _ended.IsCancellationRequested)
            return;
        _isFiring = true;
        _activation.Accept(Message.Tick(this, _interleaves, _keepsAlive));
    }
}
