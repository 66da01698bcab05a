using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Silo.Hosting;

/// <summary>Where this process listens and how it works. Configuration section <see cref="Section"/>.</summary>
public sealed class ServerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Server";

    /// <summary>Address to listen on.</summary>
    /// <value>127.0.0.1 by default; 0.0.0.0 for every IPv4 address of this machine.</value>
    [Required(AllowEmptyStrings = false)]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    /// <value>5150 by default.</value>
    [Range(0, 65535)]
    public int Port { get; set; } = 5150;

    /// <summary>Threads for training and other long computations; 0 means one for each processor.</summary>
    /// <value>0 by default. Results do not depend on it.</value>
    [Range(0, 1024)]
    public int ComputeWorkers { get; set; }

    /// <summary>How long a shutdown waits for requests under way and for grains to end.</summary>
    /// <value>30 s by default. What is acknowledged is durable whether or not it is reached.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownPeriodMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections at once; one more is closed.</summary>
    /// <value>10,000 by default.</value>
    [Range(1, 1_000_000)]
    public int ConnectionsMax { get; set; } = 10_000;
}
