using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>The activations of one (virtual) process, with the container that their constructors are served from.</summary>
internal sealed class Silo : IDisposable
{
    private readonly ConcurrentDictionary<(GrainClass Class, string Key), ICallTarget> _targets = new();
    private readonly ConcurrentDictionary<Activation, bool> _activations = new();
    private readonly ITimer _collector;
    private volatile bool _isStopping;
    private volatile bool _isStopped;
    private long _made;

    public Silo(EmbeddedEngine engine, IServiceProvider services, IEngineScheduler scheduler, TimeProvider clock, EmbeddedOptions options, EngineLog log)
    {
        Engine = engine;
        Services = services;
        Scheduler = scheduler;
        Clock = clock;
        Options = options;
        Log = log;
        _collector = clock.CreateTimer(static self => ((Silo)self!).Collect(), this, options.CollectionPeriod, options.CollectionPeriod);
    }

    public EmbeddedEngine Engine { get; }

    public IServiceProvider Services { get; }

    public IEngineScheduler Scheduler { get; }

    public TimeProvider Clock { get; }

    public EmbeddedOptions Options { get; }

    public EngineLog Log { get; }

    public IEnumerable<Activation> Activations => _activations.Keys;

    /// <summary>A simulated process that was killed: nothing of it runs any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Gives a call to the activation of an identity, which is made if there is none. From any thread.</summary>
    public void Deliver(GrainClass grainClass, string key, ICall call)
    {
        // While stopping, grains may still call grains that live, or they could not end in order. None are made any more: two that wake each
        // other when they are made would never end.
        if (_isStopped || (_isStopping && (RuntimeContext.Current is null || !_targets.ContainsKey((grainClass, key)))))
            call.Reject(Unavailable());
        else
            Accept(grainClass, key, call);
    }

    /// <summary>Gives a call that a network has brought to the activation of an identity, which is made if there is none.</summary>
    public void Accept(GrainClass grainClass, string key, ICall call)
    {
        if (_isStopped)
            call.Reject(Unavailable());
        else
            _targets.GetOrAdd((grainClass, key), static (id, silo) => silo.Create(id.Class, id.Key), this).Accept(call);
    }

    /// <summary>Called by an activation in its first turn; false where the silo has stopped.</summary>
    public bool TryRegister(Activation activation) => !_isStopped && _activations.TryAdd(activation, true);

    /// <summary>Called by an activation in its last turn.</summary>
    public void Unregister(Activation activation) => _activations.TryRemove(activation, out _);

    /// <summary>Ends all activations, within the stop timeout, and from then on refuses all calls.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        _isStopping = true;
        await _collector.DisposeAsync();
        try
        {
            await EndAll().WaitAsync(Options.StopTimeout, Clock, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            Log.StoppedEarly(_activations.Count, Options.StopTimeout);
        }
        _isStopped = true;
    }

    public static SiloUnavailableException Unavailable() => new("The engine has stopped, or is stopping and takes no new calls from outside.");

    public void Dispose() => _collector.Dispose();

    /// <summary>Ends everything between two turns.</summary>
    public void Kill()
    {
        IsDead = true;
        _collector.Dispose();
    }

    /// <summary>Whether an identity has an activation here.</summary>
    public bool Has(GrainClass grainClass, string key) => _targets.ContainsKey((grainClass, key));

    /// <summary>The activation of an identity that is no stateless worker, or null.</summary>
    public Activation? Find(GrainClass grainClass, string key) => _targets.GetValueOrDefault((grainClass, key)) as Activation;

    // Grains that end may call others and so make new activations: these end in a further round.
    private async Task EndAll()
    {
        while (!_activations.IsEmpty)
        {
            var round = InOrder(_activations.Keys);
            foreach (var activation in round)
                activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The engine stops."));
            await Task.WhenAll(round.Select(a => a.Deactivated));
        }
    }

    private void Collect()
    {
        var idle = _activations.Keys.Where(a => a.Class.CollectionAge is { } age && a.IsIdle(age));
        foreach (var activation in InOrder(idle))
            activation.CollectIfIdle(activation.Class.CollectionAge!.Value);
    }

    private static Activation[] InOrder(IEnumerable<Activation> activations) => [.. activations.OrderBy(a => a.Number)];

    private ICallTarget Create(GrainClass grainClass, string key) =>
        grainClass.WorkersMax is { } workersMax
            ? new StatelessWorkers(grainClass, gone => Activate(grainClass, key, gone), workersMax)
            : Activate(grainClass, key, Remove);

    private Activation Activate(GrainClass grainClass, string key, Action<Activation> gone) =>
        new(this, grainClass, key, Interlocked.Increment(ref _made), gone);

    private void Remove(Activation activation) => _targets.TryRemove(new((activation.Class, activation.Key), activation));
}
