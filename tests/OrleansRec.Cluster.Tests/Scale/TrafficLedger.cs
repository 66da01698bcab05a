using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Cluster.Tests.Scale;

/// <summary>Every call between grains of a cluster: what it was, from which silo to which, and the bytes of its body and its answer as Orleans writes them.</summary>
public sealed class TrafficLedger
{
    private const string CallerKey = "caller-silo";

    private readonly ConcurrentDictionary<string, Traffic> _calls = new();
    private readonly ConcurrentDictionary<string, int[]> _rows = new();
    private readonly ConcurrentDictionary<GrainId, string> _silos = new();
    private int _underWay;

    /// <summary>Whether calls are counted: what comes before a training is not.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Calls that began while it was open and have not ended.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Which silo a grain was on when it was last called.</summary>
    public IReadOnlyDictionary<GrainId, string> Silos => _silos;

    /// <summary>The rows of the other side's shards, as a kind of solving call said them.</summary>
    public int[] RowsIn(string call) => _rows[call];

    /// <summary>The calls of some kinds.</summary>
    public Traffic Of(params string[] calls) => calls.Aggregate(default(Traffic), (sum, c) => sum + _calls.GetValueOrDefault(c));

    /// <summary>Counts the calls that the silo makes and takes.</summary>
    public void AddTo(IServiceCollection silo)
    {
        silo.AddSingleton<IOutgoingGrainCallFilter>(provider => new Outgoing(provider.GetRequiredService<ILocalSiloDetails>().Name));
        silo.AddSingleton<IIncomingGrainCallFilter>(provider =>
            new Incoming(this, provider.GetRequiredService<ILocalSiloDetails>().Name, provider.GetRequiredService<Serializer>()));
    }

    /// <summary>A report is counted under the phase that it ends.</summary>
    private static string KindOf(IGrainCallContext context) => context.Request.GetArgumentCount() > 0 && context.Request.GetArgument(0) is ShardReport report
        ? $"{context.MethodName} {report.Phase}"
        : context.MethodName;

    private sealed class Outgoing(string silo) : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context)
        {
            RequestContext.Set(CallerKey, silo);
            return context.Invoke();
        }
    }

    private sealed class Incoming(TrafficLedger ledger, string silo, Serializer serializer) : IIncomingGrainCallFilter
    {
        public async Task Invoke(IIncomingGrainCallContext context)
        {
            // Ticks of timers and the engine's own calls pass here too.
            bool isOurs = context.InterfaceName.StartsWith("OrleansRec.", StringComparison.Ordinal);
            if (isOurs)
                ledger.Note(context, silo);
            if (!isOurs || !ledger.IsOpen || RequestContext.Get(CallerKey) is not string from)
            {
                await context.Invoke();
                return;
            }
            Interlocked.Increment(ref ledger._underWay);
            try
            {
                await context.Invoke();
                Count(context, from);
            }
            finally
            {
                Interlocked.Decrement(ref ledger._underWay);
            }
        }

        private void Count(IIncomingGrainCallContext context, string from)
        {
            long bytes = serializer.SerializeToArray<object>(context.Request).Length + serializer.SerializeToArray<object>(context.Response).Length;
            bool isRemote = from != silo;
            var call = new Traffic(1, isRemote ? 1 : 0, bytes, isRemote ? bytes : 0);
            ledger._calls.AddOrUpdate(KindOf(context), call, (_, sum) => sum + call);
        }
    }

    private void Note(IIncomingGrainCallContext context, string silo)
    {
        _silos[context.TargetId] = silo;
        if (context.Request.GetArgumentCount() > 0 && context.Request.GetArgument(0) is SolveCommand solve)
            _rows[context.MethodName] = solve.OtherRows;
    }
}
