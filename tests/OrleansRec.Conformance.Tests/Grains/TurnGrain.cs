using Orleans;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>Calls that begin, wait at a gate and end, so that a test sees which of them overlap.</summary>
[Alias("conformance.turns")]
public interface ITurnGrain : IGrainWithStringKey
{
    [Alias("hold")]
    Task HoldAt(string gate);

    /// <summary>Its callers wait for a second, whatever the cluster says.</summary>
    [ResponseTimeout("00:00:01"), Alias("hold-briefly")]
    Task HoldBriefly(string gate);

    [AlwaysInterleave, Alias("hold-interleaved")]
    Task HoldInterleaved(string gate);

    [ReadOnly, Alias("look")]
    Task Look(string gate);

    [Alias("touch")]
    Task Touch();

    /// <summary>Ends as soon as it arrives. What the same sender in the silo sent before has arrived then, too.</summary>
    [AlwaysInterleave, Alias("probe")]
    Task Probe();

    [Alias("add")]
    Task<int> Add();

    [AlwaysInterleave, Alias("add-interleaved")]
    Task<int> AddInterleaved();

    [Alias("start-background")]
    Task StartBackground(string gate);

    [Alias("background-in-turns")]
    Task<bool> IsBackgroundInTurns();
}

public sealed class TurnGrain(Stage stage) : StoryGrain(stage), ITurnGrain
{
    private int _count;
    private bool _isBackgroundInTurns;

    public Task HoldAt(string gate) => Hold("hold", gate);

    public Task HoldBriefly(string gate) => Hold("hold", gate);

    public Task HoldInterleaved(string gate) => Hold("interleaved", gate);

    public Task Look(string gate) => Hold("look", gate);

    public Task Touch()
    {
        Note("touched");
        return Task.CompletedTask;
    }

    public Task Probe() => Task.CompletedTask;

    public Task<int> Add() => AddSlowly();

    public Task<int> AddInterleaved() => AddSlowly();

    public Task StartBackground(string gate)
    {
        _ = Background();
        return Task.CompletedTask;

        async Task Background()
        {
            TaskScheduler turns = TaskScheduler.Current;
            await Hold("background", gate);
            _isBackgroundInTurns = TaskScheduler.Current == turns && turns != TaskScheduler.Default;
        }
    }

    public Task<bool> IsBackgroundInTurns() => Task.FromResult(_isBackgroundInTurns);

    /// <summary>Loses counts when two of these overlap.</summary>
    private async Task<int> AddSlowly()
    {
        int before = _count;
        await Task.Yield();
        await Wait("add");
        return _count = before + 1;
    }
}

[Alias("conformance.reentrant")]
public interface IReentrantGrain : IGrainWithStringKey
{
    [Alias("hold")]
    Task HoldAt(string gate);

    [Alias("together")]
    Task<int> MostAtOnce(int calls);
}

/// <summary>Every call of it interleaves, yet no two of its turns run at once.</summary>
[Reentrant]
public sealed class ReentrantGrain(Stage stage) : StoryGrain(stage), IReentrantGrain
{
    private int _inside, _most;

    public Task HoldAt(string gate) => Hold("hold", gate);

    public async Task<int> MostAtOnce(int calls)
    {
        for (int call = 0; call < calls; call++)
        {
            _most = Math.Max(_most, Interlocked.Increment(ref _inside));
            Thread.SpinWait(100);
            Interlocked.Decrement(ref _inside);
            await Task.Yield();
        }
        return _most;
    }
}

[Alias("conformance.choosy")]
public interface IChoosyGrain : IGrainWithStringKey
{
    [Alias("hold")]
    Task HoldAt(string gate);
}

/// <summary>Lets those calls interleave whose argument says so.</summary>
[MayInterleave(nameof(Admits))]
public sealed class ChoosyGrain(Stage stage) : StoryGrain(stage), IChoosyGrain
{
    public static bool Admits(IInvokable call) => call.GetArgument(0) is string gate && gate.StartsWith("free", StringComparison.Ordinal);

    public Task HoldAt(string gate) => Hold("hold", gate);
}
