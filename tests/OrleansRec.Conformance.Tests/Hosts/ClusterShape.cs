namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>What a case asks of its cluster.</summary>
/// <param name="Silos">How many silos start.</param>
/// <param name="ResponseTimeout">How long calls wait for their answer.</param>
public sealed record ClusterShape(int Silos, TimeSpan ResponseTimeout)
{
    /// <summary>A timeout that no case reaches unless a call hangs.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    public static ClusterShape OneSilo { get; } = new(1, s_long);

    public static ClusterShape TwoSilos { get; } = new(2, s_long);

    /// <summary>For cases that let a call time out. On Orleans this time passes for real.</summary>
    public static ClusterShape ShortCalls { get; } = new(1, TimeSpan.FromSeconds(1));
}
