using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Grains.Serving;

/// <summary>The rungs that fill one list where its parts leave it short, in the order that the scenario states. A rung is searched for when it is reached.</summary>
/// <remarks>
/// What is alike an item is a sum of neighbours, baskets and content under the version (weights 1, 1 and ½, each over its scale); behind it comes what shares words with the item in the catalogue, which needs no version.
/// </remarks>
/// <param name="block">The items.</param>
/// <param name="catalogue">What the shop says of them.</param>
/// <param name="input">Whom the list is for.</param>
/// <param name="request">What it is asked to be.</param>
/// <param name="scenario">The scenario; null: none.</param>
/// <param name="nowMs">The moment of the list.</param>
internal sealed class ListLadder(ShopBlock block, CatalogueCopy catalogue, ListInput input, RecommendRequest request, ListScenario? scenario, long nowMs)
{
    /// <summary>Items of a past up to which the list is helped by what is alike them; a user without a vector is helped whatever the past.</summary>
    public const int FewItemsMax = 3;

    /// <summary>Items of a rung that is searched for; those behind come from later rungs.</summary>
    public const int RungItemsMax = 5_000;

    /// <summary>Items whose words are looked at for one rung, the newest.</summary>
    public const int WordItemsMax = 3;

    private static readonly (string Part, double Weight)[] _likeness = [(ModelCompanion.ItemItem, 1), (ModelCompanion.BoughtTogether, 1), ("content", 0.5)];

    /// <summary>The rungs. Candidates of the caller come by popularity, then without a signal.</summary>
    public LadderRung[] Rungs() => request.Candidates is not null
        ? [Known(LadderRungs.Popular), new(RecommendationSource.None, block.Ladder[LadderRungs.Any])]
        : [.. (scenario is null ? LadderRungs.Plain : scenario.Ladder ?? LadderRungs.All).Select(RungOf)];

    /// <summary>Whether a user without a vector gets more than what is popular: what is alike an item of the past, or what the segment likes.</summary>
    public static bool HelpsStranger(CatalogueCopy catalogue, ListInput input) =>
        input.Past.Any(p => p.Value > 0 && (input.Model?.Parts is not null && input.Model.RowOf(p.ItemId) >= 0 || catalogue.IsDescribed(p.ItemId)))
        || SegmentOf(input, null, null) is not null;

    private LadderRung RungOf(string rung) => rung switch
    {
        LadderRungs.Context => new(rung, left => Alike(ContextItems(), left)),
        LadderRungs.FirstEvent => new(rung, left => input.User is null || input.Past.Length <= FewItemsMax ? Alike(input.Past, left) : default),
        LadderRungs.Segment => new(rung, SegmentOf(input, request.Shape?.Segment, scenario?.SegmentBy)?.Items ?? []),
        LadderRungs.Trending => new(rung, Trending),
        _ => Known(rung),
    };

    private LadderRung Known(string rung) => new(rung, block.Ladder[rung]);

    /// <summary>Basket and page item; the page's item is the newest.</summary>
    private PastItem[] ContextItems() =>
        [.. (request.Shape?.Basket ?? []).Concat(request.Shape?.PageItem is { } page ? [page] : []).Distinct(StringComparer.Ordinal).Select(id => new PastItem(id, 1, nowMs))];

    private ReadOnlyMemory<int> Alike(PastItem[] items, ReadOnlyMemory<ulong> left)
    {
        PastItem[] liked = [.. items.Where(i => i.Value > 0)];
        if (liked.Length == 0)
            return default;
        var rows = new List<int>();
        if (block.Model?.Parts is { } parts)
            rows.AddRange(Best(parts, new(liked, nowMs, input.UserId), left));
        // By time, and where times are one by place: a basket is in the order of the request.
        foreach (PastItem item in liked.Reverse().OrderByDescending(i => i.TimeMs).Take(WordItemsMax))
            rows.AddRange(catalogue.AlikeTo(item.ItemId).Select(block.RowOf).Where(row => row >= 0));
        return rows.Count <= RungItemsMax ? rows.ToArray() : rows.Take(RungItemsMax).ToArray();
    }

    private int[] Best(CompanionParts parts, UserSignals signals, ReadOnlyMemory<ulong> left)
    {
        var asked = new List<CandidatePart>();
        foreach ((string name, double weight) in _likeness)
            if (parts.Find(name) is { } part && part.Prepare(signals) is { Scale: > 0 } query)
                asked.Add(new(part, query, weight, weight / query.Scale, ScenarioPart.CandidatesMax, name));
        var best = new ScoredRow[Math.Min(RungItemsMax, block.Ids.Length)];
        using var candidates = new HybridCandidates(asked, 0, [], left.Span, row => block.Ids[row]);
        int count = candidates.Draw(best);
        return Array.ConvertAll(best[..count], b => b.Row);
    }

    private static SegmentRank? SegmentOf(ListInput input, string? asked, string? attribute) =>
        input.Model?.Companion?.Segments.All is { Count: > 0 } all && SegmentRanks.KeyFor(asked, attribute ?? SegmentRanks.AttributeDefault, input.Attributes) is { } key
            ? all.GetValueOrDefault(key) : null;

    private ReadOnlyMemory<int> Trending(ReadOnlyMemory<ulong> left)
    {
        if (block.Model?.Parts?.Find(LadderRungs.Trending) is not { } part)
            return default;
        int rows = part.ItemIds.Length;
        var excluded = new ulong[RowWords.CountOf(rows)];
        for (int word = 0; word < excluded.Length; word++)
            excluded[word] = ~left.Span[word];
        var best = new ScoredRow[Math.Min(RungItemsMax, rows)];
        int count = part.Best(part.Prepare(new UserSignals([], nowMs)), excluded, best);
        return Array.ConvertAll(best[..count], b => b.Row);
    }
}
