using Orleans;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using Orleans.Storage;
using OrleansRec.Simulation.Engine.Calls;
using OrleansRec.Simulation.Engine.Cluster;
using OrleansRec.Simulation.Engine.Scheduling;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>
/// One activation of a grain: made by the first call, living until it is idle, asked to end, or its silo stops. Which messages run at the same time is decided by
/// <see cref="RunningMessages"/>, how it begins and ends in <see cref="ActivateAsync"/> and <see cref="FinishAsync"/>.
/// </summary>
internal sealed partial class Activation : IGrainContext, IGrainExtensionBinder, IGrainManagementExtension, ICallChainReentrantGrainContext, IMessageTarget
{
    private readonly List<Message> _waiting = [];
    private readonly RunningMessages _running;
    private readonly Components _components = new();
    private readonly Action<Activation>? _ended;
    private readonly string _name;
    private bool _isPumpQueued;
    private long _lastUse;
    private long _keptUntil = long.MinValue;

    public Activation(SimulatedSilo silo, GrainClass grainClass, GrainId grain, long number, Action<Activation>? ended)
    {
        (Silo, Class, GrainId, Number, _ended, _name) = (silo, grainClass, grain, number, ended, grain.ToString());
        ActivationId = new(new Guid(silo.Number, 0, 0, BitConverter.GetBytes(number)));
        Address = new() { GrainId = grain, ActivationId = ActivationId, SiloAddress = silo.Address };
        Turns = new TurnScheduler(this, silo.Cluster.Scheduler);
        _running = new(grainClass);
        _lifecycle = new();
        Touch();
    }

    public SimulatedSilo Silo { get; }

    public GrainClass Class { get; }

    /// <summary>How many activations its silo had made before.</summary>
    public long Number { get; }

    public TurnScheduler Turns { get; }

    public object? GrainInstance { get; private set; }

    public GrainId GrainId { get; }

    public ActivationId ActivationId { get; }

    public GrainAddress Address { get; }

    public GrainReference GrainReference => (GrainReference)Silo.Cluster.Client.GetGrain(GrainId);

    public IServiceProvider ActivationServices => _scope.ServiceProvider;

    public IGrainLifecycle ObservableLifecycle => _lifecycle;

    public IWorkItemScheduler Scheduler => Turns;

    public Task Deactivated => _deactivated.Task;

    /// <summary>Messages that run or wait.</summary>
    public int Load => _running.Count + _waiting.Count;

    public TimeSpan CollectionAge => Class.CollectionAge ?? Silo.Cluster.Options.CollectionAge;

    /// <summary>Whether nobody has used it for its collection age.</summary>
    public bool IsCollectible => State == ActivationState.Valid && Load == 0 && CollectionAge != Timeout.InfiniteTimeSpan
        && Clock.GetTimestamp() >= _keptUntil && Clock.GetElapsedTime(_lastUse) >= CollectionAge;

    private SimulatedClock Clock => Silo.Cluster.Clock;

    private SimulatedNetwork Network => Silo.Cluster.Network;

    public void Accept(Message message)
    {
        _waiting.Add(message);
        QueuePump();
    }

    void IGrainContext.ReceiveMessage(object message) => Accept((Message)message);

    /// <summary>Tells a call that its caller has given up; false where it neither runs nor waits here.</summary>
    public bool Cancel(Call call)
    {
        if (_running.Find(call) is { } running)
        {
            running.CancelledAt ??= Clock.GetTimestamp();
            Turns.QueueAction(() => running.Body.TryCancel());
            return true;
        }
        if (_waiting.Find(m => m.Call == call) is not { } waiting)
            return false;
        _waiting.Remove(waiting);
        Turns.QueueAction(() => Network.Reply(waiting, Response.FromException(new OperationCanceledException())));
        return true;
    }

    /// <summary>Puts off the collection; zero takes that back.</summary>
    public void DelayDeactivation(TimeSpan time) => _keptUntil = time <= TimeSpan.Zero && time != Timeout.InfiniteTimeSpan ? long.MinValue
        : time == Timeout.InfiniteTimeSpan || time == TimeSpan.MaxValue ? long.MaxValue
        : Clock.GetTimestamp() + (long)(time.TotalSeconds * Clock.TimestampFrequency);

    public object? GetTarget() => GrainInstance;

