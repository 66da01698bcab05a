using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>What the requests of this process look like, for dashboard, status and meters. Counting takes no lock and allocates nothing.</summary>
public sealed class ServerStatistics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "OrleansRec.Gateway";

    private const int RateSlots = 16;
    private const int RateSeconds = 10;
    private const int RequestCounter = 0;
    private const int EventCounter = 1;

    private readonly TimeProvider _time;
    private readonly IServingGate _gate;
    private readonly FrozenDictionary<string, GroupTraffic> _groups;
    private readonly SlidingWindow _rates;
    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _eventCounter;
    private long _events;

    /// <summary>Begins to count.</summary>
    public ServerStatistics(TimeProvider time, IServingGate gate)
    {
        _time = time;
        _gate = gate;
        Started = time.GetUtcNow();
        _groups = TrafficGroups.All.ToFrozenDictionary(g => g, g => new GroupTraffic(g, time));
        _rates = new(time, TimeSpan.FromSeconds(1), RateSlots, width: 2);
        _durations = _meter.CreateHistogram<double>("orleansrec.requests", "s", "Time to answer a request, by group of endpoints and status.");
        _eventCounter = _meter.CreateCounter<long>("orleansrec.events", "{event}", "Events accepted.");
        _meter.CreateObservableUpDownCounter("orleansrec.requests.active", () => gate.InFlight, "{request}", "Requests being served.");
    }

    /// <summary>When this process began to count.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>Counts a request that is answered.</summary>
    /// <param name="group">One of <see cref="TrafficGroups"/>.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="startTimestamp">The time provider's timestamp at its begin.</param>
    public void CountRequest(string group, int status, long startTimestamp)
    {
        TimeSpan latency = _time.GetElapsedTime(startTimestamp);
        _groups[group].Count(status, latency);
        _rates.Add(RequestCounter);
        if (_durations.Enabled)
            _durations.Record(latency.TotalSeconds, new("group", group), new("status", status));
    }

    /// <summary>Counts events accepted.</summary>
    public void CountEvents(int accepted)
    {
        if (accepted == 0)
            return;
        Interlocked.Add(ref _events, accepted);
        _rates.Add(EventCounter, accepted);
        _eventCounter.Add(accepted);
    }

    /// <summary>What was counted up to now.</summary>
    public TrafficInfo Snapshot()
    {
        long[] rates = _rates.Sum(RateSeconds, current: false);
        return new(
            _groups.Values.Sum(g => g.Requests), _groups.Values.Sum(g => g.Errors), _groups.Values.Sum(g => g.Refused), Volatile.Read(ref _events),
            _gate.InFlight, rates[RequestCounter] / (double)RateSeconds, rates[EventCounter] / (double)RateSeconds,
            [.. TrafficGroups.All.Select(name => _groups[name].Snapshot())]);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
