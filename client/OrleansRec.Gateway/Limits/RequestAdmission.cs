using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace OrleansRec.Gateway;

/// <summary>The limiter of requests served at once, oldest first.</summary>
internal sealed class RequestAdmission(IOptions<GatewayOptions> options) : IDisposable
{
    public ConcurrencyLimiter Limiter { get; } = new(new()
    {
        PermitLimit = options.Value.ConcurrentRequestsMax,
        QueueLimit = options.Value.QueuedRequestsMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public void Dispose() => Limiter.Dispose();
}
