using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Embedded;

internal abstract class Activation : IGrainContext
{
    public abstract GrainReference GrainReference { get; }
    public abstract GrainId GrainId { get; }
    public abstract object? GrainInstance { get; }
    public abstract IServiceProvider ActivationServices { get; }
    public abstract Task Deactivated { get; }
    public abstract void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
    public abstract void DelayDeactivation(TimeSpan timeSpan);
    public abstract IGrainTimer StartTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options);
    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);
}
