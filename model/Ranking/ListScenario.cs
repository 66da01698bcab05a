using OrleansRec.Model.Items;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Ranking;

/// <summary>How lists of one place of a shop are made: the kinds of items, the parts of a score, a filter and rules. Data that can be stored and shown.</summary>
public sealed record ListScenario
{
    /// <summary>Parts of a scenario, at most.</summary>
    public const int PartsMax = 16;

    /// <summary>Scenarios of a tenant, at most.</summary>
    public const int ScenariosMax = 100;

    /// <summary>Names the scenario in requests and rules; 1 … 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Kinds of items that may appear; null: all.</summary>
    public string[]? Kinds { get; init; }

    /// <summary>Parts that give candidates and scores; null: those of the model's learned blend.</summary>
    public ScenarioPart[]? Parts { get; init; }

    /// <summary>Which items may appear, as an expression; null: all.</summary>
    public string? Filter { get; init; }

    /// <summary>Rules of this scenario alone, beside those of the tenant.</summary>
    public ListRule[] Rules { get; init; } = [];

    /// <summary>Whether items that the user has may appear.</summary>
    public bool IncludeSeen { get; init; }

    /// <summary>Whether basket and page item, where the request brings any, take the place of the user's history.</summary>
    public bool ContextFirst { get; init; }

    /// <summary>The rungs below the parts, in their order, see <see cref="LadderRungs"/>; null: all.</summary>
    public string[]? Ladder { get; init; }

    /// <summary>Share of the user's last list of the scenario that is kept within a visit, 0 … 1; 0 keeps nothing and measures; null: lists do not look back.</summary>
    public double? Steadiness { get; init; }

    /// <summary>Whether entries tell how probable it is that they are taken.</summary>
    public bool Probability { get; init; }

    /// <summary>The user's attribute whose value is the segment of the rung "segment"; null: <see cref="SegmentRanks.AttributeDefault"/>.</summary>
    public string? SegmentBy { get; init; }

    /// <summary>Everything that is wrong with the scenario, by field, value and rule.</summary>
    /// <param name="fields">The names that expressions may use.</param>
    public IReadOnlyList<RuleViolation> Check(RuleFields fields)
    {
        var violations = new List<RuleViolation>();
        Require(Name is { Length: >= 1 and <= RuleSet.NameCharsMax }, "name", Name, $"must have 1 to {RuleSet.NameCharsMax} characters");
        foreach (string kind in Kinds ?? [])
            Require(ItemKinds.Parse(kind) is not null && kind is not null, "kinds", kind, $"must be one of {string.Join(", ", ItemKinds.Names)}");
        Require(Parts is null or { Length: >= 1 and <= PartsMax }, "parts", $"{Parts?.Length} parts", $"must be 1 to {PartsMax}, or be left out");
        for (int n = 0; n < (Parts?.Length ?? 0); n++)
        {
            ScenarioPart part = Parts![n];
            Require(part is { Name.Length: >= 1 and <= RuleSet.NameCharsMax }, $"parts[{n}].name", part?.Name, $"must have 1 to {RuleSet.NameCharsMax} characters");
            Require(part?.Candidates is >= 0 and <= ScenarioPart.CandidatesMax, $"parts[{n}].candidates", $"{part?.Candidates}", $"must be 0 to {ScenarioPart.CandidatesMax}");
            Require(part?.Weight is null || Math.Abs(part.Weight.Value) <= ScenarioPart.WeightMax, $"parts[{n}].weight", $"{part?.Weight}", $"must be -{ScenarioPart.WeightMax} to {ScenarioPart.WeightMax}");
            Require(part is null || Parts.Take(n).All(p => p.Name != part.Name), $"parts[{n}].name", part?.Name, "must be there once");
        }
        foreach (string rung in Ladder ?? [])
            Require(LadderRungs.All.Contains(rung), "ladder", rung, $"must be one of {string.Join(", ", LadderRungs.All)}");
        Require(Ladder is null || Ladder.Distinct(StringComparer.Ordinal).Count() == Ladder.Length, "ladder", Ladder is null ? null : string.Join(", ", Ladder), "must have each rung once");
        Require(Steadiness is null or (>= 0 and <= 1), "steadiness", Steadiness?.ToString(System.Globalization.CultureInfo.InvariantCulture), "must be 0 to 1, or be left out");
        Require(SegmentBy is null or { Length: >= 1 and <= RuleSet.NameCharsMax }, "segmentBy", SegmentBy, $"must have 1 to {RuleSet.NameCharsMax} characters, or be left out");
        if (Filter is not null && RuleExpression.Parse(Filter, fields, RuleType.Bool, out RuleError? error) is null)
            violations.Add(error!.In("filter"));
        violations.AddRange(new RuleSet(Rules).Check(fields));
        return violations;

        void Require(bool holds, string field, string? value, string rule)
        {
            if (!holds)
                violations.Add(RuleViolation.Of(field, value, rule));
        }
    }
}

/// <summary>One part of a scenario's score.</summary>
/// <param name="Name">The part, such as als or item-item.</param>
/// <param name="Candidates">How many of its best items become candidates; 0: it only scores those of others.</param>
/// <param name="Weight">Its weight; null: that of the model's learned blend.</param>
public sealed record ScenarioPart(string Name, int Candidates = ScenarioPart.CandidatesDefault, double? Weight = null)
{
    /// <summary>Candidates of a part where nothing else is said.</summary>
    public const int CandidatesDefault = 200;

    /// <summary>Candidates of a part, at most.</summary>
    public const int CandidatesMax = 5_000;

    /// <summary>The largest weight.</summary>
    public const double WeightMax = 1_000;
}
