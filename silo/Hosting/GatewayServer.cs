using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Silo.Telemetry;

namespace OrleansRec.Silo.Hosting;

/// <summary>A process that is the HTTP edge alone: it keeps nothing, and calls the grains of a cluster.</summary>
public static class GatewayServer
{
    /// <summary>Composes the process.</summary>
    /// <param name="host">Address; null takes the configured one.</param>
    /// <param name="port">Port; null takes the configured one, 0 a free one.</param>
    /// <param name="insecureLoopback">Ask for no keys; on loopback only.</param>
    public static WebApplication Build(string? host, int? port, bool insecureLoopback)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "orleansrec" });
        builder.Configuration.AddSettings();
        builder.Logging.AddOperatorLog(builder.Configuration);
        var cluster = ClusterOptions.Read(builder.Configuration);
        if (cluster.Kind == ClusterKind.Single)
            throw ClusterOptions.Broken($"{ClusterOptions.Section}:{nameof(ClusterOptions.Kind)} 'Single' must be PostgreSql or Azure: a gateway finds its cluster there.");
        builder.AddClusterClient(cluster);
        builder.Services.AddRouting();
        builder.Services.AddOrleansRecGateway(o => o.InsecureLoopback |= insecureLoopback);
        builder.Services.AddClusterShape();
        builder.Services.AddTelemetry();
        builder.Listen(host, port);
        builder.AddDrain(cluster);
        // The port answers probes while the first silo is waited for.
        builder.Services.Configure<HostOptions>(o => o.ServicesStartConcurrently = true);
        var app = builder.Build();
        app.UseRouting();
        app.UseMiddleware<RequestSpans>();
        app.UseOrleansRecGateway();
        app.MapOrleansRec();
        return app;
    }

    /// <summary>Starts it, finds the cluster and returns where it listens.</summary>
    public static async Task<Uri> Start(WebApplication app, CancellationToken cancellation)
    {
        Uri address = await app.StartListening(cancellation);
        await app.Services.GetRequiredService<ClusterShape>().Find(cancellation);
        app.Services.GetRequiredService<Readiness>().MarkReady();
        return address;
    }
}
