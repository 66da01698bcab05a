using Microsoft.Extensions.Hosting;

namespace OrleansRec.Gateway;

/// <summary>Whether this process should be sent requests: after the host says that shards and model are there, until it begins to stop.</summary>
public sealed class Readiness(IHostApplicationLifetime lifetime)
{
    private volatile bool _marked;

    /// <summary>Whether requests should come.</summary>
    public bool IsReady => _marked && !lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Said once by the host.</summary>
    public void MarkReady() => _marked = true;
}
