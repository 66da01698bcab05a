using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>How an activation begins and ends: one operation after the other, each only while no message runs.</summary>
internal sealed partial class Activation
{
    private readonly Queue<Func<Task>> _operations = new();
    private readonly TaskCompletionSource _deactivated = new();
    private readonly GrainLifecycle _lifecycle;
    private readonly List<GrainTimer> _timers = [];
    private CancellationTokenSource? _beginning;
    private AsyncServiceScope _scope;
    private DeactivationReason _reason;
    private MigrationState? _leaving;
    private MigrationState? _brought;
    private bool _isOperating;
    private bool _hasMoved;

    public ActivationState State { get; private set; }

    public void Activate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default)
    {
        _operations.Enqueue(() => ActivateAsync(requestContext));
        QueuePump();
    }

    public void Rehydrate(MigrationState state) => _brought = state;

    void IGrainContext.Rehydrate(IRehydrationContext context) => Rehydrate((MigrationState)context);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (State is ActivationState.Invalid or ActivationState.Deactivating)
            return;
        (var before, State, _reason) = (State, ActivationState.Deactivating, deactivationReason);
        _beginning?.Cancel();
        _operations.Enqueue(() => FinishAsync(before));
        QueuePump();
    }

    /// <summary>Ends here and goes on at its home. As in Orleans it does not wait until the state is read: whoever wants that asks by a call.</summary>
    public void Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default)
    {
        if (State is not (ActivationState.Activating or ActivationState.Valid or ActivationState.Deactivating))
            return;
        _leaving ??= new(Silo.Cluster.Types.Services);
        Deactivate(new(DeactivationReasonCode.Migrating, "Migrating to a new location."), cancellationToken);
    }

    public GrainTimer Add(GrainTimer timer)
    {
        _timers.Add(timer);
        return timer;
    }

    public void Forget(GrainTimer timer) => _timers.Remove(timer);

    private async Task Operate()
    {
        _isOperating = true;
        while (_operations.TryPeek(out var operation))
        {
            await operation();
            _operations.Dequeue();
        }
        _isOperating = false;
        QueuePump();
    }

    private async Task ActivateAsync(Dictionary<string, object>? requestContext)
    {
        if (State != ActivationState.Creating)
            return;
        State = ActivationState.Activating;
        using var beginning = _beginning = new CancellationTokenSource(Silo.Cluster.Options.ActivationTimeout, Clock);
        var token = beginning.Token;
        try
        {
            if (requestContext is { Count: > 0 })
                RequestContextExtensions.Import(requestContext);
            MakeInstance();
            await _lifecycle.OnStart(token).WaitAsync(token);
            if (GrainInstance is IGrainBase grain)
                await grain.OnActivateAsync(token).WaitAsync(token);
            if (State is ActivationState.Activating)
                State = ActivationState.Valid;
            Touch();
        }
        catch (Exception failure)
        {
            Deactivate(new(DeactivationReasonCode.ActivationFailed, (failure as OrleansLifecycleCanceledException)?.InnerException ?? failure, "Failed to activate grain."));
        }
        finally
        {
            _beginning = null;
        }
    }

    private void MakeInstance()
    {
        _scope = Silo.Services.CreateAsyncScope();
        var made = Silo.Cluster.Options.StandIns.TryGetValue(Class.Type, out var standIn) ? Silo.Cluster.Types.StandIn(standIn, Class.GrainType) : Class;
        GrainInstance = made.Activator.CreateInstance(this);
        if (GrainInstance is ILifecycleParticipant<IGrainLifecycle> participant)
            participant.Participate(_lifecycle);
        if (_brought is null)
            return;
        foreach (var participant2 in _lifecycle.MigrationParticipants)
            participant2.OnRehydrate(_brought);
        (GrainInstance as IGrainMigrationParticipant)?.OnRehydrate(_brought);
    }

    private async Task FinishAsync(ActivationState before)
    {
        foreach (var timer in _timers.ToArray())
            timer.Dispose();
        using var ending = new CancellationTokenSource(Silo.Cluster.Options.DeactivationTimeout, Clock);
        var token = ending.Token;
        var hasFailed = before == ActivationState.Valid && GrainInstance is IGrainBase grain && await Fails(() => grain.OnDeactivateAsync(_reason, token).WaitAsync(token));
        hasFailed |= GrainInstance is not null && await Fails(() => _lifecycle.OnStop(token).WaitAsync(token));
        // A silo that was cut off or has died meanwhile cannot send anything anywhere.
        if (_leaving is not null && !hasFailed && !token.IsCancellationRequested)
            Move(_leaving);
        if (!_hasMoved)
            Silo.Cluster.Places.Remove(GrainId, Silo);
        State = ActivationState.Invalid;
        Silo.Remove(this);
        _ended?.Invoke(this);
        await Fails(async () =>
        {
            if (GrainInstance is not null)
                await Class.Activator.DisposeInstance(this, GrainInstance);
            if (_scope.ServiceProvider is not null)
                await _scope.DisposeAsync();
        });
        Silo.Cluster.Scheduler.Enqueue(new End(this));
    }

    /// <summary>The silo where the grain belongs takes it over with what it brings.</summary>
    private void Move(MigrationState state)
    {
        var silos = Silo.Cluster.Active.ToArray();
        if (Silo.State is not (Cluster.SiloState.Active or Cluster.SiloState.Draining) || silos.Length == 0
            || Silo.Cluster.Places.HomeOf(GrainId, silos) is var home && home == Silo || !Silo.Cluster.Places.IsPlace(Silo, GrainId))
            return;
        (GrainInstance as IGrainMigrationParticipant)?.OnDehydrate(state);
        foreach (var participant in _lifecycle.MigrationParticipants)
            participant.OnDehydrate(state);
        _hasMoved = true;
        Silo.Cluster.Places.Move(GrainId, Silo, home);
        Silo.Cluster.Trace.Add($"{this} moves to {home}");
        home.TakeOver(GrainId, state);
    }

    /// <summary>What an ending grain throws does not keep it from ending.</summary>
    private static async Task<bool> Fails(Func<Task> step)
    {
        try
        {
            await step();
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }

    /// <summary>Tells those who wait for the end, outside of its last turn.</summary>
    private sealed class End(Activation activation) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            if (!activation.Silo.IsDead)
                activation._deactivated.SetResult();
        }

        public override string ToString() => activation.ToString();
    }
}

/// <summary>Where an activation stands.</summary>
internal enum ActivationState
{
    /// <summary>Nothing of it has run.</summary>
    Creating,
    /// <summary>Its instance is being made and told to begin.</summary>
    Activating,
    /// <summary>It serves.</summary>
    Valid,
    /// <summary>It takes no more calls and ends as soon as none runs.</summary>
    Deactivating,
    /// <summary>It has ended.</summary>
    Invalid,
}
