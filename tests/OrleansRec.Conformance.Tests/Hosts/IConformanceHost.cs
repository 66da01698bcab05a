namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>Something that claims to run grains as Orleans does.</summary>
public interface IConformanceHost
{
    /// <summary>Runs the body of a case.</summary>
    /// <param name="shape">The cluster that it needs.</param>
    /// <param name="isAlone">Whether the case needs a cluster of its own, since it ends or adds silos; else it may share one with others.</param>
    /// <param name="body">Runs on the host's scheduler.</param>
    Task Run(ClusterShape shape, bool isAlone, Func<IConformanceCluster, Task> body);
}
