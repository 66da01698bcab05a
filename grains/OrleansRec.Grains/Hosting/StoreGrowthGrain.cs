using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;

namespace OrleansRec.Grains.Hosting;

/// <summary>State of <see cref="StoreGrowthGrain"/>.</summary>
[GenerateSerializer, Alias("rec.store-growth-state")]
public sealed class StoreGrowthState
{
    [Id(0)] public StoreSize[] Sizes { get; set; } = [];
}

/// <summary>Keeps a bounded number of sizes, the oldest of which go.</summary>
[GrainType("store-growth")]
public sealed class StoreGrowthGrain([PersistentState("growth", "rec")] IPersistentState<StoreGrowthState> storage) : Grain, IStoreGrowthGrain
{
    public async Task<StoreGrowth> Note(StoreSize size, CancellationToken cancellation = default)
    {
        // A clock that was set back must not keep sizes of a future that is gone.
        StoreSize[] kept = Array.FindAll(storage.State.Sizes, s => s.TimeMs <= size.TimeMs);
        if (kept.Length > 0 && size.TimeMs - kept[^1].TimeMs < StoreGrowth.NotePeriod.TotalMilliseconds)
            return new([.. kept, size]);
        await storage.Replace(new() { Sizes = [.. kept.TakeLast(StoreGrowth.SizesMax - 1), size] }, DeactivateOnIdle);
        return new(storage.State.Sizes);
    }
}
