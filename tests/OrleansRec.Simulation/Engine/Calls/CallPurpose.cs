namespace OrleansRec.Simulation.Engine.Calls;

/// <summary>For what the running code works: the purpose of the call that it is part of, which it hands on to the calls that it makes.</summary>
internal static class CallPurpose
{
    private static readonly AsyncLocal<string?> s_current = new();

    /// <summary>The purpose; null for work of a silo's own.</summary>
    public static string? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }
}
