using OrleansRec.Grains.Shop;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Grains.Serving;

/// <summary>What is known of the user or visitor that a list is for.</summary>
/// <param name="Model">The model in use; null where none is published.</param>
/// <param name="User">The user under it; null where no item of the past has factors.</param>
/// <param name="Past">The user's past.</param>
/// <param name="Seen">Items that the user has and that are left out.</param>
/// <param name="HistoryVersion">The history that all of this is of.</param>
public sealed record ListInput(PublishedModel? Model, FoldedUser? User, PastItem[] Past, string[] Seen, long HistoryVersion)
{
    /// <summary>The user; null for a visitor.</summary>
    public string? UserId { get; init; }

    /// <summary>Items that the user has bought, each once, with the moment of every purchase.</summary>
    public IReadOnlyList<(string ItemId, long[] TimesMs)> Purchases { get; init; } = [];

    /// <summary>What expressions read as <c>user.NAME</c>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    /// <summary>How often the user was shown an item; an item that is not there was never shown.</summary>
    public IReadOnlyDictionary<string, int> Impressions { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, int>.Empty;

    /// <summary>What the sequence model made of the history, where the model has one; made when it is asked for, within the turn that made this.</summary>
    public Func<PastItem[], PartQuery>? Sequence { get; init; }

    /// <summary>The event type of what the user did with an item of the past, of several the one that says most; null where it is not known.</summary>
    public Func<string, string?> DeedOf { get; init; } = _ => null;

    /// <summary>Rules and scenarios that the list is made under; null: those of the shop as it is now.</summary>
    public ShopLists? Rules { get; init; }

    /// <summary>Items on the earlier pages of the list, in their order.</summary>
    public IReadOnlyList<string> Earlier { get; init; } = [];

    /// <summary>Items of the user's last list of the scenario in this visit; null where there is none.</summary>
    public IReadOnlyList<string>? Last { get; init; }

    /// <summary>The id of the list that the page belongs to; null for a first page.</summary>
    public string? ListId { get; init; }
}
