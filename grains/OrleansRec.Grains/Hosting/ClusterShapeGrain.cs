using Orleans;
using Orleans.Concurrency;
using OrleansRec.Contracts;

namespace OrleansRec.Grains.Hosting;

/// <summary>Says what this silo was started with.</summary>
[StatelessWorker, GrainType("cluster-shape")]
public sealed class ClusterShapeGrain(ShardMap shards) : Grain, IClusterShapeGrain
{
    public Task<ShardMap> Get(CancellationToken cancellation = default) => Task.FromResult(shards);
}
