using Orleans;
using Orleans.Runtime;
using OrleansRec.Simulation.Engine.Calls;
using OrleansRec.Simulation.Engine.Scheduling;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>
/// Several virtual silos on one thread: each with a container and activations of its own, a directory that puts every grain on one of them, and a network between them.
/// Silos start, die, are cut off, and end in order; everything by one seed. The grains are compiled against Orleans and are given Orleans' own abstractions.
/// </summary>
/// <remarks>
/// <para>
/// Work is made for a purpose, named by whoever calls <see cref="Call"/>; what a call causes has the purpose of the call. So faults are counted by what they met. Silos that
/// die leave their containers to the collector: no instruction of theirs runs any more, and disposing would be one.
/// </para>
/// <code>
/// var clock = new SimulatedClock();
/// var scheduler = new DeterministicScheduler(seed, clock);
/// var options = new ClusterOptions { ConfigureServices = (silo, services) => services.AddSingleton(journal) };
/// options.GrainAssemblies.Add(typeof(MyGrain).Assembly);
/// using var cluster = new SimulatedCluster(seed, scheduler, clock, options, new EventTrace(clock));
/// var silo = cluster.Start();
/// scheduler.Run(() => cluster.Client.GetGrain&lt;IMyGrain>("a").Touch());
/// </code>
/// </remarks>
public sealed class SimulatedCluster : IDisposable
{
    private readonly List<SimulatedSilo> _silos = [];
    private readonly Dictionary<string, int> _underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);
    private readonly GrainReferences _references;
    private readonly SimulatedRandom _random;
    private readonly ITimer _moves;
    private int _started;

    /// <summary>A cluster without silos.</summary>
    /// <param name="seed">Decides placement's ties, the network, and whom a split concerns.</param>
    /// <param name="scheduler">Runs all turns.</param>
    /// <param name="clock">Everyone's time stamps and timers; wall clocks are <see cref="SimulatedSilo.Clock"/>.</param>
    /// <param name="options">What is run, the same for all silos.</param>
    /// <param name="trace">Takes every event.</param>
    public SimulatedCluster(ulong seed, DeterministicScheduler scheduler, SimulatedClock clock, ClusterOptions options, EventTrace trace)
    {
        (Scheduler, Clock, Options, Trace) = (scheduler, clock, options, trace);
        Types = GrainTypes.Of([.. options.GrainAssemblies]);
        Places = new(Types, options, SimulatedRandom.For(seed, "splits"));
        _references = new(Types);
        _random = SimulatedRandom.For(seed, "cluster");
        Network = new(Places, () => [.. Active], options, scheduler, clock, SimulatedRandom.For(seed, "network"), trace, Counts) { Wire = new(Types, _references), Sent = OnSent };
        _references.Calls = new GrainCalls(_references, Network.Wire, Network);
        var moves = new HomeMoves(Places, () => [.. Active], options, trace);
        _moves = clock.CreateTimer(_ => moves.Look(), null, options.MovePeriod, options.MovePeriod);
    }

    /// <summary>What the running code works for, or null.</summary>
    public static string? Purpose => CallPurpose.Current;

    /// <summary>Which faults met which calls.</summary>
    public FaultCounts Counts { get; } = new();

    /// <summary>Everything that happened.</summary>
    public EventTrace Trace { get; }

    /// <summary>The grains, as a client outside of all silos sees them.</summary>
    public IClusterClient Client => _references;

    /// <summary>Silos that are not dead, in the order of their start.</summary>
    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    /// <summary>Silos that take new activations.</summary>
    public IEnumerable<SimulatedSilo> Active => _silos.Where(s => s.State == SiloState.Active);

    /// <summary>Grains that have a place, and their silo. Stateless workers have none.</summary>
    public IEnumerable<(GrainId Grain, SimulatedSilo Silo)> Placed => Places.All;

    /// <summary>How the network behaves from now on.</summary>
    public NetworkFaults Faults
    {
        get => Network.Faults;
        set => Network.Faults = value;
    }

    /// <summary>Called when a grain has ended a call whose caller had given up: the method, and for how long it went on.</summary>
    public Action<string, TimeSpan> Outlived
    {
        set => Network.Outlived = value;
    }

    internal DeterministicScheduler Scheduler { get; }

    internal SimulatedClock Clock { get; }

    internal ClusterOptions Options { get; }

    internal GrainTypes Types { get; }

    internal GrainPlaces Places { get; }

    internal SimulatedNetwork Network { get; }

    /// <summary>Makes calls for a purpose.</summary>
    public async Task<T> Call<T>(string purpose, Func<Task<T>> calls)
    {
        _underWay[purpose] = _underWay.GetValueOrDefault(purpose) + 1;
        CallPurpose.Current = purpose;
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
        var silo = new SimulatedSilo(++_started, this);
        silo.Begin(Types, _references);
        _silos.Add(silo);
        Trace.Add($"{silo} starts");
        return silo;
    }

    /// <summary>A silo dies between two turns; the others notice after a time.</summary>
    public void Kill(SimulatedSilo silo, TimeSpan noticedAfter)
    {
        if (silo.IsDead)
            return;
        Trace.Add($"{silo} dies");
        silo.Kill();
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
        await silo.Stop();
        Kill(silo, TimeSpan.Zero);
    }

    /// <summary>
    /// For a time, some silos and clients find a grain, and all that live with it, on a second silo, where they are activated too. Then the second activations are the only ones.
    /// False where the grain has no place or there is no second silo.
    /// </summary>
    public bool Split(GrainId grain, TimeSpan endsAfter)
    {
        var first = Places.All.FirstOrDefault(p => p.Grain == grain).Silo;
        SimulatedSilo[] others = [.. Active.Where(s => s != first)];
        if (first is null || others.Length == 0)
            return false;
        var second = _random.Of(others);
        var callers = new HashSet<SimulatedSilo> { second };
        foreach (var silo in _silos)
            if (silo != first && _random.Chance(0.5))
                callers.Add(silo);
        Trace.Add($"{grain} splits: {first} and {second}");
        Places.Begin(grain, second, callers);
        After(endsAfter, () =>
        {
            foreach (var (leaving, left) in Places.End(grain))
            {
                Trace.Add($"{leaving} is whole");
                left.Find(leaving)?.Deactivate(new(DeactivationReasonCode.DuplicateActivation, "Another activation holds the identity."));
            }
        });
        return true;
    }

    /// <summary>Counts a fault that meets every call under way, as those of silos and clocks do.</summary>
    public void Strike(FaultKind kind)
    {
        Trace.Add($"fault {kind}");
        foreach (var purpose in Network.Purposes.Concat(_underWay.Where(p => p.Value > 0).Select(p => p.Key)).Distinct().ToArray())
            Counts.Add(kind, purpose);
    }

    /// <summary>Counts a fault of a silo's storage, which meets the call that it was accessed for and every other on that silo.</summary>
    public void Strike(FaultKind kind, SimulatedSilo silo)
    {
        foreach (var purpose in Network.PurposesAt(silo).Append(Purpose).Distinct().ToArray())
            Counts.Add(kind, purpose);
    }

    /// <summary>Whether a grain is active on a silo other than the given one.</summary>
    public bool IsElsewhere(GrainId grain, SimulatedSilo? silo) => _silos.Any(s => s != silo && s.Has(grain));

    /// <summary>Lets everything go without telling the grains.</summary>
    public void Dispose()
    {
        _moves.Dispose();
        foreach (var silo in _silos.ToArray())
            Kill(silo, TimeSpan.Zero);
    }

    private void OnSent(string? purpose)
    {
        if (purpose is not null && _awaited.Remove(purpose, out var awaited))
            Scheduler.Enqueue(new Signal(awaited));
    }

    private void GiveUp(SimulatedSilo silo)
    {
        Trace.Add($"{silo} is declared dead");
        Places.RemoveAll(silo);
        Network.Break(silo);
    }

    private void After(TimeSpan time, Action action) =>
        Clock.CreateTimer(static action => ((Action)action!)(), action, time, Timeout.InfiniteTimeSpan);

    /// <summary>Tells those who waited for a call to begin, outside of the turn that made it.</summary>
    private sealed class Signal(TaskCompletionSource awaited) : IThreadPoolWorkItem
    {
        public void Execute() => awaited.SetResult();

        public override string ToString() => "begins";
    }
}
