using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Silo.Hosting;

/// <summary>When the server trains by itself. Configuration section <see cref="Section"/>. Where neither is set it trains on demand only.</summary>
public sealed class TrainingScheduleOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Training:Schedule";

    /// <summary>Train when the current model is this old and events came since.</summary>
    /// <value>Null by default: not by time.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan? Every { get; set; }

    /// <summary>Train after so many new events.</summary>
    /// <value>Null by default: not by events.</value>
    [Range(1, long.MaxValue)]
    public long? AfterEvents { get; set; }

    /// <summary>How often it is looked whether a training is due.</summary>
    /// <value>30 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LookPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a training that was started by schedule and failed waits for the next.</summary>
    /// <value>10 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromMinutes(10);
}
