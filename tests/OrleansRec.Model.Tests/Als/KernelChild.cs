using System.Diagnostics;

namespace OrleansRec.Model.Tests.Als;

/// <summary>Another run of tests of this assembly, in a process of its own.</summary>
internal static class KernelChild
{
    private const string RungMark = "ORLEANSREC_KERNEL_CHILD";
    private const string CollectorMark = "ORLEANSREC_COLLECTOR_CHILD";

    /// <summary>In a child, the rung that it was started for.</summary>
    public static string? Rung => Environment.GetEnvironmentVariable(RungMark);

    /// <summary>Whether this is the child in which collections run beside the tests.</summary>
    public static bool HasCollector => Environment.GetEnvironmentVariable(CollectorMark) is not null;

    /// <summary>Whether this is a child at all.</summary>
    public static bool IsThis => Rung is not null || HasCollector;

    /// <summary>A child that runs on one rung; null is every rung.</summary>
    public static ProcessStartInfo Of(string? rung, bool hasCollector = false)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(KernelChild).Assembly.Location);
        if (rung is not null)
            start.Environment[RungMark] = rung;
        if (hasCollector)
            start.Environment[CollectorMark] = "1";
        return start;
    }
}
