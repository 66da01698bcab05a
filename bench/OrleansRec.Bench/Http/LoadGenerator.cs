using System.Diagnostics;
using System.Net.Sockets;

namespace OrleansRec.Bench.Http;

/// <summary>Sends requests over many connections from one thread, which costs the server beside it as little as may be.</summary>
internal sealed class LoadGenerator : IDisposable
{
    private readonly LoadConnection[] connections;
    private readonly Dictionary<Socket, LoadConnection> bySocket;
    private readonly List<Socket> ready = [];
    private readonly List<double> latencies = [];

    public LoadGenerator(Uri server, int count)
    {
        connections = [.. Enumerable.Range(0, count).Select(_ => new LoadConnection(server))];
        bySocket = connections.ToDictionary(c => c.Socket);
    }

    /// <summary>Closed loop: every connection sends its next request when its last is answered.</summary>
    public LoadFigures Saturate(RequestWriter write, TimeSpan duration)
    {
        latencies.Clear();
        long start = Stopwatch.GetTimestamp(), end = start + Ticks(duration);
        foreach (LoadConnection connection in connections)
            connection.Send(write, Stopwatch.GetTimestamp());
        int underWay = connections.Length;
        while (underWay > 0)
        {
            Wait(connections, Timeout.Infinite);
            foreach (Socket socket in ready)
            {
                LoadConnection connection = bySocket[socket];
                if (!connection.Receive())
                    continue;
                long now = Count(connection);
                if (now < end)
                    connection.Send(write, now);
                else
                    underWay--;
            }
        }
        return LoadFigures.Of(latencies, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>
    /// Open loop: requests are due at even distances, whatever the server does. A latency runs from the moment at which its request was due, so that a
    /// server that stalls is charged for everything that would have come meanwhile.
    /// </summary>
    public LoadFigures Pace(RequestWriter write, double perSecond, TimeSpan duration)
    {
        latencies.Clear();
        var idle = new Stack<LoadConnection>(connections);
        var busy = new List<LoadConnection>();
        double step = Stopwatch.Frequency / perSecond;
        int total = (int)(duration.TotalSeconds * perSecond), sent = 0;
        long start = Stopwatch.GetTimestamp();
        while (latencies.Count < total)
        {
            long now = Stopwatch.GetTimestamp(), due = start + (long)(sent * step);
            for (; sent < total && due <= now && idle.TryPop(out LoadConnection? connection); due = start + (long)(++sent * step))
            {
                connection.Send(write, due);
                busy.Add(connection);
            }
            if (busy.Count == 0)
            {
                Thread.SpinWait(20);
                continue;
            }
            Wait(busy, idle.Count == 0 || sent == total ? Timeout.Infinite : Math.Max(0, (int)((due - now) * 1_000_000 / Stopwatch.Frequency)));
            foreach (Socket socket in ready)
            {
                LoadConnection connection = bySocket[socket];
                if (!connection.Receive())
                    continue;
                Count(connection);
                busy.Remove(connection);
                idle.Push(connection);
            }
        }
        return LoadFigures.Of(latencies, Stopwatch.GetElapsedTime(start));
    }

    public void Dispose()
    {
        foreach (LoadConnection connection in connections)
            connection.Dispose();
    }

    private long Count(LoadConnection connection)
    {
        long now = Stopwatch.GetTimestamp();
        latencies.Add((now - connection.IntendedAt) * 1e3 / Stopwatch.Frequency);
        return now;
    }

    private void Wait(IReadOnlyList<LoadConnection> among, int microseconds)
    {
        ready.Clear();
        for (int i = 0; i < among.Count; i++)
            ready.Add(among[i].Socket);
        Socket.Select(ready, null, null, microseconds);
    }

    private static long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * Stopwatch.Frequency);
}

/// <summary>What came of one load.</summary>
internal sealed record LoadFigures(double PerSecond, double MedianMs, double P99Ms, int Requests)
{
    public static LoadFigures Of(List<double> latencies, TimeSpan elapsed)
    {
        latencies.Sort();
        return new(latencies.Count / elapsed.TotalSeconds, latencies[latencies.Count / 2], latencies[(int)(latencies.Count * 0.99)], latencies.Count);
    }
}
