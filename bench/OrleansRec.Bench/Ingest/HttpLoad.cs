using System.Diagnostics;
using System.Globalization;

namespace OrleansRec.Bench.Ingest;

/// <summary>Single-event writes per second over 64 connections, each waiting for its acknowledgement before the next.</summary>
internal static class HttpLoad
{
    public const int ConnectionCount = 64;

    private const int WarmUpEvents = 20_000;

    public sealed record Figures(double EventsPerSecond, double MedianMs, double P99Ms);

    /// <summary>Sends the same number of events several times, after an unmeasured start.</summary>
    public static async Task<Figures[]> Run(Uri server, int events, int attempts)
    {
        await Send(server, "warm", WarmUpEvents);
        var figures = new Figures[attempts];
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            long start = Stopwatch.GetTimestamp();
            var latencies = await Send(server, string.Create(CultureInfo.InvariantCulture, $"run-{attempt}"), events);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Array.Sort(latencies);
            figures[attempt] = new(events / seconds, latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)]);
        }
        return figures;
    }

    private static async Task<double[]> Send(Uri server, string run, int events)
    {
        var latencies = new double[events];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, ConnectionCount).Select(connection => Task.Run(async () =>
        {
            var random = new Random(connection);
            using var http = await HttpConnection.Open(server, "/v1/events");
            for (int n = Interlocked.Increment(ref next); n < events; n = Interlocked.Increment(ref next))
            {
                string body = string.Create(CultureInfo.InvariantCulture,
                    $$"""{"eventId":"{{run}}-{{n}}","userId":"user-{{random.Next(EventSample.UserCount)}}","itemId":"item-{{random.Next(EventSample.ItemCount)}}","type":"view"}""");
                long start = Stopwatch.GetTimestamp();
                int status = await http.Post(body);
                if (status != 200)
                    throw new InvalidOperationException($"POST /v1/events answered {status}.");
                latencies[n] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        })));
        return latencies;
    }
}
