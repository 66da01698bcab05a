namespace OrleansRec.Silo.Dashboard;

/// <summary>The engine's own dashboard: Embedded has none.</summary>
internal static class ClusterPages
{
    /// <summary>Where it would be.</summary>
    public const string Root = "/orleans";

    public static void MapClusterPages(this IEndpointRouteBuilder endpoints)
    {
    }
}
