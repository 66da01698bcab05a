using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<TenantsAnswer> ListTenants(CancellationToken cancellation = default)
    {
        TenantDirectory all = await Ask(factory.Tenants().Get(cancellation), cancellation).ConfigureAwait(false);
        return new([.. all.Tenants.Select(t => new TenantEntry(t.Name, TimeOf(t.CreatedMs)))]);
    }

    /// <inheritdoc/>
    public async Task<NewTenantAnswer?> CreateTenant(TenantInput input, CancellationToken cancellation = default)
    {
        if (!TenantId.TryParse(input.Name, out TenantId made))
            throw ListRules.Broken("name", input.Name, TenantId.Rule);
        var record = new TenantRecord(made.Name, time.GetUtcNow().ToUnixTimeMilliseconds());
        bool added = await Ask(factory.Tenants().Add(record, cancellation), cancellation).ConfigureAwait(false);
        keys.ForgetTenants();
        if (!added)
            return null;
        (string text, KeyRecord key) = await Ask(keys.Create(made, "first", KeyScope.Admin, cancellation), cancellation).ConfigureAwait(false);
        return new(made.Name, key.Id, text);
    }
}
