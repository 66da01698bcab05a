using Microsoft.AspNetCore.Http;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Keeps a tenant within what it may hold. It costs nothing where no bound is set.</summary>
/// <remarks>
/// What a tenant holds is asked of its shards at most once in <see cref="GatewayOptions.UsagePeriod"/>, so a bound can be passed by what is accepted in
/// that time. At a bound a user or an item that is there already is still served: only what would add one is refused.
/// </remarks>
internal sealed class TenantUsage(TenantGrains grains, ShardMap shards, AccessKeys keys, GrainCalls calls, TimeProvider time, GatewayOptions options)
{
    private readonly AgedCopy<Usage> _usage = new(stop => calls.Run(() => Ask(grains, shards, stop), stop), time, options.UsagePeriod);

    /// <exception cref="RecommenderException">The events would pass a bound: 403.</exception>
    public async ValueTask Admit(EventRecord[] events, CancellationToken cancellation)
    {
        TenantQuota quota = await keys.QuotaOf(grains.Tenant, cancellation).ConfigureAwait(false);
        if (quota.EventsMax is null && quota.UsersMax is null)
            return;
        Usage usage = await Now(cancellation).ConfigureAwait(false);
        if (quota.EventsMax is { } eventsMax && usage.Events + events.Length > eventsMax)
            throw Reached("events", usage.Events, eventsMax);
        if (quota.UsersMax is not { } usersMax || usage.Users < usersMax)
            return;
        foreach (string userId in events.Select(e => e.UserId).Distinct(StringComparer.Ordinal))
            if (await grains.UserShard(shards.OfUser(userId)).Load(userId, knownVersion: 0, cancellation).ConfigureAwait(false) is null)
                throw Reached("users", usage.Users, usersMax);
    }

    /// <exception cref="RecommenderException">The items would pass a bound: 403.</exception>
    public async ValueTask Admit(ItemRecord[] items, CancellationToken cancellation)
    {
        if ((await keys.QuotaOf(grains.Tenant, cancellation).ConfigureAwait(false)).ItemsMax is not { } itemsMax)
            return;
        Usage usage = await Now(cancellation).ConfigureAwait(false);
        if (usage.Items + items.Length <= itemsMax)
            return;
        int added = 0;
        foreach (string itemId in items.Select(i => i.ItemId).Distinct(StringComparer.Ordinal))
            if ((await grains.ItemShard(shards.OfItem(itemId)).Get(itemId, cancellation).ConfigureAwait(false))?.Item is null && usage.Items + ++added > itemsMax)
                throw Reached("items", usage.Items, itemsMax);
    }

    private async ValueTask<Usage> Now(CancellationToken cancellation) =>
        _usage.Fresh ?? await _usage.Read(_ => true, cancellation).ConfigureAwait(false);

    private static async Task<Usage> Ask(TenantGrains grains, ShardMap shards, CancellationToken cancellation)
    {
        long events = 0, users = 0, items = 0;
        for (int shard = 0; shard < shards.UserShards; shard++)
        {
            UserShardStatus status = await grains.UserShard(shard).GetStatus(cancellation).ConfigureAwait(false);
            (events, users) = (events + status.Events, users + status.Users);
        }
        for (int shard = 0; shard < shards.ItemShards; shard++)
            items += (await grains.ItemShard(shard).GetStatus(cancellation).ConfigureAwait(false)).CatalogueItems;
        return new(events, users, items);
    }

    private static RecommenderException Reached(string what, long held, long most) => new(ProblemOf.Status(StatusCodes.Status403Forbidden) with
    {
        Title = "The tenant's quota is reached.", Detail = $"The tenant holds {held} {what}; its quota is {most}.", Field = what,
        Rule = $"must stay within the tenant's quota of {most} {what}",
    });

    private sealed record Usage(long Events, long Users, long Items);
}
