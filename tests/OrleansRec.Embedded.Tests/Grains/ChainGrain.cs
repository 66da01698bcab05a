using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Embedded.Tests;

[Alias("test.chain")]
public interface IChainGrain : IGrainWithStringKey
{
    [Alias("sum")]
    Task<int> Sum(int depth);

    [Alias("next")]
    Task<int> Next();

    [AlwaysInterleave, Alias("sequence")]
    Task Arrive(int number);

    [Alias("arrived")]
    Task<int[]> Arrived();

    [Alias("library")]
    Task<bool> CallThroughLibrary();
}

/// <summary>Calls other grains, several at once, and notes whether two of its turns ever ran at the same time.</summary>
public sealed class ChainGrain : Grain, IChainGrain
{
    private readonly List<int> _arrived = [];
    private int _inside;
    private int _count;

    public async Task<int> Sum(int depth)
    {
        Enter();
        if (depth == 0)
        {
            Leave();
            return 1;
        }
        var calls = Enumerable.Range(0, 3).Select(i => GrainFactory.GetGrain<IChainGrain>($"{depth - 1}.{i}.{this.GetPrimaryKeyString()}").Sum(depth - 1));
        Leave();
        var sums = await Task.WhenAll(calls);
        Enter();
        var sum = sums.Sum();
        Leave();
        return sum;
    }

    public Task<int> Next()
    {
        Enter();
        var next = ++_count;
        Leave();
        return Task.FromResult(next);
    }

    public Task Arrive(int number)
    {
        _arrived.Add(number);
        return Task.CompletedTask;
    }

    public Task<int[]> Arrived() => Task.FromResult(_arrived.ToArray());

    public async Task<bool> CallThroughLibrary()
    {
        var turns = TaskScheduler.Current;
        await Library(GrainFactory.GetGrain<IChainGrain>("library")).ConfigureAwait(true);
        return TaskScheduler.Current == turns && turns != TaskScheduler.Default;
    }

    private static async Task Library(IChainGrain grain) => await grain.Next().ConfigureAwait(false);

    private void Enter()
    {
        if (Interlocked.Increment(ref _inside) != 1)
            throw new InvalidOperationException("two turns at once");
        Thread.SpinWait(20);
    }

    private void Leave() => Interlocked.Decrement(ref _inside);
}
