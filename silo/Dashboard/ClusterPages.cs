using System.Reflection;
using Orleans;
using Orleans.Dashboard;
using Orleans.Runtime;
using OrleansRec.Silo.Dashboard.Access;

namespace OrleansRec.Silo.Dashboard;

/// <summary>Orleans' own dashboard: silos, grains and calls. It shows what lies below the tenants, so a login must be an admin's of the default tenant.</summary>
internal static class ClusterPages
{
    /// <summary>Where it is.</summary>
    public const string Root = "/orleans";

    /// <summary>How often a silo notes its own figures, and a page gets newer ones. The silo does so whether or not somebody looks.</summary>
    private static readonly TimeSpan notePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Adds what a silo gathers for it. Calls are measured while somebody looks, and so are the engine's counters.</summary>
    public static void AddClusterPages(this ISiloBuilder silo)
    {
        IServiceCollection services = silo.Services;
        int before = services.Count;
        silo.AddDashboard(o => (o.HideTrace, o.CounterUpdateIntervalMs) = (true, (int)notePeriod.TotalMilliseconds));
        // The package reads every counter of the engine once a second for as long as the process runs. Its host, which is registered as a hosted service and as a part of the silo's life, is made
        // at the first look instead.
        Assembly package = typeof(Orleans.Dashboard.DashboardOptions).Assembly;
        ServiceDescriptor[] added = [.. services.Skip(before)];
        ServiceDescriptor hosted = added.Single(d => d.ServiceType == typeof(IHostedService));
        services.Remove(hosted);
        services.Remove(added.Single(d => d.ServiceType == typeof(ILifecycleParticipant<ISiloLifecycle>) && d.ImplementationFactory?.Method.Module.Assembly != package));
        Type host = hosted.ImplementationFactory!.Method.ReturnType;
        services.AddSingleton(provider => new ClusterPagesFigures(
            () => new ClusterPagesHost(ActivatorUtilities.CreateInstance(provider, host)), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Maps its pages and figures.</summary>
    public static void MapClusterPages(this IEndpointRouteBuilder endpoints)
    {
        var figures = endpoints.ServiceProvider.GetRequiredService<ClusterPagesFigures>();
        endpoints.MapOrleansDashboard(Root)
            .RequireAuthorization(OperatorScope.CanSeeCluster)
            .AddEndpointFilter(async (context, next) =>
            {
                PageHeaders.Set(context.HttpContext);
                await figures.Look();
                return await next(context);
            });
    }
}
