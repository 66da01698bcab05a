using Microsoft.Extensions.Hosting;

namespace OrleansRec.Gateway;

/// <summary>One thing that must be well for requests to be sent here.</summary>
public interface IReadinessProbe
{
    /// <summary>Why requests should go elsewhere now; null where all is well. Called often: it looks, and does nothing.</summary>
    string? Reason { get; }
}

/// <summary>Whether this process should be sent requests: after the host says that shards and model are there, while every probe is well, until it begins to stop.</summary>
public sealed class Readiness(IHostApplicationLifetime lifetime, IEnumerable<IReadinessProbe> probes)
{
    private volatile bool _marked;

    /// <summary>Why requests should not come; null where they should.</summary>
    public string? Reason => !_marked ? "Starting."
        : lifetime.ApplicationStopping.IsCancellationRequested ? "Stopping."
        : probes.Select(p => p.Reason).FirstOrDefault(reason => reason is not null);

    /// <summary>Said once by the host.</summary>
    public void MarkReady() => _marked = true;
}
