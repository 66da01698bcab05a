using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Shop;

/// <summary>What the types of a tenant's events mean: those of the configuration, and the tenant's own. One per silo and tenant.</summary>
/// <remarks>
/// A tenant without types of its own costs no call. The own ones are read when an event of a type comes that is not known here, at most once in <see cref="ReadPause"/>, and
/// again when a user's grain starts, once in <see cref="AgeMax"/>: so old may weight and exclusion of an own type be. Any thread may read <see cref="Current"/>.
/// </remarks>
/// <param name="tenant">Whose.</param>
/// <param name="configured">The types of the configuration.</param>
/// <param name="time">Its timestamps.</param>
public sealed class TenantEventTypes(TenantId tenant, EventTypeRules configured, TimeProvider time)
{
    /// <summary>How old the own types may be.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(5);

    /// <summary>Unknown types make no more than a call in this time.</summary>
    public static readonly TimeSpan ReadPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile EventTypeRules? _own;
    private Task? _reading;
    private long _readAt;
    private bool _wasRead;

    /// <summary>The types as far as this silo knows them.</summary>
    public EventTypeRules Current => _own ?? configured;

    /// <summary>Reads the own types, unless that was done just now.</summary>
    public Task Read(IGrainFactory grains)
    {
        lock (_gate)
        {
            if (_reading is { IsCompleted: false })
                return _reading;
            return _wasRead && time.GetElapsedTime(_readAt) < ReadPause ? Task.CompletedTask : _reading = ReadNow(grains);
        }
    }

    /// <summary>Reads own types that are old, where there are any; nobody waits, and a failure leaves what is known.</summary>
    public void ReadOld(IGrainFactory grains)
    {
        if (_own is not { } own || ReferenceEquals(own, configured) || time.GetElapsedTime(_readAt) < AgeMax)
            return;
        _ = Read(grains).ContinueWith(static read => _ = read.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Current);
    }

    private async Task ReadNow(IGrainFactory grains)
    {
        ShopRules rules = await new TenantGrains(grains, tenant).ShopRules.Get(CancellationToken.None);
        _own = configured.With([.. rules.EventTypes.Select(t => t.ToRule())]);
        (_wasRead, _readAt) = (true, time.GetTimestamp());
    }
}
