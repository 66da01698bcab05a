using System.Reflection;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    private const string Engine = "Orleans";

    private static readonly string Product =
        $"OrleansRec {typeof(ClusterRecommender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}";

    /// <inheritdoc/>
    public async Task<ServerStatus> GetStatus(CancellationToken cancellation = default)
    {
        Task<UserShardStatus[]> users = AskEach(Indices(shards.UserShards), (s, stop) => UserShard(s).GetStatus(stop), cancellation);
        Task<ItemShardStatus[]> items = AskEach(Indices(shards.ItemShards), (s, stop) => ItemShard(s).GetStatus(stop), cancellation);
        Task<ModelDirectory> models = Ask(() => _grains.Models.Get(cancellation), cancellation);
        Task<TrainingStatus> training = Ask(() => _grains.Coordinator.GetStatus(cancellation), cancellation);
        await Task.WhenAll(users, items, models, training).ConfigureAwait(false);
        // What all tenants take together is the operator's, not each tenant's.
        DiskInfo? disk = tenant == TenantId.Default && disks.FirstOrDefault() is { } report
            ? report.Last ?? await Ask(() => report.Look(cancellation), cancellation).ConfigureAwait(false)
            : null;
        return Status(await users, await items, await models, await training) with { Disk = disk };
    }

    private ServerStatus Status(UserShardStatus[] users, ItemShardStatus[] items, ModelDirectory models, TrainingStatus training) => new(
        Product, Engine, statistics.Started, users.Sum(s => s.Users), users.Sum(s => s.Events), users.Sum(s => s.Pairs),
        items.Sum(s => s.Items), items.Sum(s => s.CatalogueItems), users.Sum(s => (long)s.PendingEvents), models.Current,
        models.CurrentModel is { } model ? TimeOf(model.PublishedMs) : null, training.Phase.ToName(),
        [.. users.Select(s => new UserShardEntry(s.Shard, s.Users, s.Events, s.Pairs, s.LastSequence, s.SnapshotSequence, s.PendingEvents, NameOf(s.Silo)))],
        [.. items.Select(s => new ItemShardEntry(s.Shard, s.Items, s.CatalogueItems, s.CatalogueVersion, NameOf(s.Silo)))],
        statistics.Snapshot(), NameOf(training.Silo));

    // Not only empty where there is no cluster: a silo that is older than the field leaves it null, whatever the type says.
    private static string? NameOf(string? silo) => string.IsNullOrEmpty(silo) ? null : silo;

    private static int[] Indices(int count) => [.. Enumerable.Range(0, count)];
}
