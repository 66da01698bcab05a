using OrleansRec.Api;

namespace OrleansRec.Silo.Dashboard;

/// <summary>Says to an operator what went wrong.</summary>
public static class Problems
{
    /// <summary>One sentence.</summary>
    public static string Say(Exception problem) => problem switch
    {
        RecommenderException known => known.Message,
        OperationCanceledException => "The server took too long to answer.",
        _ => $"{problem.GetType().Name}: {problem.Message}",
    };
}
