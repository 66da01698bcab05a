using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<Api.WhatIfAnswer> WhatIfAsync(string userId, WhatIfInput question, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        ListRules.CheckCount("add", question.Add?.Length ?? 0, WhatIfInput.ChangesMax);
        ListRules.CheckCount("removeItems", (question.RemoveItems?.Length ?? 0) + (question.RemoveEvents?.Length ?? 0), WhatIfInput.ChangesMax);
        ListRules.CheckIds("removeItems", question.RemoveItems, WhatIfInput.ChangesMax);
        ListRules.CheckIds("removeEvents", question.RemoveEvents, WhatIfInput.ChangesMax);
        var asked = new WhatIf
        {
            Added = await AddedOf(userId, question.Add ?? [], cancellation).ConfigureAwait(false), RemovedItems = question.RemoveItems ?? [],
            RemovedEvents = Array.ConvertAll(question.RemoveEvents ?? [], EventIntake.KeyOf), Request = ListRules.ToRequest(question.List ?? new(), _options.ListedIdsMax),
            Instead = question.Instead is { } instead ? ListRules.ToRequest(instead, _options.ListedIdsMax) : null, Rules = RulesOf(question.Rules),
        };
        Contracts.WhatIfAnswer answer = await Ask(() => User(userId).WhatIf(asked, cancellation), cancellation).ConfigureAwait(false);
        return Api.WhatIfAnswer.Of(answer.List.ToApi(), answer.Real.ToApi(), answer.Added, answer.Removed);
    }

    private async Task<EventRecord[]> AddedOf(string userId, EventInput[] events, CancellationToken cancellation)
    {
        var own = new EventInput[events.Length];
        for (int n = 0; n < own.Length; n++)
        {
            if (events[n]?.UserId is { } other && other != userId)
                throw ListRules.Broken($"add[{n}].userId", other, "must be the user that is asked about, or be left out");
            own[n] = events[n] is { } e ? e with { UserId = userId } : null!;
        }
        (EventRecord[] records, RejectedEntry[] rejected) = EventIntake.Check(
            own, await TypesOf(own, cancellation).ConfigureAwait(false), random, time.GetUtcNow().ToUnixTimeMilliseconds());
        return rejected is [var first, ..] ? throw ListRules.Broken($"add[{first.Index}].{first.Field}", first.Value, first.Rule) : records;
    }

    private static NamedJson[]? RulesOf(RuleInput[]? rules)
    {
        if (rules is null)
            return null;
        ListRules.CheckCount("rules", rules.Length, Model.Ranking.RuleSet.RulesMax);
        return [.. rules.Select((rule, n) => rule?.Name is { } name
            ? new NamedJson(name, JsonSerializer.Serialize(rule, ApiJson.Default.RuleInput), 0)
            : throw ListRules.Broken($"rules[{n}].name", null, "must be there"))];
    }
}
