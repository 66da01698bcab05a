using Orleans;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>Shows its activation on the stage before anything of its state is read, so that a test can move it then.</summary>
[Alias("conformance.early-mover")]
public interface IEarlyMoverGrain : IGrainWithStringKey
{
    [Alias("silo")]
    Task<SiloAddress> Silo();

    [Alias("put")]
    Task Put(string item);

    [Alias("items")]
    Task<List<string>> Items();

    [Alias("end")]
    Task End();
}

/// <summary>"counting" puts an item each time it begins.</summary>
public sealed class EarlyMoverGrain : StoryGrain, IEarlyMoverGrain
{
    private readonly IPersistentState<Basket> _basket;

    public EarlyMoverGrain(Stage stage, IGrainContext context, [PersistentState("basket", Stage.StorageName)] IPersistentState<Basket> basket)
        : base(stage)
    {
        _basket = basket;
        stage.Activations[context.GrainId] = context;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Name == "counting")
            await Put("begun");
        Note($"begins with {string.Join(" ", _basket.State.Items)}");
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Note($"ends: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<SiloAddress> Silo() => Task.FromResult(GrainContext.Address.SiloAddress!);

    public Task Put(string item)
    {
        _basket.State.Items.Add(item);
        return _basket.WriteStateAsync();
    }

    public Task<List<string>> Items() => Task.FromResult(_basket.State.Items);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
