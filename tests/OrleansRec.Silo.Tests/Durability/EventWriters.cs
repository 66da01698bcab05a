using System.Net;
using System.Net.Http.Json;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>
/// Shops that send events, singly and in small arrays, and repeat each call with the same event ids until it is acknowledged, across
/// whatever happens to the server.
/// </summary>
internal sealed class EventWriters(int seed, AcknowledgedEvents acknowledged)
{
    public const int WriterCount = 8;
    public const int UserCount = 24;

    private const int ItemCount = 200;
    private const int ArrayEventsMax = 8;

    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(20);

    private volatile Uri? address;

    /// <summary>Where the server is now; null while it is down.</summary>
    public Uri? Address
    {
        get => address;
        set => address = value;
    }

    /// <summary>Runs until told to stop; then each writer still brings its last call through, unless the run is given up.</summary>
    public Task Run(CancellationToken stop, CancellationToken giveUp) =>
        Task.WhenAll(Enumerable.Range(0, WriterCount).Select(writer => Task.Run(() => Write(writer, stop, giveUp), giveUp)));

    private async Task Write(int writer, CancellationToken stop, CancellationToken giveUp)
    {
        var random = new Random(seed * WriterCount + writer);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        for (int call = 0; !stop.IsCancellationRequested; call++)
        {
            // Two thirds are single events: the case in which a group commit mixes many callers.
            int size = random.Next(3) < 2 ? 1 : random.Next(2, ArrayEventsMax + 1);
            var events = Enumerable.Range(0, size).Select(n => new
            {
                eventId = $"s{seed}-w{writer}-c{call}-{n}",
                userId = $"user {random.Next(UserCount)}",
                itemId = $"item {random.Next(ItemCount)}",
                type = "view",
            }).ToArray();
            while (!await TrySend(http, size == 1 ? events[0] : events))
                await Task.Delay(pause, giveUp);
            acknowledged.Add(events.Select(e => (e.userId, e.eventId)));
        }
    }

    /// <summary>Whether the call was acknowledged. A server that is down, going down or overloaded is asked again; any other answer is a fault of the test or the server.</summary>
    private async Task<bool> TrySend(HttpClient http, object body)
    {
        if (address is not { } server)
            return false;
        try
        {
            using var answer = await http.PostAsJsonAsync(new Uri(server, "/v1/events"), body);
            if (answer.IsSuccessStatusCode)
                return true;
            if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                return false;
            throw new InvalidOperationException($"POST /v1/events answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }
}
