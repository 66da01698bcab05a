using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>References to the users of one tenant. The runtime finds the type of a grain's interface by reflection each time that it is asked for a reference; here it is found once.</summary>
internal sealed class UserReferences
{
    private readonly IGrainFactory _factory;
    private readonly string _prefix;
    private readonly Lazy<(GrainType Type, GrainInterfaceType Interface)> _types;

    public UserReferences(IGrainFactory factory, TenantId tenant)
    {
        (_factory, _prefix) = (factory, new GrainKey(tenant, "").ToString());
        // Not before the first request: a gateway of its own learns the cluster's types when it connects.
        _types = new(() =>
        {
            var any = (GrainReference)factory.Of(tenant).User("any");
            return (any.GrainId.Type, any.InterfaceType);
        }, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The reference to a user.</summary>
    public IUserGrain Of(string userId)
    {
        var (type, interfaceType) = _types.Value;
        return (IUserGrain)_factory.GetGrain(GrainId.Create(type, _prefix + userId), interfaceType);
    }
}
