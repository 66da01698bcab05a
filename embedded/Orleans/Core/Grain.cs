using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Base of grain classes.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Called by the engine, which says on the running thread which activation is being made.</summary>
    protected Grain() => GrainContext = RuntimeContext.Current!;

    /// <summary>For tests that make a grain by hand.</summary>
    protected Grain(IGrainContext grainContext) => GrainContext = grainContext;

    /// <summary>The activation that this instance belongs to.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>A reference to this grain, to be given to others.</summary>
    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>Class and key as text.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The silo that this activation is on; here there is one, which needs no name.</summary>
    public string RuntimeIdentity => "";

    /// <summary>Gives references to other grains.</summary>
    protected IGrainFactory GrainFactory =>
        (GrainContext as OrleansRec.Embedded.Activation)?.Silo.Engine ?? ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>The container scope of this activation.</summary>
    protected internal IServiceProvider ServiceProvider =>
        (GrainContext ?? throw new InvalidOperationException("This grain was made by hand and has no engine.")).ActivationServices;

    /// <summary>Called after the persistent states are read and before the first call. If it fails, so do the calls that wait.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called when no call is running any more and none will follow.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation as soon as the running calls are done. The next call makes a new one.</summary>
    protected void DeactivateOnIdle() => ((IGrainBase)this).DeactivateOnIdle();

    /// <summary>
    /// Keeps this activation from being collected for a time; <see cref="TimeSpan.Zero"/> takes that back and
    /// <see cref="Timeout.InfiniteTimeSpan"/> holds for ever.
    /// </summary>
    protected void DelayDeactivation(TimeSpan timeSpan)
    {
        if (GrainContext is not OrleansRec.Embedded.Activation activation)
            throw new InvalidOperationException("This grain was made by hand and has no engine.");
        activation.DelayDeactivation(timeSpan);
    }
}
