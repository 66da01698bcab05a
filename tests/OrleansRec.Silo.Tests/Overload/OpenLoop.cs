using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansRec.Silo.Tests.Overload;

/// <summary>What came of a load.</summary>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="Statuses">Answers by status.</param>
/// <param name="Unsent">Requests that were due while every connection waited for an answer, and that nobody sent.</param>
/// <param name="WithoutRetryAfter">Answers of 429 that do not say when to come again.</param>
/// <param name="LatenciesMs">Of the answers with 200, ascending, each from the moment its request was due.</param>
internal sealed record LoadOutcome(double Seconds, IReadOnlyDictionary<int, int> Statuses, int Unsent, int WithoutRetryAfter, double[] LatenciesMs)
{
    public int Answered(int status) => Statuses.GetValueOrDefault(status);

    public double P99Ms => LatenciesMs.Length == 0 ? double.PositiveInfinity : LatenciesMs[(int)(LatenciesMs.Length * 0.99)];

    public override string ToString() =>
        $"{string.Join(", ", Statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))}, unsent: {Unsent} in {Seconds:f1} s; of 200 p50 {(LatenciesMs.Length == 0 ? 0 : LatenciesMs[LatenciesMs.Length / 2]):f1} ms, p99 {P99Ms:f1} ms";
}

/// <summary>
/// Sends requests that are due at even distances whether or not earlier ones are answered. With fewer connections than a server holds at once, a
/// generator slows down with the server and never overloads it.
/// </summary>
internal sealed class OpenLoop(Uri server, int connectionsMax, Func<int, string> request, Action<int> onRecorded) : IDisposable
{
    private readonly ConcurrentStack<LoadSocket> idle = new();
    private readonly ConcurrentBag<LoadSocket> opened = [];
    private int next;

    /// <summary>Every connection sends its next request when its last is answered.</summary>
    public async Task<LoadOutcome> Saturate(int connections, TimeSpan duration)
    {
        var tally = new Tally();
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            LoadSocket socket = Take()!;
            while (Stopwatch.GetElapsedTime(start) < duration)
                await Send(socket, Stopwatch.GetTimestamp(), tally);
            idle.Push(socket);
        }));
        return tally.Outcome(Stopwatch.GetElapsedTime(start), unsent: 0);
    }

    /// <summary>Sends so many a second while the time lasts. What is late is sent as soon as a connection is free; what is left at the end is not.</summary>
    /// <param name="watch">Called about every second.</param>
    public async Task<LoadOutcome> Pace(double perSecond, TimeSpan duration, Action? watch = null)
    {
        var tally = new Tally();
        int total = (int)(perSecond * duration.TotalSeconds), watched = 0;
        double step = Stopwatch.Frequency / perSecond;
        long start = Stopwatch.GetTimestamp();
        var underWay = new CountdownEvent(1);
        int sent = 0;
        // What is due shortly before the end is sent after it, if a connection is free then.
        for (bool isOver = false; sent < total && !isOver;)
        {
            isOver = Stopwatch.GetElapsedTime(start) >= duration;
            long now = Stopwatch.GetTimestamp(), due;
            for (; sent < total && (due = start + (long)(sent * step)) <= now && Take() is { } socket; sent++)
            {
                underWay.AddCount();
                _ = Finish(socket, due);
            }
            if ((int)Stopwatch.GetElapsedTime(start).TotalSeconds > watched)
            {
                watched++;
                watch?.Invoke();
            }
            if (!isOver)
                await Task.Delay(1);
        }
        underWay.Signal();
        if (!underWay.Wait(TimeSpan.FromMinutes(2)))
            throw new TimeoutException($"{underWay.CurrentCount} requests had no answer two minutes after the last was sent.");
        return tally.Outcome(Stopwatch.GetElapsedTime(start), total - sent);

        async Task Finish(LoadSocket socket, long due)
        {
            await Send(socket, due, tally);
            idle.Push(socket);
            underWay.Signal();
        }
    }

    public void Dispose()
    {
        foreach (LoadSocket socket in opened)
            socket.Dispose();
    }

    private LoadSocket? Take()
    {
        if (idle.TryPop(out LoadSocket? socket))
            return socket;
        if (opened.Count >= connectionsMax)
            return null;
        opened.Add(socket = new(server));
        return socket;
    }

    private async Task Send(LoadSocket socket, long due, Tally tally)
    {
        int number = Interlocked.Increment(ref next) - 1;
        (int status, bool hasRetryAfter) = (0, false);
        try
        {
            (status, hasRetryAfter) = await socket.Send(request(number));
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // Counted as status 0.
        }
        if (status == 200)
            onRecorded(number);
        tally.Count(status, hasRetryAfter, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
    }

    private sealed class Tally
    {
        private readonly Lock gate = new();
        private readonly Dictionary<int, int> statuses = [];
        private readonly List<double> latencies = [];
        private int withoutRetryAfter;

        public void Count(int status, bool hasRetryAfter, double ms)
        {
            lock (gate)
            {
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
                if (status == 200)
                    latencies.Add(ms);
                if (status == 429 && !hasRetryAfter)
                    withoutRetryAfter++;
            }
        }

        public LoadOutcome Outcome(TimeSpan elapsed, int unsent)
        {
            lock (gate)
                return new(elapsed.TotalSeconds, statuses, unsent, withoutRetryAfter, [.. latencies.Order()]);
        }
    }
}
