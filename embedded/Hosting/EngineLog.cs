using Microsoft.Extensions.Logging;

namespace OrleansRec.Embedded;

/// <summary>What the engine tells operators: the failures that no caller hears of.</summary>
internal sealed partial class EngineLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Warning, "Activating {Activation} failed.")]
    public partial void ActivationFailed(Activation activation, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "Deactivating {Activation} failed; it ends nevertheless.")]
    public partial void DeactivationFailed(Activation activation, Exception failure);

    [LoggerMessage(3, LogLevel.Warning, "A timer of {Activation} failed; it goes on.")]
    public partial void TimerFailed(Activation activation, Exception failure);

    [LoggerMessage(4, LogLevel.Warning, "One-way call {Method} of {Activation} failed.")]
    public partial void OneWayFailed(string method, Activation activation, Exception failure);

    [LoggerMessage(5, LogLevel.Warning, "{Count} activations had not ended {Timeout} after the engine was told to stop.")]
    public partial void StoppedEarly(int count, TimeSpan timeout);
}
