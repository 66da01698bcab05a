using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>The tenant of one request or of one browser's circuit: one for each scope of services.</summary>
/// <remarks>It is unset until who is let in is known, and then it throws: code that forgets to ask for a key finds no tenant, not the default one.</remarks>
public sealed class ActiveTenant
{
    private TenantId? _id;

    /// <summary>The tenant.</summary>
    /// <exception cref="InvalidOperationException">Nobody was let in.</exception>
    public TenantId Id
    {
        get => _id ?? throw new InvalidOperationException("No tenant was let in.");
        set => _id = value;
    }
}
