
namespace OrleansRec.Simulation;

/// <summary>How network and storage behave: every seed has its own climate, and worse times in between.</summary>
internal sealed class Weather
{
    /// <summary>How long an announced fault waits for an access of its call.</summary>
    private static readonly TimeSpan CallMax = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedCluster _cluster;
    private readonly TimeProvider _clock;
    private readonly NetworkFaults _network;
    private readonly StorageFaults _storage;
    private (FaultKind Kind, string Call, DateTimeOffset Until)? _next;

    public Weather(SimulatedCluster cluster, TimeProvider clock, SimulatedRandom random)
    {
        (_cluster, _clock) = (cluster, clock);
        // Squared: most climates are mild in most respects, so that seeds differ in what they are about.
        double Some(double most) => most * random.Fraction() * random.Fraction();
        _network = new() { CallLost = Some(0.08), AnswerLost = Some(0.08), Delayed = Some(0.2), Duplicated = Some(0.12) };
        _storage = new() { Slow = Some(0.15), Failed = Some(0.06), Torn = Some(0.01), Stale = Some(0.1) };
        (_cluster.Faults, Storage) = (_network, _storage);
    }

    public StorageFaults Storage { get; private set; }

    /// <summary>The next access to the storage that it can befall has this fault: one for the call, or any after a while or where the call makes none itself.</summary>
    public void Doom(FaultKind kind, string call) =>
        _next = (kind, call, _clock.GetUtcNow() + (World.Writes.Contains(call) ? CallMax : TimeSpan.Zero));

    /// <summary>Whether a fault was announced, which it then is no more.</summary>
    public bool IsDue(FaultKind kind)
    {
        if (_next is not { } next || next.Kind != kind || (next.Call != SimulatedCluster.Purpose && _clock.GetUtcNow() < next.Until))
            return false;
        _next = null;
        return true;
    }

    /// <summary>One or both are much worse for a while.</summary>
    public async Task Worsen(SimulatedRandom random)
    {
        var (kind, factor) = (random.Below(4), random.Between(3, 8));
        if (kind != 0)
            _cluster.Faults = _network with
            {
                CallLost = Math.Min(0.3, _network.CallLost * factor), AnswerLost = Math.Min(0.3, _network.AnswerLost * factor),
                Delayed = Math.Min(0.6, _network.Delayed * factor), Duplicated = Math.Min(0.4, _network.Duplicated * factor),
            };
        if (kind != 1)
            Storage = _storage with
            {
                Slow = Math.Min(0.5, _storage.Slow * factor), Failed = Math.Min(0.3, _storage.Failed * factor),
                Torn = Math.Min(0.03, _storage.Torn * factor), Stale = Math.Min(0.4, _storage.Stale * factor),
            };
        await Task.Delay(random.Time(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(3)), _clock);
        (_cluster.Faults, Storage) = (_network, _storage);
    }

    /// <summary>No more faults.</summary>
    public void Clear() => (_cluster.Faults, Storage, _next) = (NetworkFaults.None, StorageFaults.None, null);
}
