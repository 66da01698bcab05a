using Orleans;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

[GenerateSerializer, Alias("conformance.basket")]
public sealed class Basket
{
    [Id(0)]
    public List<string> Items { get; set; } = [];
}

/// <summary>A grain with stored state.</summary>
[Alias("conformance.basket-grain")]
public interface IBasketGrain : IGrainWithStringKey
{
    /// <summary>Adds and writes; the answer is the ETag.</summary>
    [Alias("put")]
    Task<string?> Put(string item);

    /// <summary>Adds without writing.</summary>
    [Alias("put-only-here")]
    Task PutOnlyHere(string item);

    [Alias("items")]
    Task<List<string>> Items();

    [Alias("exists")]
    Task<bool> Exists();

    [Alias("etag")]
    Task<string?> ETag();

    [Alias("read")]
    Task Read();

    [Alias("clear")]
    Task Clear();

    [Alias("end")]
    Task End();

    /// <summary>The same record, written past this activation's state.</summary>
    [Alias("write-behind")]
    Task WriteBehind(string item);

    /// <summary>Puts, and goes on when that fails, telling how.</summary>
    [Alias("put-or-say")]
    Task<string> PutOrSay(string item);
}

public sealed class BasketGrain(Stage stage, [PersistentState("basket", Stage.StorageName)] IPersistentState<Basket> basket) : StoryGrain(stage), IBasketGrain
{
    private readonly Stage _stage = stage;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Note($"activates with {string.Join(" ", basket.State.Items)}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Note($"ends: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public async Task<string?> Put(string item)
    {
        basket.State.Items.Add(item);
        await basket.WriteStateAsync();
        return basket.Etag;
    }

    public Task PutOnlyHere(string item)
    {
        basket.State.Items.Add(item);
        return Task.CompletedTask;
    }

    public Task<List<string>> Items() => Task.FromResult(basket.State.Items);

    public Task<bool> Exists() => Task.FromResult(basket.RecordExists);

    public Task<string?> ETag() => Task.FromResult<string?>(basket.Etag);

    public Task Read() => basket.ReadStateAsync();

    public Task Clear() => basket.ClearStateAsync();

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task WriteBehind(string item)
    {
        var other = new GrainState<Basket>();
        await _stage.States.ReadStateAsync("basket", this.GetGrainId(), other);
        other.State!.Items.Add(item);
        await _stage.States.WriteStateAsync("basket", this.GetGrainId(), other);
    }

    public async Task<string> PutOrSay(string item)
    {
        try
        {
            return $"stored as {await Put(item)}";
        }
        catch (Exception failure)
        {
            return failure.GetType().Name;
        }
    }
}
