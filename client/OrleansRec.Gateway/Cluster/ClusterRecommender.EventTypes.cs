using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    private const string Positive = "positive", Negative = "negative";

    private readonly AgedCopy<EventTypeRules> _ownTypes = new(stop => ReadOwnTypes(factory.Of(tenant), eventTypes, stop), time, options.Value.KeysAgeMax);

    /// <inheritdoc/>
    public async Task<EventTypesAnswer> ListEventTypesAsync(CancellationToken cancellation = default) =>
        Answer(await Ask(() => _grains.ShopRules.Get(cancellation), cancellation).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<EventTypesAnswer> PutEventTypesAsync(IReadOnlyList<EventTypeInput> types, CancellationToken cancellation = default)
    {
        OwnEventType[] asked = [.. types.Select(ToOwn)];
        EventTypesChange change = await Ask(() => _grains.ShopRules.SetEventTypes(asked, cancellation), cancellation).ConfigureAwait(false);
        _ownTypes.Forget();
        return change.Field is { } field ? throw ListRules.Broken(field, change.Value, change.Rule!) : Answer(change.Rules);
    }

    /// <summary>What the types of a call's events mean. Makes a call only where a type is not known here, or the tenant has types of its own and the copy is old.</summary>
    private ValueTask<EventTypeRules> TypesOf(IReadOnlyList<EventInput> events, CancellationToken cancellation)
    {
        if (AreKnown(events, eventTypes))
            return new(eventTypes);
        return _ownTypes.Fresh is { } own && AreKnown(events, own) ? new(own) : new(ReadTypes(events, cancellation));
    }

    private async Task<EventTypeRules> ReadTypes(IReadOnlyList<EventInput> events, CancellationToken cancellation) =>
        await Ask(() => _ownTypes.Read(own => AreKnown(events, own), cancellation), cancellation).ConfigureAwait(false);

    /// <summary>All types of the tenant, its own as old as the copy may be.</summary>
    private async ValueTask<EventTypeRules> AllTypes(CancellationToken cancellation) =>
        _ownTypes.Fresh ?? await Ask(() => _ownTypes.Read(_ => true, cancellation), cancellation).ConfigureAwait(false);

    private static async Task<EventTypeRules> ReadOwnTypes(TenantGrains grains, EventTypeRules configured, CancellationToken cancellation)
    {
        ShopRules rules = await grains.ShopRules.Get(cancellation).ConfigureAwait(false);
        return configured.With([.. rules.EventTypes.Select(t => t.ToRule())]);
    }

    private static bool AreKnown(IReadOnlyList<EventInput> events, EventTypeRules types)
    {
        for (int i = 0; i < events.Count; i++)
            if (events[i]?.Type is { } type && !types.TryGet(type, out _))
                return false;
        return true;
    }

    private EventTypesAnswer Answer(ShopRules rules) => new([
        .. eventTypes.All.Select(t => ToApi(t, isBuiltIn: true)),
        .. rules.EventTypes.Where(t => !eventTypes.TryGet(t.Type, out _)).Select(t => ToApi(t.ToRule(), isBuiltIn: false)),
    ]);

    private static EventTypeInfo ToApi(EventTypeRule t, bool isBuiltIn) => new(
        t.Type, t.Weight, t.IsNegative ? Negative : Positive, t.HalfLife?.TotalDays, t.Excludes, t.CountsAsPopular && !t.IsNegative, t.Neutral, isBuiltIn, t.IsRetired);

    private static OwnEventType ToOwn(EventTypeInput? type, int index)
    {
        if (type is null)
            throw ListRules.Broken($"[{index}]", null, "must be an object");
        if (type.Sign is not (null or Positive or Negative))
            throw ListRules.Broken($"[{index}].sign", type.Sign, $"must be {Positive} or {Negative}");
        if (type.HalfLifeDays is { } days && !(days > 0 && days <= OwnEventTypes.HalfLifeMax.TotalDays))
            throw ListRules.Broken($"[{index}].halfLifeDays", days.ToString(CultureInfo.InvariantCulture), "must be above 0 and at most 36500");
        if (type.Neutral is { } neutral && !(Math.Abs(neutral) <= EventRules.ValueMax))
            throw ListRules.Broken($"[{index}].neutral", neutral.ToString(CultureInfo.InvariantCulture), "must be between -1000000 and 1000000");
        return new(
            type.Type!, (float)type.Weight, type.Sign == Negative, type.HalfLifeDays is { } half ? (long)TimeSpan.FromDays(half).TotalMilliseconds : null,
            type.ExcludesFromLists, type.CountsAsPopular, (float?)type.Neutral);
    }
}
