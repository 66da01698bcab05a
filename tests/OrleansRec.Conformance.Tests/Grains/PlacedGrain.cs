using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>Tells on which silo it is, and moves.</summary>
[Alias("conformance.placed")]
public interface IPlacedGrain : IGrainWithStringKey
{
    [Alias("silo")]
    Task<SiloAddress> Silo();

    [Alias("count")]
    Task<int> Count();

    [Alias("move")]
    Task Move();

    [Alias("move-then-hold")]
    Task MoveThenHold(string gate);

    [Alias("end")]
    Task End();

    [Alias("hold")]
    Task HoldAt(string gate);

    [Alias("silo-of")]
    Task<SiloAddress> SiloOf(string other);

    [Alias("hold-at-other")]
    Task<string> HoldAtOther(string other, string gate);
}

public sealed class PlacedGrain(Stage stage) : StoryGrain(stage), IPlacedGrain
{
    private int _count;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Note("activates");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Note($"ends: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<SiloAddress> Silo() => Task.FromResult(GrainContext.Address.SiloAddress!);

    public Task<int> Count() => Task.FromResult(++_count);

    public Task Move()
    {
        this.MigrateOnIdle();
        return Task.CompletedTask;
    }

    public async Task MoveThenHold(string gate)
    {
        this.MigrateOnIdle();
        await Hold("hold", gate);
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task HoldAt(string gate) => Hold("hold", gate);

    public Task<SiloAddress> SiloOf(string other) => Other<IPlacedGrain>(other).Silo();

    public async Task<string> HoldAtOther(string other, string gate)
    {
        try
        {
            await Other<IPlacedGrain>(other).HoldAt(gate);
            return "answered";
        }
        catch (SiloUnavailableException)
        {
            return "silo unavailable";
        }
    }
}

/// <summary>Takes what it holds along when it moves.</summary>
[Alias("conformance.mover")]
public interface IMoverGrain : IGrainWithStringKey
{
    [Alias("silo")]
    Task<SiloAddress> Silo();

    [Alias("count")]
    Task<int> Count();

    [Alias("put-only-here")]
    Task PutOnlyHere(string item);

    [Alias("put")]
    Task Put(string item);

    [Alias("items")]
    Task<List<string>> Items();

    [Alias("move")]
    Task Move();

    [Alias("end")]
    Task End();
}

public sealed class MoverGrain(Stage stage, [PersistentState("basket", Stage.StorageName)] IPersistentState<Basket> basket)
    : StoryGrain(stage), IMoverGrain, IGrainMigrationParticipant
{
    private const string CountKey = "count";
    private int _count;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Note($"activates with {_count}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Note($"ends: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        Note("packs");
        dehydrationContext.TryAddValue(CountKey, _count);
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        Note("unpacks");
        rehydrationContext.TryGetValue(CountKey, out _count);
    }

    public Task<SiloAddress> Silo() => Task.FromResult(GrainContext.Address.SiloAddress!);

    public Task<int> Count() => Task.FromResult(++_count);

    public Task PutOnlyHere(string item)
    {
        basket.State.Items.Add(item);
        return Task.CompletedTask;
    }

    public Task Put(string item)
    {
        basket.State.Items.Add(item);
        return basket.WriteStateAsync();
    }

    public Task<List<string>> Items() => Task.FromResult(basket.State.Items);

    public Task Move()
    {
        this.MigrateOnIdle();
        return Task.CompletedTask;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[Alias("conformance.worker")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Waits at a gate; the answer tells how many calls of this activation ran at once.</summary>
    [Alias("work")]
    Task<int> Work(string gate);

    [Alias("silo")]
    Task<SiloAddress> Silo();
}

/// <summary>At most two activations on each silo.</summary>
[StatelessWorker(2)]
public sealed class WorkerGrain(Stage stage) : StoryGrain(stage), IWorkerGrain
{
    private int _running;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Note("activates");
        return Task.CompletedTask;
    }

    public async Task<int> Work(string gate)
    {
        int running = ++_running;
        await Hold("work", gate);
        _running--;
        return running;
    }

    public Task<SiloAddress> Silo() => Task.FromResult(GrainContext.Address.SiloAddress!);
}
