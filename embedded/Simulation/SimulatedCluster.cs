using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;

namespace OrleansRec.Embedded;

/// <summary>
/// Several virtual silos on one thread: each with a container and activations of its own, a directory that puts every grain on one of them, and a
/// network between them. Silos start, die, are cut off, and end in order; everything by one seed.
/// </summary>
/// <remarks>
/// Work is made for a purpose, named by whoever calls <see cref="Call"/>; what a call causes has the purpose of the call. So faults are counted by what
/// they met. Silos that die leave their containers to the collector: no instruction of theirs runs any more, and disposing would be one.
/// </remarks>
public sealed class SimulatedCluster : IDisposable
{
    private readonly List<SimulatedSilo> _silos = [];
    private readonly Dictionary<Silo, SimulatedSilo> _bySilo = [];
    private readonly Dictionary<string, int> _underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);
    private readonly GrainPlaces _places = new();
    private readonly SimulatedNetwork _network;
    private readonly SimulatedRandom _random;
    private readonly SimulatedClock _clock;
    private readonly EmbeddedOptions _options = new();
    private readonly EmbeddedEngine _engine;
    private readonly Func<SimulatedSilo, IServiceProvider> _services;

    /// <summary>A cluster without silos.</summary>
    /// <param name="seed">Decides placement's ties, the network, and whom a split concerns.</param>
    /// <param name="scheduler">Runs all turns.</param>
    /// <param name="clock">Everyone's time stamps and timers; wall clocks are <see cref="SimulatedSilo.Clock"/>.</param>
    /// <param name="configure">The engine's options, the same for all silos.</param>
    /// <param name="services">Makes a silo's container when it starts.</param>
    /// <param name="purposeOf">The purpose that a method has whoever calls it, or null.</param>
    /// <param name="trace">Takes every event.</param>
    public SimulatedCluster(
        ulong seed, DeterministicScheduler scheduler, SimulatedClock clock, Action<EmbeddedOptions> configure,
        Func<SimulatedSilo, IServiceProvider> services, Func<string, string?> purposeOf, EventTrace trace)
    {
        configure(_options);
        (_clock, _services, Trace) = (clock, services, trace);
        _random = SimulatedRandom.For(seed, "cluster");
        _network = new(_places, () => [.. Active], silo => _bySilo[silo], purposeOf, clock, SimulatedRandom.For(seed, "network"), trace, Counts);
        _network.Sent = purpose =>
        {
            if (purpose is not null && _awaited.Remove(purpose, out var awaited))
                awaited.SetResult();
        };
        _engine = new(new ServiceCollection().BuildServiceProvider(), _options, scheduler, clock, _network);
    }

    /// <summary>What the running code works for, or null.</summary>
    public static string? Purpose => CallNote.Purpose;

    /// <summary>Which faults met which calls.</summary>
    public FaultCounts Counts { get; } = new();

    /// <summary>Everything that happened.</summary>
    public EventTrace Trace { get; }

    /// <summary>The grains, as a client outside of all silos sees them.</summary>
    public IGrainFactory Grains => _engine;

    /// <summary>Silos that are not dead, in the order of their start.</summary>
    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    /// <summary>Silos that take new activations.</summary>
    public IEnumerable<SimulatedSilo> Active => _silos.Where(s => s.State == SiloState.Active);

    /// <summary>How the network behaves from now on.</summary>
    public NetworkFaults Faults
    {
        get => _network.Faults;
        set => _network.Faults = value;
    }

    /// <summary>Called when a grain has ended a call whose caller had given up: the method, and for how long it went on.</summary>
    public Action<string, TimeSpan> Outlived
    {
        set => _network.Outlived = value;
    }

    /// <summary>Grains that have a place: class, key and silo.</summary>
    public IEnumerable<(string Class, string Key, SimulatedSilo Silo)> Places => _places.All.Select(p => (p.Class.Name, p.Key, _bySilo[p.Silo]));

    /// <summary>Makes calls for a purpose.</summary>
    public async Task<T> Call<T>(string purpose, Func<Task<T>> calls)
    {
        _underWay[purpose] = _underWay.GetValueOrDefault(purpose) + 1;
        CallNote.Purpose = purpose;
        try
        {
            return await calls();
        }
        finally
        {
            _underWay[purpose]--;
        }
    }

    /// <summary>Completes when the next call for a purpose is sent.</summary>
    public Task Begins(string purpose)
    {
        if (!_awaited.TryGetValue(purpose, out var awaited))
            _awaited.Add(purpose, awaited = new());
        return awaited.Task;
    }

    /// <summary>Starts a silo.</summary>
    public SimulatedSilo Start()
    {
        var silo = new SimulatedSilo(_bySilo.Count + 1, _clock);
        silo.Services = _services(silo);
        silo.Silo = new(_engine, silo.Services, _engine.Scheduler, _clock, _options, new(silo.Services.GetRequiredService<ILogger<EmbeddedEngine>>()));
        _bySilo.Add(silo.Silo, silo);
        _silos.Add(silo);
        Trace.Add($"{silo} starts");
        return silo;
    }

    /// <summary>Grains that belong on another silo, as one that has just joined, end and begin there with their next call.</summary>
    public void Rebalance()
    {
        foreach (var (grainClass, key, silo) in _places.All.ToArray())
            if (_bySilo[silo].State == SiloState.Active && GrainPlaces.Choose(grainClass, key, [.. Active]) != silo)
                silo.Find(grainClass, key)?.Deactivate(new(DeactivationReasonCode.Migrating, "A silo has joined."));
    }

    /// <summary>A silo dies between two turns; the others notice after a time.</summary>
    public void Kill(SimulatedSilo silo, TimeSpan noticedAfter)
    {
        if (silo.IsDead)
            return;
        Trace.Add($"{silo} dies");
        silo.State = SiloState.Dead;
        silo.Silo.Kill();
        _silos.Remove(silo);
        After(noticedAfter, () => GiveUp(silo));
    }

    /// <summary>No message reaches or leaves a silo any more. The others notice after a time and take it for dead; it goes on until its end.</summary>
    public void CutOff(SimulatedSilo silo, TimeSpan noticedAfter, TimeSpan endsAfter)
    {
        if (silo.State is SiloState.Dead or SiloState.CutOff)
            return;
        Trace.Add($"{silo} is cut off");
        silo.State = SiloState.CutOff;
        After(noticedAfter, () => GiveUp(silo));
        After(endsAfter, () => Kill(silo, TimeSpan.Zero));
    }

    /// <summary>A silo ends in order.</summary>
    public async Task Drain(SimulatedSilo silo)
    {
        Trace.Add($"{silo} drains");
        silo.State = SiloState.Draining;
        await silo.Silo.Stop(CancellationToken.None);
        Kill(silo, TimeSpan.Zero);
    }

    /// <summary>
    /// For a time, some silos and clients find a grain on a second silo, where it is activated too. Then the second activation is the only one. False where
    /// the grain has no place or there is no second silo.
    /// </summary>
    public bool Split(string className, string key, TimeSpan endsAfter)
    {
        var place = _places.All.FirstOrDefault(p => p.Class.Name == className && p.Key == key);
        SimulatedSilo[] others = [.. Active.Where(s => s.Silo != place.Silo)];
        if (place.Silo is null || others.Length == 0)
            return false;
        var second = _random.Of(others);
        var callers = new HashSet<Silo?> { second.Silo };
        foreach (var silo in _silos)
            if (silo.Silo != place.Silo && _random.Chance(0.5))
                callers.Add(silo.Silo);
        if (_random.Chance(0.5))
            callers.Add(null);
        Trace.Add($"{className}/{key} splits: {_bySilo[place.Silo]} and {second}");
        _places.Begin(place.Class, key, second.Silo, callers);
        After(endsAfter, () =>
        {
            if (_places.End(place.Class, key) is not { } first)
                return;
            Trace.Add($"{className}/{key} is whole");
            first.Find(place.Class, key)?.Deactivate(new(DeactivationReasonCode.DuplicateActivation, "Another activation holds the identity."));
        });
        return true;
    }

    /// <summary>Counts a fault that meets every call under way, as those of silos and clocks do.</summary>
    public void Strike(FaultKind kind)
    {
        Trace.Add($"fault {kind}");
        foreach (var purpose in _network.Purposes.Concat(_underWay.Where(p => p.Value > 0).Select(p => p.Key)).Distinct().ToArray())
            Counts.Add(kind, purpose);
    }

    /// <summary>Counts a fault of a silo's storage, which meets the call that it was accessed for and every other on that silo.</summary>
    public void Strike(FaultKind kind, SimulatedSilo silo)
    {
        foreach (var purpose in _network.PurposesAt(silo.Silo).Append(Purpose).Distinct().ToArray())
            Counts.Add(kind, purpose);
    }

    /// <summary>Whether a grain is active on a silo other than the given one.</summary>
    public bool IsElsewhere(string className, string key, SimulatedSilo? silo) =>
        _silos.Any(s => s != silo && s.Silo.Activations.Any(a => a.Key == key && a.Class.Name == className));

    /// <summary>Lets everything go without telling the grains.
    public void Dispose()
    {
        foreach (var silo in _silos.ToArray())
            Kill(silo, TimeSpan.Zero);
        _engine.Dispose();
    }

    private void GiveUp(SimulatedSilo silo)
    {
        Trace.Add($"{silo} is taken for dead");
        _places.RemoveAll(silo.Silo);
        _network.Break(silo.Silo);
    }

    private void After(TimeSpan time, Action action) =>
        _clock.CreateTimer(static action => ((Action)action!)(), action, time, Timeout.InfiniteTimeSpan);
}
