namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>How badly the network between silos, and between clients and silos, behaves. All chances are 0 … 1 and for each message.</summary>
public sealed record NetworkFaults
{
    /// <summary>A network without faults.</summary>
    public static readonly NetworkFaults None = new();

    /// <summary>That a call is lost.</summary>
    public double CallLost { get; init; }

    /// <summary>That an answer is lost.</summary>
    public double AnswerLost { get; init; }

    /// <summary>That a message takes up to <see cref="DelayMax"/>.</summary>
    public double Delayed { get; init; }

    /// <summary>That a call arrives a second time.</summary>
    public double Duplicated { get; init; }

    /// <summary>How long a message takes that is not delayed.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The longest that a message is on its way. A second arrival comes within twice this time.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromMilliseconds(400);
}
