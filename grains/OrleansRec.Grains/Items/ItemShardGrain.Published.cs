using OrleansRec.Contracts;
using OrleansRec.Grains.Training;

namespace OrleansRec.Grains.Items;

/// <summary>Published factors, in chunks. Silos copy them; the shard keeps a block only until its last chunk was read.</summary>
public sealed partial class ItemShardGrain
{
    private (long Version, Task<PublishedBlock> Block)? published;

    public async Task<FactorChunk> GetPublished(long modelVersion, int firstRow, CancellationToken cancellation = default)
    {
        if (published is not { } held || held.Version != modelVersion || held.Block.IsFaulted)
            published = held = (modelVersion, ReadPublished(modelVersion));
        PublishedBlock block = await held.Block;
        if (firstRow < 0 || firstRow > block.RowCount)
            throw new ArgumentOutOfRangeException(nameof(firstRow), firstRow, $"Item shard {shard} has {block.RowCount} rows in version {modelVersion}.");
        FactorChunk chunk = FactorChunks.Cut(block.Factors, block.Width, firstRow, block.Ids);
        if (firstRow + chunk.RowCount == block.RowCount && published?.Block == held.Block)
            published = null;
        return chunk;
    }

    private async Task<PublishedBlock> ReadPublished(long modelVersion)
    {
        LogSnapshot snapshot = await store.ReadSnapshot(LogStreams.Model(grains.Tenant, modelVersion, shard)) ?? throw VersionGoneException.Of(modelVersion);
        return PublishedBlock.Read(snapshot.Content.Span);
    }
}
