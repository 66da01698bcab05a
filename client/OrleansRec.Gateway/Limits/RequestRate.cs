using System.Threading.RateLimiting;

namespace OrleansRec.Gateway;

/// <summary>A rate as a bucket of tokens, one for each request.</summary>
internal static class RequestRate
{
    /// <summary>A bucket holds the requests of so long, at least one: what may come at once after a quiet time.</summary>
    public static readonly TimeSpan BurstPeriod = TimeSpan.FromSeconds(2);

    /// <summary>The smallest rate: one request in a hundred seconds.</summary>
    public const double Min = 0.01;

    /// <summary>The largest rate.</summary>
    public const double Max = 1_000_000;

    private static readonly TimeSpan RefillPeriodMin = TimeSpan.FromMilliseconds(10);

    /// <summary>The bucket of a rate; null for none. It has no timer: a caller that finds it empty fills it up to now first.</summary>
    public static ReplenishingRateLimiter? Of(double? requestsPerSecond)
    {
        if (requestsPerSecond is not { } rate)
            return null;
        TimeSpan period = TimeSpan.FromSeconds(1 / rate);
        int tokens = 1;
        if (period < RefillPeriodMin)
            (period, tokens) = (RefillPeriodMin, (int)Math.Round(rate * RefillPeriodMin.TotalSeconds));
        return new TokenBucketRateLimiter(new()
        {
            TokenLimit = Math.Max(1, (int)Math.Ceiling(rate * BurstPeriod.TotalSeconds)), TokensPerPeriod = tokens, ReplenishmentPeriod = period,
            QueueLimit = 0, AutoReplenishment = false,
        });
    }

    /// <summary>Takes a token; else says how long a caller should wait.</summary>
    public static bool TryTake(RateLimiter? rate, out TimeSpan wait)
    {
        wait = default;
        if (rate is null)
            return true;
        (rate as ReplenishingRateLimiter)?.TryReplenish();
        using RateLimitLease lease = rate.AttemptAcquire();
        if (lease.IsAcquired)
            return true;
        if (!lease.TryGetMetadata(MetadataName.RetryAfter, out wait))
            wait = TimeSpan.FromSeconds(1);
        return false;
    }
}
