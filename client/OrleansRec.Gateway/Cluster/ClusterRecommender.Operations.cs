using System.Reflection;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    private const int KeyNameCharsMax = 100;

    private static readonly string Product =
        $"OrleansRec {typeof(ClusterRecommender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}";

    /// <inheritdoc/>
    public async Task<ServerStatus> GetStatus(CancellationToken cancellation = default)
    {
        Task<UserShardStatus[]> users = AskEach(Indices(shards.UserShards), (s, stop) => UserShard(s).GetStatus(stop), cancellation);
        Task<ItemShardStatus[]> items = AskEach(Indices(shards.ItemShards), (s, stop) => ItemShard(s).GetStatus(stop), cancellation);
        Task<ModelDirectory> models = Ask(_grains.Models.Get(cancellation), cancellation);
        Task<TrainingStatus> training = Ask(_grains.Coordinator.GetStatus(cancellation), cancellation);
        await Task.WhenAll(users, items, models, training).ConfigureAwait(false);
        return Status(await users, await items, await models, await training);
    }

    /// <inheritdoc/>
    public async Task<NewKeyAnswer> CreateKey(KeyInput key, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(key.Name) || key.Name.Length > KeyNameCharsMax)
            throw ListRules.Broken("name", key.Name, $"must be 1 to {KeyNameCharsMax} characters");
        if (ScopeOf(key.Scope) is not { } scope)
            throw ListRules.Broken("scope", key.Scope, "must be one of read, write, admin, system");
        if (scope == KeyScope.System && tenant != TenantId.Default)
            throw ListRules.Broken("scope", key.Scope, $"must be read, write or admin, except for keys of tenant {TenantId.Default}");
        Task<(string Text, KeyRecord Record)> making = keys.Create(tenant, key.Name, scope, cancellation);
        (string text, KeyRecord record) = await Ask(making, cancellation).ConfigureAwait(false);
        return new(record.Id, record.Name, NameOf(record.Scope), DateTimeOffset.FromUnixTimeMilliseconds(record.CreatedMs), text);
    }

    /// <inheritdoc/>
    public async Task<KeysAnswer> ListKeys(CancellationToken cancellation = default)
    {
        KeyRecord[] all = await Ask(keys.List(tenant, cancellation), cancellation).ConfigureAwait(false);
        return new([.. all.Select(k => new KeyEntry(k.Id, k.Name, NameOf(k.Scope), DateTimeOffset.FromUnixTimeMilliseconds(k.CreatedMs)))]);
    }

    /// <inheritdoc/>
    public Task<bool> RevokeKey(string keyId, CancellationToken cancellation = default) => Ask(keys.Revoke(tenant, keyId, cancellation), cancellation);

    private ServerStatus Status(UserShardStatus[] users, ItemShardStatus[] items, ModelDirectory models, TrainingStatus training) => new(
        Product, _options.Engine, statistics.Started, users.Sum(s => s.Users), users.Sum(s => s.Events), users.Sum(s => s.Pairs),
        items.Sum(s => s.Items), items.Sum(s => s.CatalogueItems), users.Sum(s => (long)s.PendingEvents), models.Current,
        models.CurrentModel is { } model ? TimeOf(model.PublishedMs) : null, training.Phase.ToName(),
        [.. users.Select(s => new UserShardEntry(s.Shard, s.Users, s.Events, s.Pairs, s.LastSequence, s.SnapshotSequence, s.PendingEvents))],
        [.. items.Select(s => new ItemShardEntry(s.Shard, s.Items, s.CatalogueItems, s.CatalogueVersion))],
        statistics.Snapshot());

    private static int[] Indices(int count) => [.. Enumerable.Range(0, count)];

    private static KeyScope? ScopeOf(string? name) => name switch
    {
        KeyScopes.Read => KeyScope.Read,
        KeyScopes.Write => KeyScope.Write,
        KeyScopes.Admin => KeyScope.Admin,
        KeyScopes.System => KeyScope.System,
        _ => null,
    };

    private static string NameOf(KeyScope scope) => scope switch
    {
        KeyScope.Read => KeyScopes.Read,
        KeyScope.Write => KeyScopes.Write,
        KeyScope.Admin => KeyScopes.Admin,
        _ => KeyScopes.System,
    };
}
