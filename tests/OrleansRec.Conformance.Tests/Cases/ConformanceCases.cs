using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>The base of all cases: each is written once and run on every host.</summary>
public abstract class ConformanceCases(IConformanceHost host)
{
    private static int s_stories;

    /// <summary>The cluster of cases that do not ask for another.</summary>
    protected virtual ClusterShape Shape => ClusterShape.OneSilo;

    /// <summary>Runs a case on a cluster that it may share with others of its class.</summary>
    protected Task Run(Func<Story, Task> body) => host.Run(Shape, isAlone: false, cluster => body(new(cluster, NextStory())));

    /// <summary>Runs a case on a cluster of its own.</summary>
    protected Task RunAlone(ClusterShape shape, Func<Story, Task> body) => host.Run(shape, isAlone: true, cluster => body(new(cluster, NextStory())));

    private static string NextStory() => $"story{Interlocked.Increment(ref s_stories)}";
}
