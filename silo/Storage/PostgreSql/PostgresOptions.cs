using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>Bounds and times of a PostgreSQL store; configuration section "Storage:PostgreSql".</summary>
public sealed class PostgresOptions
{
    /// <summary>Connections of one silo for logs and snapshots: one writes batches, the others read and write chunks of snapshots.</summary>
    /// <value>Default 12. Grain state and membership take a few more each: max_connections of the server must hold all of them for every silo.</value>
    [Range(3, 1000)]
    public int ConnectionsMax { get; set; } = 12;

    /// <summary>How long a connection may take to be made.</summary>
    /// <value>Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one commit may take. After it the connection is given up, and what it carried is neither acknowledged nor refused until its stream is opened again.</summary>
    /// <value>Default 15 s. Longer rides out longer stalls of the server; shorter tells callers sooner.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one read may take.</summary>
    /// <value>Default 60 s: a snapshot is read in one statement.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the vacuum after an erasure may take.</summary>
    /// <value>Default 10 min. What is cut off is done with the next erasure, or by the server's own vacuum.</value>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan PurgeTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long writes that surely did nothing, and reads, are tried again before their callers are told that the store is unavailable.</summary>
    /// <value>Default 5 s: a fail-over of the server within it costs waiting only.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RetryPeriodMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The first wait between attempts; each next one is twice as long, up to a second.</summary>
    /// <value>Default 50 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01")]
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>An idle silo asks the server so often whether it can be written to, so that its readiness is not that of its last request.</summary>
    /// <value>Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ProbePeriod { get; set; } = TimeSpan.FromSeconds(5);
}
