using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>What would be if a user had other events, a list other options, or the shop other rules.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WhatIfInput
{
    /// <summary>Events and items of one question, at most.</summary>
    public const int ChangesMax = 1_000;

    /// <summary>Events that come after those of the history; their user is the one that is asked about, and may be left out. One whose id the history has adds nothing.</summary>
    public EventInput[]? Add { get; init; }

    /// <summary>Items whose events are left out.</summary>
    public string[]? RemoveItems { get; init; }

    /// <summary>Ids of events that are left out.</summary>
    public string[]? RemoveEvents { get; init; }

    /// <summary>Rules for lists, each with a name, in the place of the shop's; absent: the shop's.</summary>
    public RuleInput[]? Rules { get; init; }

    /// <summary>What the real list is asked to be; absent: ten items.</summary>
    public ListOptions? List { get; init; }

    /// <summary>What the other list is asked to be: other weights, another scenario, a scenario that is tried; absent: as <see cref="List"/>.</summary>
    public ListOptions? Instead { get; init; }
}

/// <summary>The list that a user would get, and how it differs from the one that the user gets.</summary>
/// <param name="List">What the user would get.</param>
/// <param name="Real">What the user gets.</param>
/// <param name="Added">Events that were new to the history.</param>
/// <param name="Removed">Events of the history that were left out.</param>
/// <param name="Entered">Items of <paramref name="List"/> alone, in its order.</param>
/// <param name="Left">Items of <paramref name="Real"/> alone, in its order.</param>
/// <param name="Moved">Items of both whose ranks differ, in the order of <paramref name="List"/>.</param>
public sealed record WhatIfAnswer(
    RecommendationAnswer List, RecommendationAnswer Real, int Added, int Removed, string[] Entered, string[] Left, MovedItem[] Moved)
{
    /// <summary>Compares two lists.</summary>
    public static WhatIfAnswer Of(RecommendationAnswer list, RecommendationAnswer real, int added, int removed)
    {
        var before = real.Items.ToDictionary(i => i.ItemId, i => i.Rank, StringComparer.Ordinal);
        var after = list.Items.Select(i => i.ItemId).ToHashSet(StringComparer.Ordinal);
        return new(
            list, real, added, removed, [.. list.Items.Select(i => i.ItemId).Where(id => !before.ContainsKey(id))], [.. real.Items.Select(i => i.ItemId).Where(id => !after.Contains(id))],
            [.. list.Items.Where(i => before.TryGetValue(i.ItemId, out int rank) && rank != i.Rank).Select(i => new MovedItem(i.ItemId, before[i.ItemId], i.Rank))]);
    }
}

/// <summary>An item that has another place.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="From">Its rank in the real list.</param>
/// <param name="To">Its rank in the other list.</param>
public sealed record MovedItem(string ItemId, int From, int To);
