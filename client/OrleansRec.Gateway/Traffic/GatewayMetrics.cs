using System.Diagnostics.Metrics;
using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>What passes through the gateway, beside the web server's own measures of requests. No tag holds an id.</summary>
internal static class GatewayMetrics
{
    private static readonly Meter meter = new("OrleansRec.Gateway");
    private static readonly Counter<long> events = meter.CreateCounter<long>("orleansrec.events", "{event}", "Events received, by what became of them.");
    private static readonly Counter<long> lists = meter.CreateCounter<long>("orleansrec.lists", "{list}", "Lists answered, by where their first item came from.");
    private static readonly Counter<long> refused = meter.CreateCounter<long>("orleansrec.requests.refused", "{request}", "Requests refused because too many waited.");

    private static readonly Counter<long> retried = meter.CreateCounter<long>("orleansrec.calls.retried", "{call}", "Calls to grains made again because a silo was lost or did not answer.");

    public static void Count(EventsAnswer answer)
    {
        Count("accepted", answer.Accepted);
        Count("duplicate", answer.Duplicates);
        Count("rejected", answer.Rejected.Length);
        if (answer.Recommendations is { } list)
            Count(list);
    }

    public static void Count(RecommendationAnswer list) => lists.Add(1, new KeyValuePair<string, object?>("source", list.Items is [var first, ..] ? first.Source : "none"));

    public static void CountRetried() => retried.Add(1);

    public static void CountRefused() => refused.Add(1);

    private static void Count(string outcome, long count)
    {
        if (count > 0)
            events.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
