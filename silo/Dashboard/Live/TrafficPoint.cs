using OrleansRec.Api;

namespace OrleansRec.Silo.Dashboard.Live;

/// <summary>The traffic at one poll, as the charts draw it.</summary>
public sealed record TrafficPoint(DateTime Time, double Requests, double Events, double ErrorPercent, TrafficGroup[] Groups)
{
    /// <summary>The point of a status; errors are those since the previous poll, in percent of the requests since then.</summary>
    public static TrafficPoint Of(DateTimeOffset time, TrafficInfo now, TrafficInfo? before)
    {
        long requests = now.Requests - (before?.Requests ?? now.Requests);
        long errors = now.Errors - (before?.Errors ?? now.Errors);
        double percent = requests > 0 ? 100.0 * Math.Max(0, errors) / requests : 0;
        return new(time.UtcDateTime, now.RequestsPerSecond, now.EventsPerSecond, percent, now.Groups);
    }
}
