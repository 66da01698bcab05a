using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;
using OrleansRec.Model.Items;

namespace OrleansRec.Grains.Shop;

/// <summary>State of <see cref="ShopRulesGrain"/>.</summary>
[GenerateSerializer, Alias("rec.shop-rules-state")]
public sealed class ShopRulesState
{
    [Id(0)] public long Version { get; set; }

    [Id(1)] public VectorLength[] Vectors { get; set; } = [];

    [Id(2)] public OwnEventType[] EventTypes { get; set; } = [];

    [Id(3)] public NamedJson[] ListRules { get; set; } = [];

    [Id(4)] public NamedJson[] Scenarios { get; set; } = [];
}

/// <summary>Keeps a tenant's rules. What they must hold is decided in the model layer.</summary>
[GrainType("shop-rules")]
public sealed partial class ShopRulesGrain([PersistentState("shop-rules", "rec")] IPersistentState<ShopRulesState> storage) : Grain, IShopRulesGrain
{
    // What is durable: a read that comes while a change is being written is answered with it.
    private ShopRules _rules = ShopRules.None;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Take(storage.State);
        return Task.CompletedTask;
    }

    public Task<ShopRules> Get(CancellationToken cancellation = default) => Task.FromResult(_rules);

    public async Task<ShopRules> FixVectors(VectorLength[] asked, CancellationToken cancellation = default)
    {
        var known = _rules.Vectors.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        VectorLength[] added = [.. asked.Where(v => !known.Contains(v.Name)).DistinctBy(v => v.Name).Take(Math.Max(0, ItemDetailRules.VectorNamesMax - known.Count))];
        if (added.Length > 0)
            await Write(_rules with { Vectors = [.. _rules.Vectors, .. added] });
        return _rules;
    }

    public async Task<EventTypesChange> SetEventTypes(OwnEventType[] asked, CancellationToken cancellation = default)
    {
        EventTypeRule[] known = Array.ConvertAll(_rules.EventTypes, t => t.ToRule()), wanted = Array.ConvertAll(asked, t => t.ToRule());
        if (OwnEventTypes.Replace(known, wanted, out IReadOnlyList<EventTypeRule> table) is { } violation)
            return new(_rules, violation.Field, violation.Value, violation.Rule);
        if (!table.SequenceEqual(known))
            await Write(_rules with { EventTypes = [.. table.Select(OwnEventType.From)] });
        return new(_rules);
    }

    private async Task Write(ShopRules next)
    {
        await storage.Replace(
            new() { Version = _rules.Version + 1, Vectors = next.Vectors, EventTypes = next.EventTypes, ListRules = next.ListRules, Scenarios = next.Scenarios }, DeactivateOnIdle);
        Take(storage.State);
    }

    private void Take(ShopRulesState state) => _rules = new(state.Version, state.Vectors, state.EventTypes) { ListRules = state.ListRules, Scenarios = state.Scenarios };
}
