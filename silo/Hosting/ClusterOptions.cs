using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace OrleansRec.Silo.Hosting;

/// <summary>Where the silos of a cluster find each other.</summary>
public enum ClusterKind
{
    /// <summary>This process alone.</summary>
    Single,

    /// <summary>A table in PostgreSQL, made by <c>rec storage init</c>.</summary>
    PostgreSql,

    /// <summary>A table in an Azure storage account.</summary>
    Azure,
}

/// <summary>Which cluster this process belongs to, and how quickly it notices a silo that is gone. Configuration section <see cref="Section"/>.</summary>
/// <remarks>
/// A silo that is killed is declared dead after at most <see cref="MissedProbesMax"/> probes of <see cref="ProbeTimeoutMax"/> each, that is 9 s by default, and
/// most often after 4 s: probes become as quick as the answers of that silo were. A process that is only slow answers one of the three.
/// </remarks>
public sealed class ClusterOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Cluster";

    /// <summary>Where silos find each other. Anything but Single needs a storage that all silos share.</summary>
    /// <value>
    /// Single by default. It fixes two periods that matter between silos only: feeds are checked once a day (UserShard:FeedCheckPeriod is not used), and Orleans reports
    /// its load once an hour.
    /// </value>
    public ClusterKind Kind { get; set; } = ClusterKind.Single;

    /// <summary>The cluster that this silo or gateway belongs to: those with another id are not seen.</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ClusterId { get; set; } = "orleansrec";

    /// <summary>The service that stored state belongs to; it outlives clusters.</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ServiceId { get; set; } = "orleansrec";

    /// <summary>Port that other silos connect to.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port that separate gateways connect to.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The IP address or host name under which this silo is reached by the others.</summary>
    /// <value>Null by default: the address that this machine's host name stands for.</value>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Where the membership table is.</summary>
    /// <value>Null by default: <c>Storage:ConnectionString</c>.</value>
    public string? ConnectionString { get; set; }

    /// <summary>How long the first probes of a silo wait for its answer. Later ones follow what its answers took, within half of this and <see cref="ProbeTimeoutMax"/>.</summary>
    /// <value>2 s by default. Less notices a dead silo sooner and takes a busy one for dead more easily.</value>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest that a probe waits, and the longest pause between two.</summary>
    /// <value>3 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:05:00")]
    public TimeSpan ProbeTimeoutMax { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Probes in a row that a silo may miss before the one that asks votes it dead; the last of them goes through a third silo.</summary>
    [Range(1, 100)]
    public int MissedProbesMax { get; set; } = 3;

    /// <summary>Votes that declare a silo dead. In a cluster of two, one is enough.</summary>
    [Range(1, 10)]
    public int DeathVotes { get; set; } = 2;

    /// <summary>How often the membership table is read besides the news that silos send each other; also how often a gateway looks for new silos.</summary>
    /// <value>5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TableRefreshPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo writes into the table that it lives. One that has not for three periods does not keep others from joining.</summary>
    /// <value>5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan AlivePeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call from one process to another may take; then it fails and the gateway may try it again.</summary>
    /// <value>30 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a process that is told to stop says that it is not ready, and serves on, before it closes its port and leaves the cluster.</summary>
    /// <value>5 s by default, for load balancers that probe every few seconds; not used where <see cref="Kind"/> is Single.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo looks whether grains on it belong on another one, after silos have come or gone.</summary>
    /// <value>2 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MovePeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Shards that a silo gives away in one <see cref="MovePeriod"/>: each is away for as long as it takes to read it anew.</summary>
    /// <value>2 by default. More moves a cluster sooner and has more users wait at once.</value>
    [Range(1, 1024)]
    public int ShardMovesMax { get; set; } = 2;

    /// <summary>Other grains that a silo gives away in one <see cref="MovePeriod"/>; they are read again in one call each.</summary>
    /// <value>500 by default.</value>
    [Range(1, 100_000)]
    public int GrainMovesMax { get; set; } = 500;

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="OptionsValidationException">A value breaks a rule; names it.</exception>
    public static ClusterOptions Read(IConfiguration configuration)
    {
        var options = new ClusterOptions();
        try
        {
            configuration.GetSection(Section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw Broken(e.Message);
        }
        var failures = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new(options), failures, validateAllProperties: true))
            throw Broken([.. failures.Select(f => $"{Section}: {f.ErrorMessage}")]);
        if (options.ProbeTimeoutMax < options.ProbeTimeout)
            throw Broken($"{Section}:{nameof(ProbeTimeoutMax)} '{options.ProbeTimeoutMax}' must be at least {nameof(ProbeTimeout)} {options.ProbeTimeout}.");
        options.ConnectionString ??= configuration["Storage:ConnectionString"];
        if (options.Kind != ClusterKind.Single && string.IsNullOrWhiteSpace(options.ConnectionString))
            throw Broken($"{Section}:{nameof(ConnectionString)} must be given, or Storage:ConnectionString, where {Section}:{nameof(Kind)} is {options.Kind}.");
        return options;
    }

    /// <summary>The address that others are told.</summary>
    /// <exception cref="OptionsValidationException"><see cref="AdvertisedAddress"/> stands for none.</exception>
    public async Task<IPAddress> Advertised(CancellationToken cancellation = default)
    {
        if (IPAddress.TryParse(AdvertisedAddress, out IPAddress? given))
            return given;
        string name = AdvertisedAddress ?? Dns.GetHostName();
        try
        {
            IPAddress[] known = await Dns.GetHostAddressesAsync(name, System.Net.Sockets.AddressFamily.InterNetwork, cancellation);
            return known.FirstOrDefault(a => !IPAddress.IsLoopback(a)) ?? known[0];
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IndexOutOfRangeException)
        {
            throw Broken($"{Section}:{nameof(AdvertisedAddress)} '{name}' must be an IP address or the name of one: {e.Message}");
        }
    }

    internal static OptionsValidationException Broken(params string[] failures) => new(Section, typeof(ClusterOptions), failures);
}
