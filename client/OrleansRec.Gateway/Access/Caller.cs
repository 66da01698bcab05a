using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>Who asks: a valid key and whose data it opens.</summary>
/// <param name="Tenant">The key's tenant; no key opens another's.</param>
/// <param name="Key">The key, without its secret.</param>
public sealed record Caller(TenantId Tenant, KeyRecord Key)
{
    /// <summary>What the key may do.</summary>
    public KeyScope Scope => Key.Scope;
}
