using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;

namespace OrleansRec.Grains.Serving;

/// <summary>What the directory keeps.</summary>
[GenerateSerializer, Alias("rec.model-directory-state")]
public sealed class ModelDirectoryState
{
    [Id(0)] public ModelDirectory Directory { get; set; } = new(0, []);

    /// <summary>Versions that are held no more, but whose blocks may still be there.</summary>
    [Id(1)] public long[] Discarded { get; set; } = [];

    /// <summary>The last version that was claimed for an attempt: no attempt before it may publish.</summary>
    [Id(2)] public long ClaimedVersion { get; set; }

    [Id(3)] public int ClaimedAttempt { get; set; }
}

/// <summary>The pointer to the current model. It moves by one compare-and-set of this grain's state; readers on this silo follow before the mover is answered.</summary>
[KeepAlive, GrainType("model-directory")]
public sealed partial class ModelDirectoryGrain(
    [PersistentState("models", "rec")] IPersistentState<ModelDirectoryState> storage,
    SiloCopies silo, ShardMap map, IOptions<ModelDirectoryOptions> options, ILogger<ModelDirectoryGrain> logger)
    : Grain, IModelDirectoryGrain
{
    private readonly int versionsKept = options.Value.VersionsKept;
    private PublishedModels published = null!;
    private TenantGrains grains;

    /// <summary>As it is stored: who asks while a change is being written is told what was before.</summary>
    private ModelDirectory Directory { get; set; } = new(0, []);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await FirstTurn.End();
        GrainKey key = GrainKey.Parse(this.GetPrimaryKeyString());
        grains = new(GrainFactory, key.Tenant);
        published = silo.Of(key.Tenant).Models;
        Directory = storage.State.Directory;
    }

    public Task<ModelDirectory> Get(CancellationToken cancellation = default) => Task.FromResult(Directory);

    public Task<long> GetCurrent(CancellationToken cancellation = default) => Task.FromResult(Directory.Current);

    public async Task<ModelDirectory> Publish(ModelInfo model, CancellationToken cancellation = default)
    {
        if (Array.Exists(Directory.Models, m => m.Version == model.Version))
            return Directory;
        Check(model);
        if ((model.Version, model.Attempt).CompareTo((storage.State.ClaimedVersion, storage.State.ClaimedAttempt)) < 0)
            throw new FencedException(
                $"Version {model.Version} was claimed for attempt {storage.State.ClaimedAttempt}; attempt {model.Attempt} cannot publish it.");
        ModelInfo[] all = [.. Directory.Models.Append(model).OrderBy(m => m.Version)];
        ModelInfo[] kept = [.. all.Where((m, i) => m == model || i >= all.Length - versionsKept)];
        long[] dropped = [.. all.Except(kept).Select(m => m.Version)];
        await Write(new(model.Version, kept, Directory.Revision + 1), s => s.Discarded = [.. s.Discarded, .. dropped]);
        await Follow(cancellation);
        await Discard(cancellation);
        return Directory;
    }

    public async Task<bool> Promote(long version, CancellationToken cancellation = default)
    {
        if (!Array.Exists(Directory.Models, m => m.Version == version))
            return false;
        if (Directory.Current != version)
            await Write(Directory with { Current = version, Revision = Directory.Revision + 1 });
        await Follow(cancellation);
        return true;
    }

    public async Task<bool> Claim(long version, int attempt, CancellationToken cancellation = default)
    {
        if (Array.Exists(Directory.Models, m => m.Version == version))
            return true;
        if ((version, attempt).CompareTo((storage.State.ClaimedVersion, storage.State.ClaimedAttempt)) > 0)
            await Write(Directory, s => (s.ClaimedVersion, s.ClaimedAttempt) = (version, attempt));
        return false;
    }

    private void Check(ModelInfo model)
    {
        published.CheckSize(model);
        if (model.Version < 1)
            throw new ArgumentOutOfRangeException(nameof(model), model.Version, "A version is 1 or more.");
        if (model.ShardRows.Length != map.ItemShards || model.ShardRows.Sum(r => (long)r) != model.Items)
            throw new ArgumentException(
                $"Model {model.Version} has {model.Items} items; its {model.ShardRows.Length} shards hold {model.ShardRows.Sum(r => (long)r)}, and there are {map.ItemShards} item shards.", nameof(model));
    }

    /// <summary>Memory follows storage: what could not be written is not shown.</summary>
    private async Task Write(ModelDirectory directory, Action<ModelDirectoryState>? change = null)
    {
        ModelDirectoryState before = storage.State;
        storage.State = new()
        {
            Directory = directory, Discarded = before.Discarded, ClaimedVersion = before.ClaimedVersion, ClaimedAttempt = before.ClaimedAttempt,
        };
        change?.Invoke(storage.State);
        try
        {
            await storage.WriteStateAsync();
            Directory = directory;
        }
        catch
        {
            storage.State = before;
            throw;
        }
    }

    /// <summary>The pointer has moved, whatever happens here: a reader that finds the copy missing loads it itself. So a caller that gives up ends the wait.</summary>
    private async Task Follow(CancellationToken cancellation)
    {
        try
        {
            await published.TakeOver(GrainFactory, Directory).WaitAsync(cancellation);
        }
        catch (Exception reason)
        {
            published.Invalidate();
            LogFollowsLater(Directory.Current, reason);
        }
    }

    /// <summary>Deletes the blocks of versions held no more; those that could not be deleted now are tried again at the next publication.</summary>
    private async Task Discard(CancellationToken cancellation)
    {
        var left = new List<long>();
        foreach (long version in storage.State.Discarded)
        {
            try
            {
                for (int shard = 0; shard < map.ItemShards; shard++)
                    await grains.ItemTraining(shard).Discard(version, cancellation);
            }
            catch (Exception reason)
            {
                left.Add(version);
                LogDiscardsLater(version, reason);
            }
        }
        if (left.Count != storage.State.Discarded.Length)
            await Write(Directory, s => s.Discarded = [.. left]);
    }

    [LoggerMessage(LogLevel.Warning, "Version {Version} is current; this silo will load it at the next request.")]
    private partial void LogFollowsLater(long version, Exception reason);

    [LoggerMessage(LogLevel.Warning, "Blocks of version {Version} will be deleted at the next publication.")]
    private partial void LogDiscardsLater(long version, Exception reason);
}
