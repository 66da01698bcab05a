using OrleansRec.Gateway;

namespace OrleansRec.Silo.Hosting;

/// <summary>Whether a gateway in a process of its own reaches its cluster.</summary>
internal sealed class ClusterConnection : IReadinessProbe
{
    /// <summary>Silos that it is connected to.</summary>
    public volatile int SiloCount;

    public string? Reason => SiloCount > 0 ? null : "No silo can be reached.";
}
