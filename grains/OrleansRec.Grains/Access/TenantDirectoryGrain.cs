using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;

namespace OrleansRec.Grains;

/// <summary>State of <see cref="TenantDirectoryGrain"/>: every tenant but the default one, which needs no making and is here only for its quota.</summary>
[GenerateSerializer, Alias("rec.tenant-directory-state")]
public sealed class TenantDirectoryState
{
    [Id(0)] public TenantRecord[] Tenants { get; set; } = [];
}

/// <summary>Keeps the tenants. It is asked when a silo or gateway meets a tenant that it does not know.</summary>
[GrainType("tenant-directory")]
public sealed class TenantDirectoryGrain([PersistentState("tenants", "rec")] IPersistentState<TenantDirectoryState> storage) : Grain, ITenantDirectoryGrain
{
    private static readonly TenantRecord First = new(TenantId.Default.Name, 0);

    // As it is stored: who asks while a change is being written is told what was before.
    private TenantDirectory stored = new([First]);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        stored = Directory(storage.State.Tenants);
        return Task.CompletedTask;
    }

    public Task<TenantDirectory> Get(CancellationToken cancellation = default) => Task.FromResult(stored);

    public async Task<bool> Add(TenantRecord tenant, CancellationToken cancellation = default)
    {
        if (stored.Has(TenantId.Of(tenant.Name)))
            return false;
        if (stored.Tenants.Length >= TenantDirectory.TenantsMax)
            throw new OverloadedException($"There are {TenantDirectory.TenantsMax} tenants, which is the most.");
        await Write([.. stored.Tenants, tenant]);
        return true;
    }

    public async Task<bool> SetQuota(string name, TenantQuota quota, CancellationToken cancellation = default)
    {
        int index = Array.FindIndex(stored.Tenants, t => t.Name == name);
        if (index < 0)
            return false;
        TenantRecord[] tenants = [.. stored.Tenants];
        tenants[index] = tenants[index] with { Quota = quota };
        await Write(tenants);
        return true;
    }

    private static TenantDirectory Directory(TenantRecord[] tenants) =>
        new(tenants is [{ Name: var name }, ..] && name == First.Name ? tenants : [First, .. tenants]);

    private async Task Write(TenantRecord[] tenants)
    {
        await storage.Replace(new() { Tenants = tenants }, DeactivateOnIdle);
        stored = Directory(tenants);
    }
}
