using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Bounds and switches of the HTTP edge.</summary>
public sealed class GatewayOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gateway";

    /// <summary>Serve without keys. Only requests from this machine to this machine are let through, and the server refuses to start on any other address.</summary>
    /// <value>False by default.</value>
    public bool InsecureLoopback { get; set; }

    /// <summary>Largest request body, bytes; a larger one is answered with 413.</summary>
    /// <value>4 MiB by default. Each request being read may hold this much memory.</value>
    [Range(1024, 256 * 1024 * 1024)]
    public int BodyBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Events or items in one request.</summary>
    /// <value>10,000 by default.</value>
    [Range(1, 1_000_000)]
    public int EntriesMax { get; set; } = 10_000;

    /// <summary>Ids in candidates, exclude and history of one request, each.</summary>
    /// <value>10,000 by default.</value>
    [Range(1, 1_000_000)]
    public int ListedIdsMax { get; set; } = 10_000;

    /// <summary>Requests served at once; more wait in the queue.</summary>
    /// <value>256 by default.</value>
    [Range(1, 100_000)]
    public int ConcurrentRequestsMax { get; set; } = 256;

    /// <summary>Requests that wait; one more is answered with 429 and Retry-After.</summary>
    /// <value>1,024 by default. A larger number turns refusals into waiting.</value>
    [Range(0, 1_000_000)]
    public int QueuedRequestsMax { get; set; } = 1024;

    /// <summary>Requests of one tenant served at once; a quota can make it less, not more. What is left of <see cref="ConcurrentRequestsMax"/> is the others'.</summary>
    /// <value>192 by default.</value>
    [Range(1, 100_000)]
    public int TenantConcurrentRequestsMax { get; set; } = 192;

    /// <summary>Requests of one tenant that wait; one more is answered with 429.</summary>
    /// <value>1,024 by default.</value>
    [Range(0, 1_000_000)]
    public int TenantQueuedRequestsMax { get; set; } = 1024;

    /// <summary>How old the gateway's knowledge of what a tenant with a quota holds may be.</summary>
    /// <value>5 s by default. A quota can be passed by what is accepted in this time.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan UsagePeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A request that takes longer is given up and answered with 503. What it wrote may be durable all the same: retry with the same event ids.</summary>
    /// <value>30 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan RequestDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt at a call to the cluster may take before it is made again, where it may be made twice.</summary>
    /// <value>4 s by default. Less finds the successor of a lost silo sooner and makes a busy cluster busier.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Attempts at a call whose silo is lost or does not answer; the request's deadline ends them too.</summary>
    /// <value>30 by default: with the pauses, more than any dead silo takes to be noticed.</value>
    [Range(1, 1000)]
    public int CallAttemptsMax { get; set; } = 30;

    /// <summary>Attempts at a call that failed because the store could not be reached or another writer took over.</summary>
    /// <value>4 by default, which is about half a second.</value>
    [Range(1, 1000)]
    public int StoreAttemptsMax { get; set; } = 4;

    /// <summary>Pause before the second attempt; it doubles from there, and half of it is chance.</summary>
    /// <value>50 ms by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FirstRetryPause { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between two attempts.</summary>
    /// <value>1 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryPauseMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Grain calls under way at once for one request.</summary>
    /// <value>16 by default.</value>
    [Range(1, 1024)]
    public int FanOutMax { get; set; } = 16;

    /// <summary>Requests with more events than this go straight to the users' shards, one call a shard; others go through the users' grains, which then know them at once.</summary>
    /// <value>32 by default.</value>
    [Range(0, 1_000_000)]
    public int UserGrainEventsMax { get; set; } = 32;

    /// <summary>How old the gateway's copy of the API keys may be: a key revoked through another gateway works for so long.</summary>
    /// <value>5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan KeysAgeMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Which pages may call from a browser.</summary>
    [ValidateObjectMembers]
    public GatewayCorsOptions Cors { get; set; } = new();

    /// <summary>The plan of a training that says nothing else. Its type weights are those of the event types.</summary>
    public TrainingPlan DefaultPlan { get; set; } = new();
}
