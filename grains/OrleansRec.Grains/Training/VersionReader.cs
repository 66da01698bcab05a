using System.Runtime.InteropServices;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Companions;

namespace OrleansRec.Grains.Training;

/// <summary>Reads what a training works on from all shards: its rows, their factors, and what users did.</summary>
/// <param name="grains">To reach the shards.</param>
internal sealed class VersionReader(TenantGrains grains)
{
    /// <summary>Ids of all rows of the version in the order of buckets.</summary>
    public async Task<string[]> Ids(long version, int attempt, int[] itemRows, CancellationToken stop)
    {
        var ids = new string[itemRows.Sum()];
        for (int shard = 0, first = 0; shard < itemRows.Length; first += itemRows[shard++])
            for (int row = 0; row < itemRows[shard];)
            {
                RowIdChunk chunk = await grains.ItemTraining(shard).GetRowIds(version, attempt, row, stop);
                RequireRows(version, shard, itemRows[shard], chunk.TotalRows, chunk.Ids.Length);
                chunk.Ids.CopyTo(ids, first + row);
                row += chunk.Ids.Length;
            }
        return ids;
    }

    /// <summary>Factors of the same rows after a sweep, row-major, shape (rows, width).</summary>
    public async Task<float[]> Factors(long version, int attempt, int sweep, int width, int[] itemRows, CancellationToken stop)
    {
        var factors = new float[itemRows.Sum() * width];
        for (int shard = 0, first = 0; shard < itemRows.Length; first += itemRows[shard++])
            for (int row = 0; row < itemRows[shard];)
            {
                FactorChunk chunk = await grains.ItemTraining(shard).GetItemFactors(version, attempt, sweep, row, stop);
                RequireRows(version, shard, itemRows[shard], chunk.TotalRows, chunk.RowCount);
                MemoryMarshal.Cast<byte, float>(chunk.Factors).CopyTo(factors.AsSpan((first + row) * width));
                row += chunk.RowCount;
            }
        return factors;
    }

    /// <summary>What users did, up to the training's watermarks.</summary>
    /// <param name="ids">Ids of the rows.</param>
    /// <param name="command">What is trained on.</param>
    /// <param name="eventsMax">Events read at most; of a larger shop a sample of its users is read.</param>
    /// <param name="stop">Ends the reading.</param>
    public async Task<ShopHistories> Histories(string[] ids, CompanionCommand command, int eventsMax, CancellationToken stop)
    {
        var builder = new ShopHistories.Builder(ids, eventsMax);
        for (int shard = 0; shard < command.Watermarks.Length; shard++)
            for (string? after = null; ;)
            {
                HistoryPage page = await grains.UserTraining(shard).GetHistories(new(command.Plan, command.Watermarks[shard], after), stop);
                HistoryPageWriter.Read(page, builder);
                if ((after = page.LastUserId) is null)
                    break;
            }
        return builder.Build();
    }

    private static void RequireRows(long version, int shard, int expected, int found, int rows)
    {
        if (found != expected || rows < 1)
            throw new TrainingUnknownException($"Item shard {shard} has {found} rows of version {version}; the training has {expected}.");
    }
}
