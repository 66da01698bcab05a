using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>A timer whose ticks are calls of its activation. The next tick is counted from the end of the last.</summary>
internal sealed class GrainTimer : IGrainTimer, ICall
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _timer;
    private readonly bool _keepAlive;
    private TimeSpan _next;
    private TimeSpan _period;
    private bool _isTicking;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Check(options.DueTime, nameof(options.DueTime));
        Check(options.Period, nameof(options.Period));
        _activation = activation;
        _callback = callback;
        _period = options.Period;
        _keepAlive = options.KeepAlive;
        AlwaysInterleave = options.Interleave;
        _timer = activation.Silo.Clock.CreateTimer(
            static self => ((GrainTimer)self!).FallDue(), this, options.DueTime, Timeout.InfiniteTimeSpan);
    }

    public bool AlwaysInterleave { get; }

    public bool ReadOnly => false;

    public bool IsWanted => !_ended.IsCancellationRequested;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        _next = dueTime;
        _period = period;
        if (!_isTicking)
            Arm(dueTime);
    }

    public void Begin(Activation activation)
    {
        _isTicking = true;
        _next = _period;
        if (_keepAlive)
            _activation.Touch();
        _ = Tick();
    }

    public void Reject(Exception reason) => Dispose();

    public void SendAgain()
    {
        // A timer is of its activation and ends with it.
    }

    public void Dispose()
    {
        if (_ended.IsCancellationRequested)
            return;
        _timer.Dispose();
        _activation.Forget(this);
        _ended.Cancel();
    }

    private static void Check(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, time, "must be zero or more, or infinite");
    }

    private void FallDue()
    {
        if (IsWanted)
            _activation.Turns.Enqueue(this);
    }

    private async Task Tick()
    {
        try
        {
            await _callback(_ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Told to end, it ended.
        }
        catch (Exception failure)
        {
            _activation.Silo.Log.TimerFailed(_activation, failure);
        }
        _isTicking = false;
        if (_keepAlive)
            _activation.Touch();
        if (IsWanted)
            Arm(_next);
        _activation.OnEnded(this);
    }

    private void Arm(TimeSpan time) => _timer.Change(time, Timeout.InfiniteTimeSpan);
}
