namespace OrleansRec.Embedded;

/// <summary>What a simulated network knows of one call: for what it is made, and between whom.</summary>
internal sealed class CallNote
{
    private static readonly AsyncLocal<string?> s_purpose = new();

    /// <summary>What the running code works for: the purpose of the call that it is part of; null for work of a silo's own.</summary>
    public static string? Purpose
    {
        get => s_purpose.Value;
        set => s_purpose.Value = value;
    }

    /// <summary>Numbers calls in the order in which they were sent.</summary>
    public required long Number { get; init; }

    /// <summary>For what the call is made; handed on to the calls that it makes.</summary>
    public required string? For { get; init; }

    /// <summary>The silo of the caller; null for a client.</summary>
    public required Silo? From { get; init; }

    /// <summary>The silo that the call is on its way to, or runs on.</summary>
    public Silo? To { get; set; }

    /// <summary>When the callee was told that the caller has given up.</summary>
    public long? CancelledAt { get; set; }

    /// <summary>Runs code as part of a call, and everything that it causes.</summary>
    public static TResult Within<T1, T2, TResult>(CallNote note, T1 first, T2 second, Func<T1, T2, TResult> code)
    {
        var outer = s_purpose.Value;
        s_purpose.Value = note.For;
        try
        {
            return code(first, second);
        }
        finally
        {
            s_purpose.Value = outer;
        }
    }
}
