using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Embedded;

/// <summary>
/// One activation of a grain: made by the first call, living until it is idle, asked to end, or its silo stops. All members that are not
/// said to be callable from any thread belong to its turns.
/// </summary>
internal sealed partial class Activation : IGrainContext, ICallTarget
{
    private readonly CallGate _gate;
    private readonly Action<Activation> _onGone;
    private readonly TaskCompletionSource _ended;
    private List<IPersistentStateReader>? _states;
    private List<GrainTimer>? _timers;
    private AsyncServiceScope _scope;
    private ICall? _beginning;
    private DeactivationReason? _endReason;
    private ActivationStage _stage;
    private TimeSpan? _keptAlive;
    private long _keptAliveFrom;
    private long _lastUse;
    private int _load;
    private bool _isPumpQueued;

    public Activation(Silo silo, GrainClass grainClass, string key, long number, Action<Activation> onGone)
    {
        Silo = silo;
        Class = grainClass;
        Number = number;
        Key = key;
        _onGone = onGone;
        _gate = new CallGate(grainClass.IsReentrant);
        _ended = new(silo.Scheduler.UsesThreadPool ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
        _lastUse = silo.Clock.GetTimestamp();
        Turns = new TurnScheduler(this, silo.Scheduler);
    }

    public Silo Silo { get; }

    public GrainClass Class { get; }

    public string Key { get; }

    /// <summary>How many activations its silo had made before: an order that does not depend on hashing.</summary>
    public long Number { get; }

    public TurnScheduler Turns { get; }

    public object? GrainInstance { get; private set; }

    public GrainId GrainId => new(Class.GrainType, IdSpan.Create(Key));

    public GrainReference GrainReference => Silo.Engine.Reference(Class.Interfaces[0], Class, Key);

    public IServiceProvider ActivationServices => _scope.ServiceProvider;

    public Task Deactivated => _ended.Task;

    /// <summary>Calls taken and not ended. From any thread.</summary>
    public int Load => Volatile.Read(ref _load);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => $"{Class.Name}/{Key}";

    /// <summary>Takes a call. From any thread.</summary>
    public void Accept(ICall call)
    {
        var queued = Interlocked.Increment(ref _load) - _gate.Running;
        if (queued > Silo.Options.QueuedCallsMax)
        {
            Interlocked.Decrement(ref _load);
            call.Reject(new LimitExceededException(nameof(EmbeddedOptions.QueuedCallsMax), queued, Silo.Options.QueuedCallsMax, this));
            return;
        }
        Turns.Enqueue(call);
    }

    public void OnArrival(ICall call)
    {
        switch (_stage)
        {
            case ActivationStage.New when !Silo.TryRegister(this):
                Leave(call);
                call.Reject(Silo.Unavailable());
                break;
            case ActivationStage.New:
                _stage = ActivationStage.Activating;
                _gate.Wait(call);
                Turns.RunNow(static self => _ = ((Activation)self!).Activate(), this);
                break;
            // A pump that is under way serves those who came earlier.
            case ActivationStage.Ready when _endReason is null && !_isPumpQueued && _gate.CanBegin(call):
                Begin(call);
                break;
            case ActivationStage.Ended:
                SendAgain(call);
                break;
            default:
                _gate.Wait(call);
                break;
        }
    }

    /// <summary>Called by a call after its last turn.</summary>
    public void OnEnded(ICall call)
    {
        _gate.End(call);
        Leave(call);
        if (_endReason is not null)
            TryEnd();
        else
            QueuePump();
    }

    /// <summary>Called by a call whose grain code has thrown.</summary>
    public void OnFailed(Exception thrown, MethodPlan plan)
    {
        if (plan.OneWay)
            Silo.Log.OneWayFailed(plan.Name, this, thrown);

        // What this activation knows is not what is stored. The next call reads it anew.
        if (thrown is InconsistentStateException { IsSourceActivation: true } stale)
        {
            stale.IsSourceActivation = false;
            RequestEnd(new(DeactivationReasonCode.ApplicationError, stale, "Its state is not the one that is stored."));
        }
    }

    /// <summary>From any thread.</summary>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (Turns.IsCurrent)
            RequestEnd(deactivationReason);
        else
            Turns.Enqueue(() => RequestEnd(deactivationReason));
    }

    /// <summary>Whether nobody has used it for a time. From any thread.</summary>
    public bool IsIdle(TimeSpan age) => Load == 0 && IdleTime() >= age;

    /// <summary>Ends the activation if it is still idle when its turn comes. From any thread.</summary>
    public void CollectIfIdle(TimeSpan age) => Turns.Enqueue(() =>
    {
        var isKept = _keptAlive is { } time && (time == Timeout.InfiniteTimeSpan || Silo.Clock.GetElapsedTime(_keptAliveFrom) < time);
        if (!isKept && _gate.Running == 0 && _gate.Waiting == 0 && IsIdle(age))
            RequestEnd(new(DeactivationReasonCode.ActivationIdle, $"Idle for {age}."));
    });

    public void DelayDeactivation(TimeSpan time)
    {
        _keptAlive = time == TimeSpan.Zero ? null : time;
        _keptAliveFrom = Silo.Clock.GetTimestamp();
    }

    public IGrainTimer StartTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options);
        (_timers ??= []).Add(timer);
        return timer;
    }

    public void Forget(GrainTimer timer) => _timers?.Remove(timer);

    public void Read(IPersistentStateReader state) => (_states ??= []).Add(state);

    /// <summary>Counts as use. From any thread.</summary>
    public void Touch() => Volatile.Write(ref _lastUse, Silo.Clock.GetTimestamp());

    private TimeSpan IdleTime() => Silo.Clock.GetElapsedTime(Volatile.Read(ref _lastUse));

    private void Begin(ICall call)
    {
        if (!call.IsWanted)
        {
            Leave(call);
            return;
        }
        _gate.Begin(call);
        _beginning = call;
        Turns.RunNow(static self => ((Activation)self!).BeginTask(), this);
    }

    private void BeginTask()
    {
        var call = _beginning!;
        _beginning = null;
        call.Begin(this);
    }

    // One call for each pump, so that each has a turn of its own.
    private void QueuePump()
    {
        if (_isPumpQueued || _gate.Waiting == 0)
            return;
        _isPumpQueued = true;
        Turns.Enqueue(Pump);
    }

    private void Pump()
    {
        _isPumpQueued = false;
        if (_stage is not ActivationStage.Ready || _endReason is not null || _gate.TakeNext() is not { } call)
            return;
        Begin(call);
        QueuePump();
    }

    private void SendAgain(ICall call)
    {
        Leave(call);
        call.SendAgain();
    }

    private void Leave(ICall call)
    {
        if (call is not GrainTimer)
        {
            Interlocked.Decrement(ref _load);
            Touch();
        }
    }
}
