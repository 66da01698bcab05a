using Microsoft.Extensions.Options;

namespace OrleansRec.Silo.Telemetry;

/// <summary>Registers the export of traces and metrics.</summary>
internal static class TelemetryRegistration
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations()
            .Validate(
                o => o.Endpoint is null or { IsAbsoluteUri: true, Scheme: "http" or "https" },
                $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.Endpoint)} must be an absolute http or https address, or absent.")
            .ValidateOnStart();
        services.AddHostedService<TelemetryExport>();
    }
}
