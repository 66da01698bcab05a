using OrleansRec.Gateway;

namespace OrleansRec.Silo.Hosting;

/// <summary>Parts that server and commands share.</summary>
internal static class HostParts
{
    /// <summary>The door to the grains without the HTTP edge.</summary>
    public static void AddRecommender(this IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AccessKeys>();
        services.AddSingleton<ServerStatistics>();
        services.AddSingleton<Recommenders>();
    }

    /// <summary>Warnings and worse, on standard error: standard output belongs to what a command answers.</summary>
    public static void AddOperatorLog(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ "));
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
