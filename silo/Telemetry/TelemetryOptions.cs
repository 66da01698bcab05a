using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Silo.Telemetry;

/// <summary>The protocols of OTLP.</summary>
public enum TelemetryProtocol
{
    /// <summary>gRPC, port 4317 by custom.</summary>
    Grpc,

    /// <summary>Protobuf over HTTP, port 4318 by custom; <c>/v1/traces</c> and <c>/v1/metrics</c> are added to the endpoint.</summary>
    HttpProtobuf,
}

/// <summary>Where traces and metrics are sent. Configuration section <see cref="Section"/>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>The OTLP collector, such as <c>http://collector:4317</c>; null sends nothing.</summary>
    /// <value>null by default. Nothing is measured for a trace that nobody receives.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>How to speak with it.</summary>
    /// <value>Grpc by default.</value>
    [EnumDataType(typeof(TelemetryProtocol))]
    public TelemetryProtocol Protocol { get; set; }

    /// <summary>The share of requests that are traced, where the caller's own trace has not decided it.</summary>
    /// <value>0.01 by default; 0 … 1. More shows rare requests and costs some microseconds and about a kilobyte for each traced one.</value>
    [Range(0.0, 1.0)]
    public double TracedShare { get; set; } = 0.01;

    /// <summary>How often metrics are sent.</summary>
    /// <value>15 s by default; 1 s … 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MetricPeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Spans that wait to be sent; one more is dropped, never waited for.</summary>
    /// <value>2,048 by default; 64 … 65,536.</value>
    [Range(64, 65_536)]
    public int SpansQueuedMax { get; set; } = 2_048;

    /// <summary>Whether spans are sent, so that calls between grains have to carry their trace.</summary>
    public static bool IsTraced(IConfiguration configuration) => configuration[$"{Section}:{nameof(Endpoint)}"] is { Length: > 0 };
}
