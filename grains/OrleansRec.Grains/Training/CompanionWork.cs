using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;
using OrleansRec.Model.Companions;

namespace OrleansRec.Grains.Training;

/// <summary>Builds the models beside the factors of a version and stores them; a part of one item shard's preparation of the version.</summary>
/// <remarks>
/// What it is built from is frozen: the histories by the training's watermarks, the factors by its last sweep. So an attempt that is prepared again stores the same bytes, as long as the shop does not change its items
/// meanwhile. A shard that cannot be reached fails the preparation, as it does elsewhere in a training; what the mathematics refuses leaves the version without companion, because a list of the factors alone is better than none.
/// </remarks>
/// <param name="grains">To reach the shards.</param>
/// <param name="solver">Runs on the compute pool.</param>
/// <param name="catalogue">What the shop says of its items.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="options">Its bounds.</param>
/// <param name="logger">Where trouble is told.</param>
internal sealed partial class CompanionWork(TenantGrains grains, SideSolver solver, CatalogueCopy catalogue, ILogStore store, TrainingOptions options, ILogger logger)
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Builds and stores the companion of an attempt.</summary>
    public async Task Build(long version, int attempt, int sweep, CompanionCommand command, CancellationToken stop)
    {
        if (options.CompanionEventsMax == 0)
            return;
        AlsOptions als = command.Plan.ToOptions();
        var (ids, factors) = await Items(version, attempt, sweep, als.Width, command.ItemRows, stop);
        ShopHistories histories = await Histories(ids, command, stop);
        await catalogue.Refresh(grains.Factory, stop);
        var source = new CompanionSource
        {
            Version = version, Attempt = attempt, Als = als, ItemFactors = factors, Gram = command.Gram, GlobalMean = command.GlobalMean, HeldOutShare = command.Plan.HeldOut?.Share ?? 0,
            Histories = histories, Features = catalogue.Features(ids), AtMs = command.AtMs, Step = stop.ThrowIfCancellationRequested,
        };
        var bytes = new ArrayBufferWriter<byte>();
        try
        {
            await solver.Each(1, (_, _) => CompanionCoding.Write(CompanionBuilder.Build(source), bytes), stop);
        }
        catch (Exception reason) when (reason is ArgumentException or ArithmeticException or InvalidOperationException or IndexOutOfRangeException)
        {
            LogNotBuilt(version, reason);
            return;
        }
        await Write(version, attempt, bytes.WrittenMemory, stop);
    }

    /// <summary>Deletes what is stored of a version.</summary>
    public Task Discard(long version, CancellationToken cancellation) => store.Delete(LogStreams.Companion(grains.Tenant, version), cancellation);

    /// <summary>All rows of the version in the order of buckets.</summary>
    private async Task<(string[] Ids, float[] Factors)> Items(long version, int attempt, int sweep, int width, int[] itemRows, CancellationToken stop)
    {
        var (ids, factors) = (new string[itemRows.Sum()], new float[itemRows.Sum() * width]);
        for (int shard = 0, first = 0; shard < itemRows.Length; first += itemRows[shard++])
        {
            IItemShardTraining grain = grains.ItemTraining(shard);
            for (int row = 0; row < itemRows[shard];)
            {
                RowIdChunk chunk = await grain.GetRowIds(version, attempt, row, stop);
                RequireRows(version, shard, itemRows[shard], chunk.TotalRows, chunk.Ids.Length);
                chunk.Ids.CopyTo(ids, first + row);
                row += chunk.Ids.Length;
            }
            for (int row = 0; row < itemRows[shard];)
            {
                FactorChunk chunk = await grain.GetItemFactors(version, attempt, sweep, row, stop);
                RequireRows(version, shard, itemRows[shard], chunk.TotalRows, chunk.RowCount);
                MemoryMarshal.Cast<byte, float>(chunk.Factors).CopyTo(factors.AsSpan((first + row) * width));
                row += chunk.RowCount;
            }
        }
        return (ids, factors);
    }

    private static void RequireRows(long version, int shard, int expected, int found, int rows)
    {
        if (found != expected || rows < 1)
            throw new TrainingUnknownException($"Item shard {shard} has {found} rows of version {version}; the training has {expected}.");
    }

    private async Task<ShopHistories> Histories(string[] ids, CompanionCommand command, CancellationToken stop)
    {
        var builder = new ShopHistories.Builder(ids, options.CompanionEventsMax);
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

    /// <summary>An activation that others take for dead may be late here: what a later attempt has stored stays.</summary>
    private async Task Write(long version, int attempt, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        string stream = LogStreams.Companion(grains.Tenant, version);
        LogOpening opening = await store.Open(stream, stop);
        if (opening.SnapshotSequence > attempt)
            throw new TrainingUnknownException($"Stream {stream} holds attempt {opening.SnapshotSequence}; attempt {attempt} is late.");
        await using ISnapshotWriter written = await store.BeginSnapshot(stream, opening.Epoch, stop);
        for (int at = 0; at < bytes.Length; at += PieceBytes)
            await written.Write(bytes.Slice(at, Math.Min(PieceBytes, bytes.Length - at)), stop);
        await written.Complete(attempt, compact: true, stop);
    }

    [LoggerMessage(LogLevel.Error, "Version {Version} will have no models beside its factors: they could not be built.")]
    private partial void LogNotBuilt(long version, Exception reason);
}
