using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>
/// The part of the Orleans programming model that the grains use, in one process. It is ready when made, and checks all wire types then;
/// as a hosted service it is made at start and ends all activations at stop.
/// </summary>
public sealed class EmbeddedEngine : IClusterClient, IHostedService, IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<(Type Interface, GrainClass Class), Route> _routes = new();
    private readonly ConcurrentDictionary<Type, Route> _routesByInterface = new();
    private readonly ConcurrentDictionary<TimeSpan, Deadlines> _deadlines = new();
    private readonly GrainCatalog _catalog;
    private readonly Silo? _silo;
    private Task? _stopped;

    internal EmbeddedEngine(
        IServiceProvider services, EmbeddedOptions options, IEngineScheduler scheduler, TimeProvider clock, ILogger<EmbeddedEngine> logger)
        : this(services, options, scheduler, clock, (ICallNetwork?)null) =>
        _silo = new Silo(this, services, scheduler, clock, options, new EngineLog(logger));

    /// <summary>Without a silo of its own: a network carries the calls to the silos that it has.</summary>
    internal EmbeddedEngine(
        IServiceProvider services, EmbeddedOptions options, IEngineScheduler scheduler, TimeProvider clock, ICallNetwork? network)
    {
        options.Validate();
        ServiceProvider = services;
        Scheduler = scheduler;
        Network = network;
        var types = new WireTypes(this);
        _catalog = new GrainCatalog(options, (method, invoke) =>
            MethodPlan.Create(method, invoke, types, options, time => _deadlines.GetOrAdd(time, t => new Deadlines(clock, t))));
        WireCheck.Run(_catalog.Classes, options.RequireAliases);
    }

    /// <inheritdoc/>
    public IServiceProvider ServiceProvider { get; }

    /// <summary>Activations that live now, by the name of their class.</summary>
    public IReadOnlyDictionary<string, int> ActivationCounts =>
        (_silo?.Activations ?? []).GroupBy(a => a.Class.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    internal IEngineScheduler Scheduler { get; }

    internal ICallNetwork? Network { get; }

    /// <inheritdoc/>
    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)GetReference(typeof(TGrainInterface), primaryKey);

    /// <inheritdoc/>
    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => (IGrain)(object)GetReference(grainInterfaceType, grainPrimaryKey);

    /// <inheritdoc/>
    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), grainId);

    /// <summary>Ends all activations. May be called more than once; all callers wait for the one end.</summary>
    public Task Stop(CancellationToken cancellation = default)
    {
        lock (_routes)
            return _stopped ??= EndAll(cancellation);
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Stop(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Nobody drives a deterministic run while its container is disposed: whoever wants the grains to end calls Stop within the run.
        if (Scheduler.UsesThreadPool)
            await Stop();
        else
            Dispose();
    }

    /// <summary>Lets everything go without telling the grains.</summary>
    public void Dispose()
    {
        _silo?.Dispose();
        foreach (var deadlines in _deadlines.Values)
            deadlines.Dispose();
    }

    internal GrainReference Reference(Type grainInterface, GrainId id) =>
        Reference(grainInterface, _catalog.ClassOf(id.Type.Value), id.Key.Value);

    internal GrainReference Reference(Type grainInterface, GrainClass grainClass, string key) =>
        _routes.GetOrAdd((grainInterface, grainClass), static (id, engine) => engine.MakeRoute(id.Interface, id.Class), this).Reference(key);

    internal void Deliver(GrainClass grainClass, string key, ICall call)
    {
        if (Network is null)
            _silo!.Deliver(grainClass, key, call);
        else
            Network.Send(grainClass, key, call);
    }

    private GrainReference GetReference(Type grainInterface, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return _routesByInterface.GetOrAdd(
            grainInterface, static (type, engine) => engine.MakeRoute(type, engine._catalog.ClassOf(type)), this).Reference(key);
    }

    private Route MakeRoute(Type grainInterface, GrainClass grainClass)
    {
        if (!grainInterface.IsAssignableFrom(grainClass.Type))
            throw new InvalidCastException($"Grain class {grainClass.Type} does not implement {grainInterface}.");
        var (plans, create) = _catalog.CallsOf(grainInterface);
        return new(new CallRoute(this, grainClass, plans), create);
    }

    private async Task EndAll(CancellationToken cancellation)
    {
        if (_silo is not null)
            await _silo.Stop(cancellation);
        foreach (var deadlines in _deadlines.Values)
        {
            deadlines.RejectAll(static call => ((ICall)call).Reject(Silo.Unavailable()));
            deadlines.Dispose();
        }
    }

    private sealed record Route(CallRoute Calls, Func<CallRoute, string, CallReference> Create)
    {
        public GrainReference Reference(string key) => Create(Calls, key);
    }
}
