using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>Requests of one group of endpoints: totals since the start, latencies over the last minute.</summary>
internal sealed class GroupTraffic(string name, TimeProvider time)
{
    private const int LatencySlots = 7;
    private const int LatencySlotsShown = 6;

    private readonly SlidingWindow _latencies = new(time, TimeSpan.FromSeconds(10), LatencySlots, LatencyBuckets.Count);
    private long _requests;
    private long _errors;
    private long _refused;

    public string Name => name;

    public long Requests => Volatile.Read(ref _requests);

    public long Errors => Volatile.Read(ref _errors);

    public long Refused => Volatile.Read(ref _refused);

    public void Count(int status, TimeSpan latency)
    {
        Interlocked.Increment(ref _requests);
        if (status >= 500)
            Interlocked.Increment(ref _errors);
        else if (status >= 400)
            Interlocked.Increment(ref _refused);
        _latencies.Add(LatencyBuckets.Of(latency.Ticks / TimeSpan.TicksPerMicrosecond));
    }

    public TrafficGroup Snapshot()
    {
        long[] counts = _latencies.Sum(LatencySlotsShown, current: true);
        return new(name, Requests, Errors, LatencyBuckets.PercentileMs(counts, 0.5), LatencyBuckets.PercentileMs(counts, 0.95),
            LatencyBuckets.PercentileMs(counts, 0.99), LatencyBuckets.PercentileMs(counts, 1));
    }
}
