using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansRec.Embedded.Tests;

[GenerateSerializer, Alias("test.basket")]
public sealed class Basket
{
    [Id(0)]
    public List<string> Items { get; set; } = [];
}

[Alias("test.state")]
public interface IStateGrain : IGrainWithStringKey
{
    [Alias("put")]
    Task<string?> Put(string item);

    [Alias("items")]
    Task<List<string>> Items();

    [Alias("clear")]
    Task Clear();

    [Alias("end")]
    Task End();
}

public sealed class StateGrain([PersistentState("basket", "rec")] IPersistentState<Basket> basket) : Grain, IStateGrain
{
    public async Task<string?> Put(string item)
    {
        basket.State.Items.Add(item);
        await basket.WriteStateAsync();
        return basket.Etag;
    }

    public Task<List<string>> Items() => Task.FromResult(basket.State.Items);

    public Task Clear() => basket.ClearStateAsync();

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[Alias("test.worker")]
public interface IWorkerGrain : IGrainWithStringKey
{
    [Alias("work")]
    Task<int> Work();
}

/// <summary>Tells how many calls of one worker key ran at once.</summary>
[StatelessWorker(3)]
public sealed class WorkerGrain(TimeProvider clock, Journal journal) : Grain, IWorkerGrain
{
    private int _running;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Note("worker activates");
        return Task.CompletedTask;
    }

    public async Task<int> Work()
    {
        var running = ++_running;
        await Task.Delay(TimeSpan.FromSeconds(1), clock);
        _running--;
        return running;
    }
}
