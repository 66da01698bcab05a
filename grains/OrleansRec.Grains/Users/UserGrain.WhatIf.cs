using System.Text.Json;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Shop;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Grains.Users;

/// <summary>Lists of a fork of the user: other events, another request or other rules, solved anew and never stored.</summary>
public sealed partial class UserGrain
{
    private const int WhatIfAttemptsMax = 3;

    public async Task<WhatIfAnswer> WhatIf(WhatIf question, CancellationToken cancellation = default)
    {
        Check(question);
        await Hydrate(cancellation);
        await lists.Refresh(GrainFactory, question.Request.Shape, cancellation);
        UserView fork = view.Fork(question, out int added, out int removed);
        ShopLists? rules = question.Rules is { } instead ? lists.Current.WithRules(Read(instead)) : null;
        // Chance falls alike in both, so that it makes no difference.
        string chance = scan.NewId();
        for (int attempt = 1; ; attempt++)
        {
            RecommendationList real = await List(new(view, null, chance), Closed(question.Request), cancellation);
            RecommendationList list = await List(new(fork, rules, chance), Closed(question.Instead ?? question.Request), cancellation);
            if ((list.ModelVersion == real.ModelVersion && list.CatalogueVersion == real.CatalogueVersion) || attempt == WhatIfAttemptsMax)
                return new(list, real, added, removed);
        }
    }

    /// <summary>A list of a what-if cannot be continued.</summary>
    private static RecommendRequest Closed(RecommendRequest request) => request.Shape is { HasPages: true } shape ? request with { Shape = shape with { HasPages = false } } : request;

    private static void Check(WhatIf question)
    {
        RequestRules.Check(question.Request);
        if (question.Instead is { } instead)
            RequestRules.Check(instead);
        int changes = Math.Max(question.Added.Length, question.RemovedItems.Length + question.RemovedEvents.Length);
        if (changes > Contracts.WhatIf.ChangesMax)
            throw new ArgumentOutOfRangeException(nameof(question), changes, $"A what-if adds and removes at most {Contracts.WhatIf.ChangesMax} events and items each.");
    }

    private static ListRule[] Read(NamedJson[] rules)
    {
        var read = new ListRule[rules.Length];
        for (int n = 0; n < read.Length; n++)
            try
            {
                read[n] = RankingJson.ReadRule(rules[n].Name, rules[n].Json);
            }
            catch (JsonException e)
            {
                throw new ListRefusedException($"rules[{n}]", rules[n].Name, e.Message);
            }
        return read;
    }
}

/// <summary>Whom a list is made for.</summary>
/// <param name="View">History and settings.</param>
/// <param name="Rules">Rules in the place of the tenant's; null: the tenant's.</param>
/// <param name="ListId">The list whose chance decides; null: chance falls anew.</param>
internal readonly record struct ListSubject(UserView View, ShopLists? Rules = null, string? ListId = null)
{
    /// <summary>Whether the user gets to see the list; what is asked for a trial leaves no trace.</summary>
    public bool IsShown => ListId is null;

    public ListInput InputOf(PublishedModel? model) => View.InputOf(model) with { Rules = Rules, ListId = ListId };
}
