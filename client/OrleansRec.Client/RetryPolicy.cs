using System.Net;

namespace OrleansRec.Client;

/// <summary>Whether and when to try again.</summary>
internal static class RetryPolicy
{
    /// <summary>The server has refused for load or cannot serve now; the same request may succeed later.</summary>
    public static bool IsTransient(HttpStatusCode status) => status is
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
        or HttpStatusCode.RequestTimeout;

    /// <summary>The pause before attempt <paramref name="attempt"/> + 1.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="retryAfter">What the server asked for.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="fraction">Random, 0 … 1, so that clients that failed together do not return together.</param>
    public static TimeSpan Pause(int attempt, TimeSpan? retryAfter, RecommenderClientOptions options, double fraction)
    {
        TimeSpan doubled = options.FirstPause * Math.Pow(2, Math.Min(attempt - 1, 30));
        TimeSpan bounded = doubled < options.PauseMax ? doubled : options.PauseMax;
        TimeSpan pause = bounded * (0.5 + fraction / 2);
        if (retryAfter is { } asked && asked > pause)
            pause = asked < options.PauseMax ? asked : options.PauseMax;
        return pause;
    }
}
