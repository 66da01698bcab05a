using OrleansRec.Tests.Shared;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>Orleans itself. Cases of one class share the clusters that they may share.</summary>
public sealed class OrleansHost : IConformanceHost, IAsyncDisposable
{
    private static readonly TimeSpan s_caseMax = TimeSpan.FromSeconds(60);
    private readonly Dictionary<ClusterShape, OrleansCluster> _shared = [];

    public async Task Run(ClusterShape shape, bool isAlone, Func<IConformanceCluster, Task> body)
    {
        if (isAlone)
        {
            await using OrleansCluster own = await OrleansCluster.Start(shape);
            await body(own).Within(s_caseMax, "the case to end");
            return;
        }
        // xunit runs the cases of one class one after the other.
        if (!_shared.TryGetValue(shape, out OrleansCluster? cluster))
            _shared[shape] = cluster = await OrleansCluster.Start(shape);
        await body(cluster).Within(s_caseMax, "the case to end");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OrleansCluster cluster in _shared.Values)
            await cluster.DisposeAsync();
    }
}
