using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;
using Orleans.Runtime;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Telemetry;

/// <summary>Keeps the spans of calls to the product's grains and drops those of Orleans' own: pings, load reports, timers.</summary>
/// <remarks>Orleans takes an interface for one of its own where the name of its namespace begins with "Orleans", as ours do, so both come from one source.</remarks>
internal sealed class GrainCallSpans : BaseProcessor<Activity>
{
    /// <summary>Where the spans come from.</summary>
    public const string Source = "Microsoft.Orleans.Runtime";

    private static readonly FrozenSet<string> interfaces =
        typeof(IUserGrain).Assembly.GetTypes().Where(t => t.IsInterface && t.IsAssignableTo(typeof(IAddressable))).Select(t => t.Name).ToFrozenSet();

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == Source && !interfaces.Contains(data.OperationName.Split('/')[0]))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
