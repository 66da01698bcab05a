using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace OrleansRec.Gateway;

/// <summary>The limiter of requests served at once, oldest first.</summary>
internal sealed class RequestAdmission(IOptions<GatewayOptions> options) : IReadinessProbe, IDisposable
{
    /// <inheritdoc/>
    public string? Reason => Limiter.GetStatistics() is { } now && now.CurrentAvailablePermits == 0 && now.CurrentQueuedCount >= options.Value.QueuedRequestsMax
        ? $"{now.CurrentQueuedCount} requests wait; {GatewayOptions.Section}:{nameof(GatewayOptions.QueuedRequestsMax)} is {options.Value.QueuedRequestsMax}."
        : null;

    public ConcurrencyLimiter Limiter { get; } = new(new()
    {
        PermitLimit = options.Value.ConcurrentRequestsMax,
        QueueLimit = options.Value.QueuedRequestsMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public void Dispose() => Limiter.Dispose();
}
