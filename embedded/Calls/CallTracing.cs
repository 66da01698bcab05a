using System.Diagnostics;

namespace OrleansRec.Embedded;

/// <summary>A span for each call, under the name of Orleans' own source, so that a trace looks the same on either engine. No tag holds a grain's key.</summary>
internal static class CallTracing
{
    private static readonly ActivitySource source = new("Microsoft.Orleans.Application");

    /// <summary>Starts a span below the caller's; null where nobody listens. The caller's own stays the current one.</summary>
    public static Activity? Begin(string method)
    {
        if (!source.HasListeners())
            return null;
        Activity? caller = Activity.Current;
        Activity? span = source.StartActivity(method, ActivityKind.Internal);
        Activity.Current = caller;
        return span;
    }

    /// <summary>Makes a span the current one and returns what was.</summary>
    public static Activity? Enter(Activity? span)
    {
        if (span is null)
            return null;
        Activity? before = Activity.Current;
        Activity.Current = span;
        return before;
    }

    /// <summary>Undoes <see cref="Enter"/>.</summary>
    public static void Leave(Activity? span, Activity? before)
    {
        if (span is not null)
            Activity.Current = before;
    }

    /// <summary>Ends a span wherever it is: what is current there stays.</summary>
    public static void End(Activity? span, bool failed)
    {
        if (span is null)
            return;
        Activity? current = Activity.Current;
        if (failed)
            span.SetStatus(ActivityStatusCode.Error);
        span.Stop();
        Activity.Current = ReferenceEquals(current, span) ? span.Parent : current;
    }
}
