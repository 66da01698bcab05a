using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans.Runtime;

namespace OrleansRec.Cluster.Tests.RoundTrips;

/// <summary>The calls that one request made, which of them left their process, and which ran after one another.</summary>
internal sealed class CallTrace
{
    private const string RootKey = "trace", CallKey = "trace-call", FromKey = "trace-from";

    private static readonly ConcurrentDictionary<Guid, CallTrace> traces = new();

    private readonly ConcurrentDictionary<long, Call> calls = new();
    private long lastId;

    /// <summary>Counts the calls of <paramref name="request"/>.</summary>
    public static async Task<CallTrace> Of(Func<Task> request)
    {
        var (id, trace) = (Guid.NewGuid(), new CallTrace());
        traces[id] = trace;
        RequestContext.Set(RootKey, id);
        try
        {
            await request();
            return trace;
        }
        finally
        {
            RequestContext.Clear();
            traces.TryRemove(id, out _);
        }
    }

    /// <summary>Calls that left their process.</summary>
    public int Crossings => calls.Values.Count(c => c.Crosses);

    /// <summary>
    /// The longest chain of calls that left their process, each inside the one before or begun after it had ended. Calls that ran side by side count once.
    /// </summary>
    public int Sequential => LongestChain(parent: 0);

    /// <summary>What was called from where, for a failed test.</summary>
    public override string ToString() => string.Join('\n', calls.Values.OrderBy(c => c.Begin).Select(c => $"{c.Id} in {c.Parent}{(c.Crosses ? " crosses" : "")}: {c.Name}"));

    private int LongestChain(long parent)
    {
        // By end: each call's best chain goes on from the best of those that had ended when it began.
        var ended = new List<(long End, int Length)>();
        foreach (Call call in calls.Values.Where(c => c.Parent == parent).OrderBy(c => c.End))
        {
            int before = ended.Where(e => e.End <= call.Begin).Select(e => e.Length).DefaultIfEmpty().Max();
            ended.Add((call.End, before + (call.Crosses ? 1 : 0) + LongestChain(call.Id)));
        }
        return ended.Select(e => e.Length).DefaultIfEmpty().Max();
    }

    /// <summary>Notes calls where they are made.</summary>
    public sealed class Outgoing(string process) : IOutgoingGrainCallFilter
    {
        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (RequestContext.Get(RootKey) is not Guid root || !traces.TryGetValue(root, out CallTrace? trace))
            {
                await context.Invoke();
                return;
            }
            long parent = RequestContext.Get(CallKey) is long p ? p : 0;
            var call = new Call(Interlocked.Increment(ref trace.lastId), parent, $"{context.InterfaceName}.{context.MethodName}") { Begin = Stopwatch.GetTimestamp() };
            trace.calls[call.Id] = call;
            RequestContext.Set(CallKey, call.Id);
            RequestContext.Set(FromKey, process);
            try
            {
                await context.Invoke();
            }
            finally
            {
                call.End = Stopwatch.GetTimestamp();
                RequestContext.Set(CallKey, parent);
            }
        }
    }

    /// <summary>Notes which calls come from another process.</summary>
    public sealed class Incoming(string process) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (RequestContext.Get(RootKey) is Guid root && traces.TryGetValue(root, out CallTrace? trace) && RequestContext.Get(CallKey) is long id
                && trace.calls.TryGetValue(id, out Call? call) && RequestContext.Get(FromKey) is string from)
                call.Crosses |= from != process;
            return context.Invoke();
        }
    }

    private sealed class Call(long id, long parent, string name)
    {
        public long Id => id;

        public long Parent => parent;

        public string Name => name;

        public long Begin, End;

        public bool Crosses;
    }
}
