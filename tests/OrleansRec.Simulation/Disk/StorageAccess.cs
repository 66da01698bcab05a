using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>How one silo reaches the storage: every access takes its time, and faults come in between. Of a silo that is dead nothing arrives any more.</summary>
internal sealed class StorageAccess(SimulatedSilo silo, SimulatedCluster cluster, TimeProvider clock, SimulatedRandom random, Weather weather, SimulatedDisk disk)
{
    private static readonly TimeSpan Quick = TimeSpan.FromMicroseconds(200), Usual = TimeSpan.FromMilliseconds(2);
    private readonly TaskCompletionSource _never = new();

    /// <summary>Takes a stream over for this silo.</summary>
    public LogOpening Open(string stream) => disk.Open(stream, silo, clock.GetUtcNow());

    /// <summary>Reads.</summary>
    /// <param name="what">For the trace.</param>
    /// <param name="read">Takes whether the last write is missed.</param>
    public async Task<T> Read<T>(string what, Func<bool, T> read)
    {
        await Wait(what);
        var isStale = Happens(weather.Storage.Stale, FaultKind.StorageStale, what);
        if (Happens(weather.Storage.Failed, FaultKind.StorageFailed, what))
            throw new StoreUnavailableException($"Planted: {what} fails.");
        var answer = read(isStale);
        cluster.Trace.Add($"{silo} {what}");
        await Pass(random.Time(TimeSpan.Zero, Quick));
        return answer;
    }

    /// <summary>Writes.</summary>
    /// <param name="what">For the trace.</param>
    /// <param name="write">Makes it durable.</param>
    /// <param name="tear">Makes a part of it durable, which is as good as nothing, or all of it.</param>
    public async Task<T> Write<T>(string what, Func<Task<T>> write, Action? tear = null)
    {
        await Wait(what);
        if (Happens(weather.Storage.Torn, FaultKind.StorageTorn, what))
        {
            tear?.Invoke();
            cluster.Kill(silo, random.Time(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400)));
            await _never.Task;
        }
        var fails = Happens(weather.Storage.Failed, FaultKind.StorageFailed, what);
        if (fails && random.Chance(0.5))
            throw new StoreUnavailableException($"Planted: {what} fails.");
        var answer = await write();
        cluster.Trace.Add($"{silo} {what}");
        await Pass(random.Time(TimeSpan.Zero, Quick));
        return fails ? throw new StoreUnavailableException($"Planted: {what} was done, but seems to have failed.") : answer;
    }

    private Task Wait(string what) => Pass(
        Happens(weather.Storage.Slow, FaultKind.StorageSlow, what) ? random.Time(Usual, weather.Storage.SlowMax) : random.Time(Quick, Usual));

    private async Task Pass(TimeSpan time)
    {
        await Task.Delay(time, clock);
        if (silo.IsDead)
            await _never.Task;
    }

    private bool Happens(double chance, FaultKind kind, string what)
    {
        if (!random.Chance(chance) && !weather.IsDue(kind))
            return false;
        if (kind == FaultKind.StorageTorn)
            cluster.Strike(kind);
        else
            cluster.Strike(kind, silo);
        cluster.Trace.Add($"fault {kind} {silo} {what}");
        return true;
    }
}
