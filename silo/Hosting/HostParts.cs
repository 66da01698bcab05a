using OrleansRec.Gateway;

namespace OrleansRec.Silo.Hosting;

/// <summary>Parts that server and commands share.</summary>
internal static class HostParts
{
    /// <summary>The door to the grains without the HTTP edge.</summary>
    public static void AddRecommender(this IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<AccessKeys>();
        services.AddSingleton<ServerStatistics>();
        services.AddSingleton<Recommenders>();
    }

    private static readonly string[] NamesOfPersons =
    [
        "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.StaticAssets",
        "Microsoft.AspNetCore.StaticFiles", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Authentication", "Microsoft.AspNetCore.Authorization",
        "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.SignalR", "System.Net.Http.HttpClient", "Orleans",
    ];

    /// <summary>Warnings and worse, on standard error: standard output belongs to what a command answers.</summary>
    public static void AddOperatorLog(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddConfiguration(configuration.GetSection("Logging"));
        // Their lines below a warning hold the paths of requests or the keys of grains, and those hold ids of users.
        foreach (string category in NamesOfPersons)
            logging.AddFilter(category, LogLevel.Warning);
        // It writes nothing of use at a warning, and while it may write, each request gets an activity and a scope for its lines.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ "));
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
