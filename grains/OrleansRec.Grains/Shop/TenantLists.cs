using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Grains.Shop;

/// <summary>A tenant's rules and scenarios for lists, compiled: the silo's copy, no older than <see cref="ServingOptions.StalenessPeriod"/>. One per silo and tenant.</summary>
/// <param name="tenant">Whose.</param>
/// <param name="time">Its timestamps.</param>
/// <param name="options">The staleness period.</param>
public sealed class TenantLists(TenantId tenant, TimeProvider time, IOptions<ServingOptions> options)
{
    private readonly Lock _gate = new();
    private volatile ShopLists _current = ShopLists.None;
    private volatile bool _wasRead;
    private long _readAt;
    private Task? _reading;

    /// <summary>The rules as far as this silo knows them.</summary>
    public ShopLists Current => _current;

    /// <summary>Whether what is known may be used without a call.</summary>
    public bool IsFresh => _wasRead && time.GetElapsedTime(Volatile.Read(ref _readAt)) < options.Value.StalenessPeriod;

    /// <summary>Completes when the copy is fresh. A grain that cannot be reached leaves lists with what is known; where nothing is known yet, they wait for it.</summary>
    /// <param name="grains">To reach the grain.</param>
    /// <param name="shape">What a list is asked to be: a scenario that is not known here may have been stored just now, and is looked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask Refresh(IGrainFactory grains, ListShape? shape = null, CancellationToken cancellationToken = default)
    {
        if (IsFresh && (shape?.Scenario is not { } name || _current.Scenarios.ContainsKey(name)))
            return default;
        lock (_gate)
        {
            if (_reading is null or { IsCompleted: true })
                _reading = Read(grains);
            return new(_reading.WaitAsync(cancellationToken));
        }
    }

    private async Task Read(IGrainFactory grains)
    {
        long askedAt = time.GetTimestamp();
        Task<ShopRules> asked = new TenantGrains(grains, tenant).ShopRules.Get(CancellationToken.None);
        try
        {
            ShopRules rules = await (_wasRead ? asked.WaitAsync(options.Value.RefreshTimeout, time) : asked);
            if (rules.Version != _current.Version || !_wasRead)
                _current = ShopLists.Of(rules);
        }
        catch (Exception) when (_wasRead)
        {
            // Asked again after the staleness period.
        }
        Volatile.Write(ref _readAt, askedAt);
        _wasRead = true;
    }
}

/// <summary>Rules and scenarios of one version, compiled. Immutable.</summary>
public sealed class ShopLists
{
    /// <summary>Sets of rules of requests that are kept compiled; one more lets go of all.</summary>
    public const int KeptMax = 256;

    private readonly Dictionary<string, CompiledRules> _byScenario = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CompiledRules> _byRequest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ListScenario> _scenarios;

    private ShopLists(long version, ListRule[] rules, IEnumerable<ListScenario> own)
    {
        (Version, Rules) = (version, rules);
        HasRulesForAll = rules.Any(r => r.Scenarios is null);
        Plain = Compiled([]);
        _scenarios = new(BuiltInScenarios.All, StringComparer.Ordinal);
        foreach (ListScenario scenario in own)
            _scenarios[scenario.Name] = scenario;
        foreach (ListScenario scenario in _scenarios.Values)
            _byScenario[scenario.Name] = Compiled(scenario.Rules);
    }

    /// <summary>Of a tenant that has stored nothing.</summary>
    public static ShopLists None { get; } = new(0, [], []);

    /// <summary>Version of the shop's rules.</summary>
    public long Version { get; }

    /// <summary>The tenant's rules.</summary>
    public ListRule[] Rules { get; }

    /// <summary>Whether a rule has an effect on lists of no scenario, so that no list takes the short way.</summary>
    public bool HasRulesForAll { get; }

    /// <summary>The rules of a list without a scenario.</summary>
    public CompiledRules Plain { get; }

    /// <summary>All scenarios by name, the tenant's and those that are built in.</summary>
    public IReadOnlyDictionary<string, ListScenario> Scenarios => _scenarios;

    /// <summary>Reads what is stored.</summary>
    public static ShopLists Of(ShopRules rules) => rules.ListRules.Length + rules.Scenarios.Length == 0 && rules.Version == 0 ? None : new(
        rules.Version, Array.ConvertAll(rules.ListRules, r => RankingJson.ReadRule(r.Name, r.Json)), rules.Scenarios.Select(s => RankingJson.ReadScenario(s.Name, s.Json)));

    /// <summary>These scenarios with other rules in the place of the tenant's.</summary>
    /// <exception cref="ListRefusedException">The rules are not valid, alone or with those of a scenario.</exception>
    public ShopLists WithRules(ListRule[] rules)
    {
        foreach (ListRule[] ofScenario in _scenarios.Values.Select(s => s.Rules).Prepend([]))
            if (new RuleSet([.. rules, .. ofScenario]).Check(RuleFields.Catalogue).FirstOrDefault() is { } broken)
                throw new ListRefusedException(broken.Field, broken.Value, broken.Rule);
        return new(Version, rules, _scenarios.Values);
    }

    /// <summary>The compiled rules of a scenario and of the tenant.</summary>
    public CompiledRules RulesOf(string scenario) => _byScenario[scenario];

    /// <summary>How many sets of rules of requests are kept.</summary>
    public int KeptCount => _byRequest.Count;

    /// <summary>Rules that a request of the same scenario, conditions and boosts has brought before; null where none is kept.</summary>
    /// <param name="key">The rules as a text: <see cref="KeyOf"/>.</param>
    public CompiledRules? Kept(string key) => _byRequest.GetValueOrDefault(key);

    /// <summary>Keeps the rules of a request.</summary>
    public void Keep(string key, CompiledRules rules)
    {
        if (_byRequest.Count >= KeptMax)
            _byRequest.Clear();
        _byRequest[key] = rules;
    }

    /// <summary>What tells the rules of one request from those of another. Lengths stand before the texts, so that no text can look like two.</summary>
    public static string KeyOf(string? scenario, IEnumerable<ListRule> rules) =>
        string.Concat(rules.SelectMany(r => new[] { r.Kind.ToString(), r.When, r.Factor }).Prepend(scenario).Select(t => $"{t?.Length}:{t}"));

    /// <summary>The rules of a list, with some that the request or a preview brings; null, with the first violation, where they are not valid together.</summary>
    public CompiledRules? With(IReadOnlyList<ListRule> more, out RuleViolation? first) => SetWith(more).Compile(RuleFields.Catalogue, out first);

    private CompiledRules Compiled(IReadOnlyList<ListRule> more) => SetWith(more).Compile(RuleFields.Catalogue);

    private RuleSet SetWith(IReadOnlyList<ListRule> more) => new([.. Rules, .. more]);
}
