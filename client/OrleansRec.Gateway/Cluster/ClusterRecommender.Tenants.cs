using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<TenantsAnswer> ListTenantsAsync(CancellationToken cancellation = default)
    {
        TenantDirectory all = await Ask(() => factory.Tenants().Get(cancellation), cancellation).ConfigureAwait(false);
        return new([.. all.Tenants.Select(t => new TenantEntry(t.Name, TimeOf(t.CreatedMs), ToApi(t.Quota ?? TenantQuota.None)))]);
    }

    /// <inheritdoc/>
    public async Task<NewTenantAnswer?> CreateTenantAsync(TenantInput input, CancellationToken cancellation = default)
    {
        if (!TenantId.TryParse(input.Name, out TenantId made))
            throw ListRules.Broken("name", input.Name, TenantId.Rule);
        var record = new TenantRecord(
            made.Name, time.GetUtcNow().ToUnixTimeMilliseconds(), input.Quota is null ? null : Checked(input.Quota));
        bool added = await AskOnce(factory.Tenants().Add(record, cancellation), cancellation).ConfigureAwait(false);
        keys.ForgetTenants();
        if (!added)
            return null;
        (string text, KeyRecord key) = await AskOnce(keys.Create(made, "first", KeyScope.Admin, null, cancellation), cancellation).ConfigureAwait(false);
        return new(made.Name, key.Id, text);
    }

    /// <inheritdoc/>
    public async Task<bool> SetQuotaAsync(string name, QuotaInfo quota, CancellationToken cancellation = default)
    {
        TenantQuota bound = Checked(quota);
        bool found = await Ask(() => factory.Tenants().SetQuota(name, bound, cancellation), cancellation).ConfigureAwait(false);
        keys.ForgetTenants();
        return found;
    }

    private static TenantQuota Checked(QuotaInfo quota)
    {
        CheckRate("requestsPerSecond", quota.RequestsPerSecond);
        CheckBound("concurrentRequests", quota.ConcurrentRequests, 1);
        CheckBound("eventsMax", quota.EventsMax, 0);
        CheckBound("usersMax", quota.UsersMax, 0);
        CheckBound("itemsMax", quota.ItemsMax, 0);
        return new(quota.RequestsPerSecond, quota.ConcurrentRequests, quota.EventsMax, quota.UsersMax, quota.ItemsMax);
    }

    private static void CheckBound(string field, long? bound, long least)
    {
        if (bound < least)
            throw ListRules.Broken(field, bound.Value.ToString(CultureInfo.InvariantCulture), $"must be {least} or more");
    }

    private static QuotaInfo ToApi(TenantQuota q) => new(q.RequestsPerSecond, q.ConcurrentRequests, q.EventsMax, q.UsersMax, q.ItemsMax);
}
