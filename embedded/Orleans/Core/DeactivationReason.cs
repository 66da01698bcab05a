namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>A reason without an exception.</summary>
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }

    /// <summary>A reason with an exception.</summary>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>In words.</summary>
    public string Description { get; }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>What went wrong, if anything did.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description} ({Exception})";
}

/// <summary>Kinds of reasons for which an activation ends; names and numbers as in Orleans.</summary>
[GenerateSerializer]
public enum DeactivationReasonCode : byte
{
    /// <summary>None given.</summary>
    None,
    /// <summary>The silo is stopping.</summary>
    ShuttingDown,
    /// <summary>It could not be activated.</summary>
    ActivationFailed,
    /// <summary>The directory failed.</summary>
    DirectoryFailure,
    /// <summary>It was idle for its age limit.</summary>
    ActivationIdle,
    /// <summary>It did not answer.</summary>
    ActivationUnresponsive,
    /// <summary>Another activation holds the identity.</summary>
    DuplicateActivation,
    /// <summary>A call asked for another version of the interface.</summary>
    IncompatibleRequest,
    /// <summary>The grain failed.</summary>
    ApplicationError,
    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,
    /// <summary>It moves to another silo.</summary>
    Migrating,
    /// <summary>The engine asked for it.</summary>
    RuntimeRequested,
    /// <summary>Memory is short.</summary>
    HighMemoryPressure,
}
