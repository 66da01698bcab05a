using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using OrleansRec.Api;
using OrleansRec.Gateway;
using OrleansRec.Silo.Dashboard.Access;
using OrleansRec.Silo.Dashboard.Layout;
using OrleansRec.Silo.Dashboard.Live;
using Radzen;

namespace OrleansRec.Silo.Dashboard;

/// <summary>Puts the dashboard into the server's process.</summary>
public static class DashboardHosting
{
    /// <summary>Where the pages are.</summary>
    public const string Root = "/dashboard";

    /// <summary>Circuits of browsers that lost their connection, kept in case they come back.</summary>
    private const int DisconnectedCircuitsMax = 20;

    /// <summary>Adds what the pages need. Nothing is opened or started until a browser asks for a page.</summary>
    public static void AddOrleansRecDashboard(this WebApplicationBuilder builder, Action<DashboardOptions>? configure = null)
    {
        // The files of the packages are found through a manifest beside the assembly that is otherwise read in Development only.
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        // That the keys of the login cookie lie in the data folder unencrypted is known: so does everything else there.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        DashboardOptions options = new();
        configure?.Invoke(options);
        IServiceCollection services = builder.Services;
        services.AddSingleton(Options.Create(options));
        services.AddRazorComponents().AddInteractiveServerComponents(circuits => circuits.DisconnectedCircuitMaxRetained = DisconnectedCircuitsMax);
        services.AddCascadingAuthenticationState();
        services.AddRadzenComponents();
        services.AddOperatorCookie(options);
        services.AddSingleton<LiveFeeds>();
        services.AddScoped(provider => provider.GetRequiredService<LiveFeeds>().Of(provider.GetRequiredService<ActiveTenant>().Id));
        services.AddScoped<CircuitHandler, OperatorTenant>();
        services.AddScoped<LiveWindow>();
        services.AddScoped<OperatorRights>();
        services.AddScoped<OperatorActions>();
        services.AddScoped<OperatorLooks>();
    }

    /// <summary>
    /// Takes the requests for the pages and their files out of the pipeline. What answers them is built at the first one: mapping components and
    /// files costs tenths of a second, which the first list after a restart would wait for.
    /// </summary>
    public static void MapOrleansRecDashboard(this WebApplication app)
    {
        Lazy<RequestDelegate> pages = new(() => BuildPages(app));
        app.Use((context, next) => IsPage(context.Request.Path) ? pages.Value(context) : next(context));
    }

    private static bool IsPage(PathString path) =>
        path.StartsWithSegments(Root) || path.StartsWithSegments(ClusterPages.Root) || path.StartsWithSegments("/_blazor") || path.StartsWithSegments("/_content")
        || path.StartsWithSegments("/_framework");

    private static RequestDelegate BuildPages(WebApplication app)
    {
        IApplicationBuilder pages = ((IApplicationBuilder)app).New();
        if (app.Services.GetRequiredService<IOptions<DashboardOptions>>().Value.Open)
            pages.Use((context, next) => LocalBrowser.Is(context) ? next(context) : Refuse(context));
        pages.UseRouting();
        pages.UseAuthentication();
        pages.UseAuthorization();
        pages.Use(OperatorTenant.Choose);
        pages.UseAntiforgery();
        pages.UseEndpoints(endpoints =>
        {
            endpoints.MapStaticAssets();
            endpoints.MapGet(Root + "/export", Export).RequireAuthorization(OperatorScope.CanChange);
            endpoints.MapPost(Root + "/logout", LogOut);
            endpoints.MapClusterPages();
            endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null)
                .RequireAuthorization(OperatorScope.CanSee);
        });
        return pages.Build();
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("Without keys the dashboard answers this machine only, under a loopback address.");
    }

    private static async Task<IResult> Export(
        [FromQuery] string user, HttpContext context, [FromServices] IRecommender recommender, [FromServices] AccessKeys keys, [FromServices] AccessLog log,
        [FromServices] IOptions<DashboardOptions> options, CancellationToken cancellation)
    {
        PageHeaders.Set(context);
        Caller? caller = options.Value.Open ? Caller.Local : await keys.CallerOf(context.User, cancellation);
        if (caller is null)
            return Results.Unauthorized();
        await log.Record(caller, "exportUser", user, cancellation);
        UserExport? export = await recommender.ExportUserAsync(user, cancellation);
        if (export is null)
            return Results.NotFound();
        return Results.File(
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(export, ApiJson.Default.UserExport), "application/json", "user-export.json");
    }

    private static async Task<IResult> LogOut(HttpContext context, [FromServices] IAntiforgery forgery) =>
        await forgery.IsRequestValidAsync(context)
            ? Results.SignOut(new() { RedirectUri = Root + "/login" }, [OperatorScope.Scheme])
            : Results.BadRequest();
}
