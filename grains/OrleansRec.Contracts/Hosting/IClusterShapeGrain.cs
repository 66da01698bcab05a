using Orleans;

namespace OrleansRec.Contracts;

/// <summary>Tells processes without shards how many there are. Every silo answers by itself; name: <see cref="GrainKey.Shape"/> of the system.</summary>
[Alias("rec.cluster-shape-grain")]
public interface IClusterShapeGrain : IGrainWithStringKey
{
    /// <summary>How many shards each side of each tenant has.</summary>
    [Alias("get")]
    Task<ShardMap> Get(CancellationToken cancellation = default);
}
