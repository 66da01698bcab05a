using Orleans.Dashboard;
using OrleansRec.Silo.Dashboard.Access;

namespace OrleansRec.Silo.Dashboard;

/// <summary>Orleans' own dashboard: silos, grains and calls. It shows what lies below the tenants, so a login must be an admin's of the default tenant.</summary>
internal static class ClusterPages
{
    /// <summary>Where it is.</summary>
    public const string Root = "/orleans";

    /// <summary>Adds what a silo gathers for it. Calls are measured while somebody looks.</summary>
    public static void AddClusterPages(this ISiloBuilder silo) => silo.AddDashboard(o => o.HideTrace = true);

    /// <summary>Maps its pages and figures.</summary>
    public static void MapClusterPages(this IEndpointRouteBuilder endpoints) => endpoints.MapOrleansDashboard(Root)
        .RequireAuthorization(OperatorScope.CanSeeCluster)
        .AddEndpointFilter((context, next) =>
        {
            PageHeaders.Set(context.HttpContext);
            return next(context);
        });
}
