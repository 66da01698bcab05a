using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;
using OrleansRec.Silo.Dashboard;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.PostgreSql;
using OrleansRec.Silo.Telemetry;

namespace OrleansRec.Silo.Hosting;

/// <summary>What a server is asked to be on the command line; null takes the configured value.</summary>
/// <param name="Folder">Data folder; null where the store is of another kind.</param>
/// <param name="Host">Address.</param>
/// <param name="Port">Port; 0 takes a free one.</param>
/// <param name="InsecureLoopback">Ask for no keys; on loopback only.</param>
/// <param name="TrainEvery">Train when the model is so old.</param>
/// <param name="TrainAfterEvents">Train after so many new events.</param>
public sealed record ServerPlan(
    string? Folder, string? Host = null, int? Port = null, bool InsecureLoopback = false, TimeSpan? TrainEvery = null, long? TrainAfterEvents = null);

/// <summary>One process that serves HTTP, trains and stores.</summary>
public static class WebServer
{
    /// <summary>Composes the server. The store is open after this.</summary>
    public static WebApplication Build(ServerPlan plan)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "orleansrec" });
        builder.Configuration.AddSettings();
        builder.Logging.AddOperatorLog(builder.Configuration);
        var cluster = ClusterOptions.Read(builder.Configuration);
        builder.AddCluster(storage => storage.Folder = plan.Folder ?? storage.Folder, cluster, isServer: true);
        builder.Services.AddRouting();
        builder.Services.AddOrleansRecGateway(o => o.InsecureLoopback |= plan.InsecureLoopback);
        builder.AddOrleansRecDashboard(o =>
        {
            o.Open = plan.InsecureLoopback;
            if (plan.Folder is not null)
                o.KeysInStore = provider => new FolderProtectionKeys(provider.GetRequiredService<DataFolder>());
            else
                o.KeysInStore = provider => new ProtectionKeys(provider.GetRequiredService<PostgresStore>());
        });
        builder.Services.AddTelemetry();
        AddSchedule(builder, plan);
        builder.Listen(plan.Host, plan.Port);
        builder.AddDrain(cluster);
        var app = builder.Build();
        app.UseRouting();
        app.UseMiddleware<RequestSpans>();
        app.UseOrleansRecGateway();
        // What the gateway answers was let in by a key: the dashboard's cookies are looked for elsewhere only.
        app.MapWhen(context => context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>() is not null, api => api.UseEndpoints(_ => { }));
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOrleansRec();
        app.MapGet("/", () => Results.Redirect(DashboardHosting.Root));
        app.MapOrleansRecDashboard();
        return app;
    }

    /// <summary>Starts it, wakes what works unasked, so that nobody waits for a replay, and returns where it listens.</summary>
    public static async Task<Uri> Start(WebApplication app, CancellationToken cancellation)
    {
        Uri address = await app.StartListening(cancellation);
        await Wake(app.Services, cancellation);
        app.Services.GetRequiredService<Readiness>().MarkReady();
        return address;
    }

    /// <summary>Activates every shard, which resumes its feed, and the coordinators, which go on with a training that the last process did not end.</summary>
    /// <remarks>
    /// Shards of other tenants than the default one wake when they are used, so that tenants that are not used cost nothing.
    /// First what every list needs, the current model; then the user shards one after another: a request wakes the one that it needs itself, and should not
    /// have to share the processors with the replay of all the others.
    /// </remarks>
    private static async Task Wake(IServiceProvider services, CancellationToken cancellation)
    {
        var factory = services.GetRequiredService<IGrainFactory>();
        var shards = services.GetRequiredService<ShardMap>();
        TenantGrains grains = factory.Of(TenantId.Default);
        await services.GetRequiredService<SiloCopies>().Of(TenantId.Default).Models.Get(factory);
        for (int shard = 0; shard < shards.ItemShards; shard++)
            await grains.ItemShard(shard).GetStatus(cancellation);
        for (int shard = 0; shard < shards.UserShards; shard++)
            await grains.UserShard(shard).GetStatus(cancellation);
        foreach (TenantRecord tenant in (await factory.Tenants().Get(cancellation)).Tenants)
            await factory.Of(TenantId.Of(tenant.Name)).Coordinator.GetStatus(cancellation);
    }

    private static void AddSchedule(WebApplicationBuilder builder, ServerPlan plan)
    {
        builder.Services.AddOptions<TrainingScheduleOptions>().BindConfiguration(TrainingScheduleOptions.Section)
            .Configure(o => (o.Every, o.AfterEvents) = (plan.TrainEvery ?? o.Every, plan.TrainAfterEvents ?? o.AfterEvents))
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedService<TrainingSchedule>();
    }
}
