using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>Notes down its life. Its name says what goes wrong: see <see cref="LifeGrain"/>.</summary>
[Alias("conformance.life")]
public interface ILifeGrain : IGrainWithStringKey
{
    /// <summary>Which activation this is: 1 for the first that its object has seen.</summary>
    [Alias("touch")]
    Task<int> Touch();

    [Alias("end")]
    Task End();

    [Alias("end-then-hold")]
    Task EndThenHold(string gate);

    [Alias("end-then-call")]
    Task<int> EndThenCall(string other);

    [Alias("hold")]
    Task HoldAt(string gate);

    [AlwaysInterleave, Alias("hold-interleaved")]
    Task HoldInterleaved(string gate);

    [AlwaysInterleave, Alias("probe")]
    Task Probe();

    [Alias("keep")]
    Task Keep(TimeSpan time);

    [Alias("id")]
    Task<string> Activation();
}

/// <summary>
/// "broken" fails its first activation and "spoilt" the construction; "slow" waits at a gate to begin and "lingering" at one to end; "sour" fails as it ends, and "parting"
/// calls another grain then; "calling" calls another as it begins; "restless" ends as it begins.
/// </summary>
public sealed class LifeGrain : StoryGrain, ILifeGrain
{
    private int _calls;

    public LifeGrain(Stage stage, IGrainContext context)
        : base(stage)
    {
        if (context.GrainId.Key.ToString()!.EndsWith("/spoilt", StringComparison.Ordinal))
            throw new InvalidDataException("spoilt");
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Note("activates");
        switch (Name)
        {
            case "broken":
                await Wait("begin");
                throw new InvalidDataException("broken");
            case "slow":
                await Wait("begin");
                break;
            case "calling":
                Note($"hears {await Other<ILifeGrain>("called").Touch()}");
                break;
            case "restless":
                DeactivateOnIdle();
                break;
        }
        Note("is active");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Note($"ends: {reason.ReasonCode}");
        switch (Name)
        {
            case "lingering":
                await Wait("end");
                break;
            case "sour":
                throw new InvalidDataException("sour");
            case "parting":
                Note($"hears {await Other<ILifeGrain>("called").Touch()}");
                break;
        }
        Note("has ended");
    }

    public Task<int> Touch() => Task.FromResult(++_calls);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task EndThenHold(string gate)
    {
        DeactivateOnIdle();
        await Hold("hold", gate);
    }

    public async Task<int> EndThenCall(string other)
    {
        DeactivateOnIdle();
        return await Other<ILifeGrain>(other).Touch();
    }

    public Task HoldAt(string gate) => Hold("hold", gate);

    public Task HoldInterleaved(string gate) => Hold("interleaved", gate);

    public Task Probe() => Task.CompletedTask;

    public Task Keep(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task<string> Activation() => Task.FromResult(GrainContext.ActivationId.ToString()!);
}

[Alias("conformance.kept")]
public interface IKeptGrain : IGrainWithStringKey
{
    [Alias("touch")]
    Task<int> Touch();
}

/// <summary>Is never collected.</summary>
[KeepAlive]
public sealed class KeptGrain(Stage stage) : StoryGrain(stage), IKeptGrain
{
    private int _calls;

    public Task<int> Touch() => Task.FromResult(++_calls);
}

[Alias("conformance.staged")]
public interface IStagedGrain : IGrainWithStringKey
{
    [Alias("end")]
    Task End();

    [Alias("touch")]
    Task Touch();
}

/// <summary>Takes part in its own life cycle at stages of its own.</summary>
public sealed class StagedGrain(Stage stage) : StoryGrain(stage), IStagedGrain, ILifecycleParticipant<IGrainLifecycle>
{
    public void Participate(IGrainLifecycle lifecycle)
    {
        foreach (int at in (int[])[GrainLifecycleStage.Last, GrainLifecycleStage.First, GrainLifecycleStage.SetupState])
            lifecycle.Subscribe($"stage {at}", at, _ => NoteIt($"starts {at}"), _ => NoteIt($"stops {at}"));

        Task NoteIt(string what)
        {
            Note(what.Replace($"{GrainLifecycleStage.First}", "first", StringComparison.Ordinal)
                .Replace($"{GrainLifecycleStage.Last}", "last", StringComparison.Ordinal)
                .Replace($"{GrainLifecycleStage.SetupState}", "state", StringComparison.Ordinal));
            return Task.CompletedTask;
        }
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Note("activates");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Note("ends");
        return Task.CompletedTask;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Touch() => Task.CompletedTask;
}
