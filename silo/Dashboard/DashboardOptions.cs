using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Silo.Dashboard;

/// <summary>How the operators' dashboard behaves.</summary>
public sealed class DashboardOptions
{
    /// <summary>No key is asked for: only where the server takes requests without keys, on loopback.</summary>
    public bool Open { get; set; }

    /// <summary>Where the keys that protect the login cookie are kept; null keeps them in memory, and a restart asks everyone to log in again.</summary>
    public string? KeyFolder { get; set; }

    /// <summary>Where they are kept instead, so that a login holds on every silo.</summary>
    public Func<IServiceProvider, Microsoft.AspNetCore.DataProtection.Repositories.IXmlRepository>? KeysInStore { get; set; }

    /// <summary>How often the server is asked while somebody looks, for all browsers together.</summary>
    /// <value>1 second. Shorter is livelier and costs one status call to every shard each time.</value>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Browser windows served at once; one more is told to wait.</summary>
    /// <value>100.</value>
    [Range(1, 10_000)]
    public int WatchersMax { get; set; } = 100;

    /// <summary>Points kept for the charts of the overview, one for each poll.</summary>
    /// <value>180: three minutes.</value>
    [Range(10, 3600)]
    public int TrafficPointsMax { get; set; } = 180;

    /// <summary>Rows on a page of a table.</summary>
    [Range(1, 200)]
    public int PageLength { get; set; } = 20;

    /// <summary>A disk that will be full sooner is warned of.</summary>
    /// <value>14 days.</value>
    [Range(0.0, 3650.0)]
    public double DiskDaysWarning { get; set; } = 14;

    /// <summary>A model older than this is warned of.</summary>
    /// <value>7 days.</value>
    public TimeSpan ModelAgeWarning { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Events waiting to become durable from which on a shard's queue is warned of.</summary>
    /// <value>10,000.</value>
    [Range(1, int.MaxValue)]
    public int PendingEventsWarning { get; set; } = 10_000;

    /// <summary>How long a login lasts.</summary>
    /// <value>12 hours.</value>
    public TimeSpan LoginPeriod { get; set; } = TimeSpan.FromHours(12);
}
