using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Content;
using OrleansRec.Model.Sequence.Serving;

namespace OrleansRec.Grains.Serving;

/// <summary>
/// The silo's copy of the current model. A new version is assembled beside the one in use and takes its place whole, so a reader has one
/// version or the other and never waits for a change; the version before stays for readers under way. One is assembled at a time. One per silo and tenant.
/// </summary>
public sealed class PublishedModels(
    TenantId tenant, ShardMap map, CatalogueCopy catalogue, IComputePool pool, TimeProvider time, IOptions<ServingOptions> options, CompanionReader? companions = null)
{
    private readonly ServingOptions options = options.Value;
    private readonly Lock gate = new();
    private volatile PublishedModel? current;
    private volatile PublishedModel? previous;
    private long checkedAt;
    private volatile bool known;
    private long revision;
    private Task<PublishedModel?>? refreshing;

    /// <summary>The version in use as far as the silo knows; null where none is loaded. Makes no call.</summary>
    public PublishedModel? Current => current;

    /// <summary>The current model, where what is known is not older than the staleness period; else null. Makes no call.</summary>
    public PublishedModel? Fresh => IsFresh ? current : null;

    private bool IsFresh => known && time.GetElapsedTime(Volatile.Read(ref checkedAt)) < options.StalenessPeriod;

    /// <summary>The current model; null where none is published. Asks the directory when what is known is older than the staleness period.</summary>
    public ValueTask<PublishedModel?> Get(IGrainFactory grains, CancellationToken cancellation = default)
    {
        if (IsFresh)
            return new(current);
        lock (gate)
        {
            if (refreshing is { IsCompleted: false })
                return known ? new(current) : new(refreshing.WaitAsync(cancellation));
            refreshing = Refresh(grains);
            return new(refreshing.WaitAsync(cancellation));
        }
    }

    /// <summary>A version that the silo holds, or null.</summary>
    public PublishedModel? Find(long version)
    {
        PublishedModel? model = current;
        if (model?.Version == version)
            return model;
        model = previous;
        return model?.Version == version ? model : null;
    }

    /// <summary>The next <see cref="Get"/> asks the directory.</summary>
    public void Invalidate() => known = false;

    /// <summary>Loads what the directory on this silo has just made current, so that the next reader on it finds it.</summary>
    public Task TakeOver(IGrainFactory grains, ModelDirectory directory)
    {
        lock (gate)
            return refreshing = LoadAfter(refreshing, grains, directory);
    }

    /// <exception cref="TrainingFailedException">The model is larger than a silo may copy.</exception>
    public void CheckSize(ModelInfo model)
    {
        long bytes = PublishedModel.BytesOf(model, options.ApproximateProbes);
        if (bytes > options.ModelCopyBytesMax)
            throw new TrainingFailedException(
                $"Model {model.Version} has {bytes} bytes of factors and index; Serving:ModelCopyBytesMax allows {options.ModelCopyBytesMax}.");
    }

    private async Task<PublishedModel?> LoadAfter(Task? earlier, IGrainFactory grains, ModelDirectory directory)
    {
        if (earlier is not null)
            await earlier.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        await Load(grains, directory);
        return current;
    }

    private async Task<PublishedModel?> Refresh(IGrainFactory grains)
    {
        IModelDirectoryGrain directory = new TenantGrains(grains, tenant).Models;
        // A version may be dropped between the answer and its last chunk; then the directory names another one.
        for (int attempt = 1; ; attempt++)
        {
            long version = await directory.GetCurrent(CancellationToken.None);
            if (version == 0 || current?.Version == version)
            {
                if (current is { IsCompanionDue: true } waits)
                    await ReadCompanion(waits);
                Checked();
                return current;
            }
            try
            {
                await Load(grains, await directory.Get(CancellationToken.None));
                return current;
            }
            catch (VersionGoneException) when (attempt < LoadAttemptsMax)
            {
            }
        }
    }

    private const int LoadAttemptsMax = 3;

    /// <summary>An answer of a directory that was replaced meanwhile changes nothing: versions never go back but by promoting.</summary>
    private async Task Load(IGrainFactory grains, ModelDirectory directory)
    {
        if (directory.Revision >= revision && directory.CurrentModel is { } info && info.Version != current?.Version)
        {
            PublishedModel loaded = Find(info.Version) ?? await Assemble(grains, info);
            catalogue.Align(loaded, current);
            previous = current;
            current = loaded;
        }
        revision = Math.Max(revision, directory.Revision);
        Checked();
    }

    private void Checked()
    {
        Volatile.Write(ref checkedAt, time.GetTimestamp());
        known = true;
    }

    /// <summary>Shards in order, and their rows in order, make the order of (hash, id) over all.</summary>
    private async Task<PublishedModel> Assemble(IGrainFactory grains, ModelInfo info)
    {
        CheckSize(info);
        int width = info.Plan.ToOptions().Width;
        var ids = new string[info.Items];
        var factors = new float[info.Items * width];
        int first = 0;
        for (int shard = 0; shard < map.ItemShards; shard++)
        {
            IItemShardGrain grain = new TenantGrains(grains, tenant).ItemShard(shard);
            for (int row = 0; row < info.ShardRows[shard];)
            {
                FactorChunk chunk = await grain.GetPublished(info.Version, row, CancellationToken.None);
                if (chunk.RowCount < 1 || chunk.Width != width || chunk.TotalRows != info.ShardRows[shard])
                    // The block of an attempt that was given up: a store that was slow to tell of the last one tells of it when it is asked again.
                    throw new VersionGoneException(
                        $"Model {info.Version} has {info.ShardRows[shard]} rows of width {width} in item shard {shard}; the shard answers {chunk.TotalRows} of width {chunk.Width}.");
                chunk.Ids.CopyTo(ids, first + row);
                MemoryMarshal.Cast<byte, float>(chunk.Factors).CopyTo(factors.AsSpan((first + row) * width));
                row += chunk.RowCount;
            }
            first += info.ShardRows[shard];
        }
        PublishedModel? assembled = null;
        // The index takes about a microsecond an item: not on a thread that answers requests.
        await pool.Run(1, (_, _) => assembled = new(info, ids, factors, options.ApproximateProbes));
        // Content is read from the catalogue, which a silo that has just begun does not know yet.
        await catalogue.Refresh(grains);
        await ReadCompanion(assembled!);
        return assembled!;
    }

    private async Task ReadCompanion(PublishedModel model)
    {
        if (companions is null)
            return;
        (ModelCompanion? companion, bool mayComeLater) = await companions.Read(model.Info, model.IdsMemory);
        (SequencePart? sequence, bool sequenceMayComeLater) = await companions.ReadSequence(model.Info, model.IdsMemory, model.RowOf);
        CompanionParts? parts = null;
        if (companion is not null)
        {
            string[] ids = model.IdsMemory.ToArray();
            ItemFeatures?[] features = catalogue.Features(ids);
            // Content takes some ten microseconds an item: not on a thread that answers requests.
            await pool.Run(1, (_, _) => parts = CompanionParts.Over(companion, ids, ids, features));
        }
        model.Take(parts, sequence, catalogue, mayComeLater || sequenceMayComeLater);
    }
}
