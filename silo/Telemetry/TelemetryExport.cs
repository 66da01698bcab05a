using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OrleansRec.Silo.Telemetry;

/// <summary>Sends traces and metrics to an OTLP collector, where one is configured. A collector that is slow or gone costs requests nothing: spans beyond the queue's bound are dropped.</summary>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    private const string ServiceName = "orleansrec";
    private const int FlushMillisecondsMax = 5_000;

    private static readonly string[] sources = ["Microsoft.AspNetCore", GrainCallSpans.Source, "OrleansRec.*"];
    private static readonly string[] meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Microsoft.Orleans", "OrleansRec.*"];

    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Endpoint is not null)
            Start(options.Value);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        traces?.Shutdown(FlushMillisecondsMax);
        metrics?.Shutdown(FlushMillisecondsMax);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    private void Start(TelemetryOptions chosen)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService(ServiceName, serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString());
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(sources)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(chosen.TracedShare)))
            .AddProcessor(new GrainCallSpans())
            .AddProcessor(new KeptTags())
            .AddOtlpExporter(otlp =>
            {
                Address(otlp, chosen, "v1/traces");
                otlp.BatchExportProcessorOptions.MaxQueueSize = chosen.SpansQueuedMax;
                otlp.BatchExportProcessorOptions.MaxExportBatchSize = Math.Min(otlp.BatchExportProcessorOptions.MaxExportBatchSize, chosen.SpansQueuedMax);
            })
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(meters)
            .AddOtlpExporter((otlp, reader) =>
            {
                Address(otlp, chosen, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)chosen.MetricPeriod.TotalMilliseconds;
            })
            .Build();
    }

    // An endpoint set in code is taken as it is, so the signal's path is added here.
    private static void Address(OtlpExporterOptions otlp, TelemetryOptions chosen, string path)
    {
        bool isHttp = chosen.Protocol == TelemetryProtocol.HttpProtobuf;
        otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        otlp.Endpoint = isHttp ? new(new Uri(chosen.Endpoint!.AbsoluteUri.TrimEnd('/') + "/"), path) : chosen.Endpoint!;
    }
}
