using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Embedded.Tests;

/// <summary>Counts with an await between reading and writing, so that any interleaving loses counts.</summary>
[Alias("test.counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    [Alias("add")]
    Task<int> Add();

    [AlwaysInterleave, Alias("add-interleaved")]
    Task<int> AddInterleaved();

    [Alias("get")]
    ValueTask<int> Get();
}

/// <summary>The same counter through a second interface.</summary>
[Alias("test.counter-reader")]
public interface ICounterReader : IGrainWithStringKey
{
    [Alias("read")]
    Task<int> Read();
}

public sealed class CounterGrain(TimeProvider clock) : Grain, ICounterGrain, ICounterReader
{
    private int _count;

    public Task<int> Add() => AddSlowly();

    public Task<int> AddInterleaved() => AddSlowly();

    public ValueTask<int> Get() => new(_count);

    public Task<int> Read() => Task.FromResult(_count);

    private async Task<int> AddSlowly()
    {
        var before = _count;
        await Task.Delay(TimeSpan.FromMilliseconds(10), clock);
        await Task.Yield();
        return _count = before + 1;
    }
}

[Alias("test.reentrant-counter")]
public interface IReentrantCounterGrain : IGrainWithStringKey
{
    [Alias("add")]
    Task<int> Add();
}

[Reentrant]
public sealed class ReentrantCounterGrain(TimeProvider clock) : Grain, IReentrantCounterGrain
{
    private int _count;

    public async Task<int> Add()
    {
        var before = _count;
        await Task.Delay(TimeSpan.FromMilliseconds(10), clock);
        return _count = before + 1;
    }
}
