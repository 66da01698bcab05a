using Orleans;
using Orleans.Concurrency;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>What a tenant has decided for all of its events and items: its own event types, and the length of each name of vectors. Name: <see cref="GrainKey.ShopRules"/>.</summary>
/// <remarks>Gateways and silos keep copies, so it is asked seldom.</remarks>
[Alias("rec.shop-rules-grain")]
public interface IShopRulesGrain : IGrainWithStringKey
{
    /// <summary>The rules.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<ShopRules> Get(CancellationToken cancellation = default);

    /// <summary>Fixes the length of each name that has none, while there is room for names; those that have one keep it. Answers the rules after it.</summary>
    [Alias("fix-vectors")]
    Task<ShopRules> FixVectors([Immutable] VectorLength[] asked, CancellationToken cancellation = default);

    /// <summary>Replaces the table of the tenant's own event types, see <see cref="OwnEventTypes.Replace"/>. Changes nothing where a rule is broken.</summary>
    [Alias("set-event-types")]
    Task<EventTypesChange> SetEventTypes([Immutable] OwnEventType[] asked, CancellationToken cancellation = default);

    /// <summary>Puts a rule for lists, or removes it where <paramref name="json"/> is null. Changes nothing where a rule for rules is broken, or where it is as it was.</summary>
    [Alias("set-list-rule")]
    Task<ShopChange> SetListRule(string name, string? json, CancellationToken cancellation = default);

    /// <summary>Puts a scenario, or removes it where <paramref name="json"/> is null; one that is built in is then as it was built.</summary>
    [Alias("set-scenario")]
    Task<ShopChange> SetScenario(string name, string? json, CancellationToken cancellation = default);
}

/// <summary>A tenant's rules.</summary>
/// <param name="Version">Grows with every change; 0 where nothing was decided.</param>
/// <param name="Vectors">The length of each name of vectors.</param>
/// <param name="EventTypes">The tenant's own event types, in the order of their names.</param>
[GenerateSerializer, Immutable, Alias("rec.shop-rules")]
public sealed record ShopRules(long Version, VectorLength[] Vectors, OwnEventType[] EventTypes)
{
    /// <summary>Rules for lists, as JSON, in the order of their names.</summary>
    [Id(0)] public NamedJson[] ListRules { get; init; } = [];

    /// <summary>The tenant's scenarios, as JSON, in the order of their names.</summary>
    [Id(1)] public NamedJson[] Scenarios { get; init; } = [];

    /// <summary>The rules of a tenant that has decided nothing.</summary>
    public static readonly ShopRules None = new(0, [], []);
}

/// <summary>A rule or scenario under its name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Json">As the model layer reads it.</param>
/// <param name="Version">Version of the shop's rules that it came with.</param>
[GenerateSerializer, Immutable, Alias("rec.named-json")]
public readonly record struct NamedJson(string Name, string Json, long Version);

/// <summary>The rules after a change, or why there was none.</summary>
/// <param name="Rules">The rules now.</param>
/// <param name="WasThere">Whether there was one of this name before.</param>
/// <param name="Field">Which field broke a rule; null where none did.</param>
/// <param name="Value">What it held.</param>
/// <param name="Rule">What it must be.</param>
[GenerateSerializer, Immutable, Alias("rec.shop-change")]
public sealed record ShopChange(ShopRules Rules, bool WasThere, string? Field = null, string? Value = null, string? Rule = null);

/// <summary>How many numbers every vector of a name has.</summary>
[GenerateSerializer, Immutable, Alias("rec.vector-length")]
public readonly record struct VectorLength(string Name, int Length);

/// <summary>One event type of a tenant's own; see <see cref="EventTypeRule"/>.</summary>
[GenerateSerializer, Immutable, Alias("rec.own-event-type")]
public sealed record OwnEventType(
    string Type, float Weight, bool IsNegative, long? HalfLifeMs, bool Excludes, bool CountsAsPopular, float? Neutral = null, bool IsRetired = false)
{
    /// <summary>The rule of the model layer.</summary>
    public EventTypeRule ToRule() => new(Type, Weight, Excludes)
    {
        IsNegative = IsNegative, HalfLife = HalfLifeMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null, CountsAsPopular = CountsAsPopular, Neutral = Neutral,
        IsRetired = IsRetired,
    };

    /// <summary>From the rule of the model layer.</summary>
    public static OwnEventType From(EventTypeRule rule) => new(
        rule.Type, rule.Weight, rule.IsNegative, (long?)rule.HalfLife?.TotalMilliseconds, rule.Excludes, rule.CountsAsPopular, rule.Neutral, rule.IsRetired);
}

/// <summary>The table after a change, or why there was none.</summary>
/// <param name="Rules">The rules now.</param>
/// <param name="Field">Which field broke a rule; null where none did.</param>
/// <param name="Value">What it held.</param>
/// <param name="Rule">What it must be.</param>
[GenerateSerializer, Immutable, Alias("rec.event-types-change")]
public sealed record EventTypesChange(ShopRules Rules, string? Field = null, string? Value = null, string? Rule = null);