    public object? GetComponent(Type componentType) =>
        componentType.IsInstanceOfType(GrainInstance) ? GrainInstance
        : componentType.IsInstanceOfType(this) ? this
        : _components.Get(componentType, ActivationServices);

    public void SetComponent<TComponent>(TComponent? value) where TComponent : class => _components.Set(typeof(TComponent), value);

    public (TExtension, TExtensionInterface) GetOrSetExtension<TExtension, TExtensionInterface>(Func<TExtension> newExtensionFunc)
        where TExtension : class, TExtensionInterface
        where TExtensionInterface : class, IGrainExtension =>
        (_components.GetOrAdd<TExtension, TExtensionInterface>(newExtensionFunc), GrainReference.Cast<TExtensionInterface>());

    public TExtensionInterface GetExtension<TExtensionInterface>() where TExtensionInterface : class, IGrainExtension =>
        GetComponent(typeof(TExtensionInterface)) as TExtensionInterface
            ?? throw new GrainExtensionNotInstalledException($"No extension of type {typeof(TExtensionInterface)} is installed on {this}.");

    ValueTask IGrainManagementExtension.DeactivateOnIdle()
    {
        Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"{nameof(IGrainManagementExtension.DeactivateOnIdle)} was called."));
        return default;
    }

    ValueTask IGrainManagementExtension.MigrateOnIdle()
    {
        // As in Orleans: a grain that is where it belongs stays.
        SimulatedSilo[] silos = [.. Silo.Cluster.Active];
        if (silos.Length > 0 && Silo.Cluster.Places.IsAway(GrainId, Silo, silos))
            Migrate(null);
        return default;
    }

    public void OnEnterReentrantSection(Guid reentrancyId) => _running.EnterSection(reentrancyId);

    public void OnExitReentrantSection(Guid reentrancyId) => _running.ExitSection(reentrancyId);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => _name;

    // One message for each pump, so that each has a turn of its own.
    private void QueuePump()
    {
        if (_isPumpQueued)
            return;
        _isPumpQueued = true;
        Turns.QueueAction(Pump);
    }

    private void Pump()
    {
        _isPumpQueued = false;
        // While it begins or ends, nothing else is begun.
        if (_isOperating)
            return;
        if (_running.Count == 0 && _operations.Count > 0)
            _ = Operate();
        else if (State is ActivationState.Invalid)
            LeaveToOthers();
        else if (_waiting.FindIndex(MayBegin) is >= 0 and var next)
            Begin(next);
    }

    private bool MayBegin(Message message) =>
        (State is ActivationState.Valid || (message.IsLocal && State is ActivationState.Deactivating)) && _running.MayBegin(message, GrainInstance!);

    private void Begin(int next)
    {
        var message = _waiting[next];
        _waiting.RemoveAt(next);
        _running.Add(message);
        if (_waiting.Count > 0)
            QueuePump();
        _ = Invoke(message);
    }

    private async Task Invoke(Message message)
    {
        if (!message.IsExpired(Clock.GetTimestamp()))
        {
            CallPurpose.Current = message.Call?.Purpose;
            if (message.Context is { Count: > 0 })
                RequestContextExtensions.Import(message.Context);
            var response = await Respond(message.Body);
            if (response.Exception is InconsistentStateException inconsistency && InconsistentStates.IsOfThrower(inconsistency))
                Deactivate(new(DeactivationReasonCode.ApplicationError, inconsistency.Message));
            if (!message.IsLocal)
                Network.Reply(message, response);
        }
        _running.Remove(message);
        if (message.KeepsAlive)
            Touch();
        QueuePump();
    }

    private async Task<Response> Respond(IInvokable body)
    {
        try
        {
            body.SetTarget(this);
            return await body.Invoke();
        }
        catch (Exception failure)
        {
            return Response.FromException(failure);
        }
    }

    /// <summary>Those who waited for an activation that could not begin hear why; all others are sent to where the grain is now.</summary>
    private void LeaveToOthers()
    {
        Message[] left = [.. _waiting.Where(m => !m.IsLocal)];
        _waiting.Clear();
        foreach (var message in left)
            if (_reason.Exception is { } failure && !_hasMoved)
                Network.Reply(message, Response.FromException(failure));
            else
                Network.SendAgain(message);
    }

    private void Touch() => _lastUse = Clock.GetTimestamp();
}
