using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>What a host calls to serve HTTP.</summary>
public static class GatewayHosting
{
    /// <summary>
    /// Registers <see cref="IRecommender"/>, which in each request is its tenant's, and everything that the endpoints need. The host registers an IGrainFactory, ShardMap, EventTypeRules,
    /// IRandomSource and IServingGate.
    /// </summary>
    public static IServiceCollection AddOrleansRecGateway(this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).Configure(configure ?? (_ => { }))
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<AccessKeys>();
        services.AddSingleton<ServerStatistics>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<RequestAdmission>();
        services.AddSingleton<IReadinessProbe>(provider => provider.GetRequiredService<RequestAdmission>());
        services.AddSingleton<Recommenders>();
        services.AddSingleton<AccessLog>();
        services.AddHostedService<KeyUseReports>();
        services.AddScoped<ActiveTenant>();
        services.AddScoped(provider => provider.GetRequiredService<Recommenders>().Of(provider.GetRequiredService<ActiveTenant>().Id));
        services.AddHostedService<LoopbackOnly>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddRequestTimeouts();
        services.AddRequestDecompression();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<GatewayOptions>>((cors, gateway) => cors.AddDefaultPolicy(gateway.Value.Cors.Configure));
        services.AddOpenApi("v1", OpenApiDescription.Configure);
        return services;
    }

    /// <summary>Adds what goes around every request: counting, problem details, keys, limits. Before the endpoints are mapped.</summary>
    public static IApplicationBuilder UseOrleansRecGateway(this IApplicationBuilder app)
    {
        app.Use(SecureHeaders.Set);
        app.UseMiddleware<TrafficMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        // Before keys are asked for: a browser's question whether it may call carries none.
        if (app.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.Cors.Origins.Length > 0)
            app.UseCors();
        app.UseMiddleware<AccessMiddleware>();
        app.UseRequestTimeouts();
        app.UseRequestDecompression();
        app.UseMiddleware<AdmissionMiddleware>();
        AccessLog log = app.ApplicationServices.GetRequiredService<AccessLog>();
        app.Use((context, next) => AccessLog.Note(context, next, log));
        return app;
    }

    /// <summary>Maps /v1, /health and /openapi/v1.json.</summary>
    public static IEndpointRouteBuilder MapOrleansRec(this IEndpointRouteBuilder app)
    {
        GatewayOptions options = app.ServiceProvider.GetRequiredService<IOptions<GatewayOptions>>().Value;
        RouteGroupBuilder api = app.MapGroup(GatewayPaths.Api);
        api.WithMetadata(new RequestSizeLimitAttribute(options.BodyBytesMax)).WithRequestTimeout(Deadline(options));
        api.MapEvents();
        api.MapEventTypes();
        api.MapShop();
        api.MapItems();
        api.MapUsers();
        api.MapRecommendations();
        api.MapPages();
        api.MapTraining();
        api.MapOperations();
        api.MapTenants();
        RouteGroupBuilder health = app.MapGroup(GatewayPaths.Health);
        health.MapHealth();
        api.AnswerHead();
        health.AnswerHead();
        app.MapOpenApi(GatewayPaths.OpenApi + "/{documentName}.json");
        return app;
    }

    /// <summary>For the endpoints under /v1 only: a page's live connection has no deadline.</summary>
    private static RequestTimeoutPolicy Deadline(GatewayOptions options) => new()
    {
        Timeout = options.RequestDeadline,
        TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
        WriteTimeoutResponse = context => ProblemResults.Write(
            context, ProblemOf.Status(StatusCodes.Status503ServiceUnavailable) with { Detail = $"Not done within {options.RequestDeadline.TotalSeconds} s." }),
    };
}
