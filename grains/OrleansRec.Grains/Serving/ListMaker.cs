using OrleansRec.Contracts;
using OrleansRec.Grains.Shop;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Grains.Serving;

/// <summary>
/// Lists in three stages: candidates from the parts of a score and from the ladder, their blended scores, rules. A plain list takes a shorter way (<see cref="ListScan"/>) while no rule
/// of the tenant is about it. One per silo and tenant; safe for many callers.
/// </summary>
public sealed class ListMaker(CatalogueCopy catalogue, TenantLists lists, IRandomSource random, TimeProvider time)
{
    /// <summary>Whether a request needs the three stages: by what it asks, by the shop's rules, or because the version's lists are a blend of more than the factors.</summary>
    /// <param name="request">What the list is asked to be.</param>
    /// <param name="model">The model in use.</param>
    /// <param name="rules">Rules in the place of the shop's; null: the shop's.</param>
    public bool IsNeededFor(RecommendRequest request, PublishedModel? model, ShopLists? rules = null) =>
        request.Shape is not null || request.Candidates is not null || (rules ?? lists.Current).HasRulesForAll || model is { Sequence: not null, Weights: var weights } && !weights.IsOnly(ModelCompanion.Factors);

    /// <summary>Whether a plain list for a user without a vector has more than popular items in it, so that it needs the three stages.</summary>
    public bool HasRungsFor(ListInput input) => ListLadder.HelpsStranger(catalogue, input);

    /// <summary>The items under a model as they are now.</summary>
    public ShopBlock BlockOf(PublishedModel? model) => catalogue.Block(model);

    /// <summary>Makes a list.</summary>
    /// <param name="input">Whom it is for.</param>
    /// <param name="request">What it is asked to be.</param>
    /// <param name="of">The items, under the model of <paramref name="input"/>; null: as they are now.</param>
    /// <exception cref="ListRefusedException">The request names what there is not.</exception>
    public MadeList Make(ListInput input, RecommendRequest request, ShopBlock? of = null)
    {
        ListPlan plan = ListPlan.Of(input.Rules ?? lists.Current, request);
        ShopBlock block = of ?? catalogue.Block(input.Model);
        string id = ListScan.NewId(random);
        PastItem[] context = ContextOf(request.Shape, plan.Scenario, input);
        bool isContextAlone = plan.Scenario is { ContextFirst: true } && context.Length > 0;
        var signals = new UserSignals(isContextAlone ? context : [.. input.Past, .. context], NowMs, input.UserId, request.Shape?.Segment) { Purchases = isContextAlone ? [] : input.Purchases };
        (CandidatePart[] parts, double bias, Sigmoid? calibration) = PartsOf(block, plan.Scenario, request, signals, context.Length == 0 ? input : null);
        (RankedList ranked, HybridCandidates candidates) = Rank(block, plan, input, request, id, parts, bias);
        List<RecommendedItem> items = ItemsOf(ranked, candidates, 0);
        AddUnknown(block, plan.Scenario, input, request, items);
        double? steadiness = SteadinessOf(request, plan.Scenario);
        var list = new RecommendationList(id, input.Model?.Version ?? 0, block.CatalogueVersion, input.HistoryVersion, [.. items])
        {
            Overlap = steadiness is not null && input.Last is { } last ? SteadyRows.OverlapOf([.. items.Select(i => i.ItemId)], last) : null,
        };
        Sigmoid? told = request.Shape?.Probability == true || plan.Scenario is { Probability: true } ? calibration : null;
        if (request.Shape is { } shape && (shape.Explain || shape.Fields.Length > 0 || told is not null))
            list = list with { Notes = new ListNotes(catalogue, input, shape, signals, candidates, bias, told).Of(ranked, items) };
        candidates.Dispose();
        return new(list, ranked, block, candidates)
        {
            Steadiness = steadiness, IsScored = [.. items.Select((_, n) => n < ranked.Entries.Count && candidates.IsBlended(ranked.Entries[n].Row))],
        };
    }

    private static double? SteadinessOf(RecommendRequest request, ListScenario? scenario) => request.Shape?.Steadiness ?? scenario?.Steadiness;

    /// <summary>Fills a list that is short from the rungs of the ladder, as far as anything may appear.</summary>
    public RecommendationList Fill(RecommendationList list, ListInput input, RecommendRequest request)
    {
        string[] listed = Array.ConvertAll(list.Items, i => i.ItemId);
        RecommendRequest rest = request with { K = request.K - listed.Length, Exclude = [.. request.Exclude ?? [], .. listed] };
        ShopBlock block = catalogue.Block(input.Model);
        if (block.CatalogueVersion != list.CatalogueVersion)
            // An answer is of one state of the catalogue. What was scanned is of an earlier one, so the list is made anew, whole, from this one: once, because nothing is read again on the way.
            return Make(input, request).List;
        (RankedList ranked, HybridCandidates candidates) = Rank(block, ListPlan.Of(input.Rules ?? lists.Current, rest), input, rest, list.RecommendationId, [], Math.Min(0, list.Items.Length == 0 ? 0 : list.Items[^1].Score));
        candidates.Dispose();
        return ranked.Entries.Count == 0 ? list : list with { Items = [.. list.Items, .. ItemsOf(ranked, candidates, listed.Length)] };
    }

    private (RankedList Ranked, HybridCandidates Candidates) Rank(
        ShopBlock block, ListPlan plan, ListInput input, RecommendRequest request, string id, CandidatePart[] parts, double bias)
    {
        HybridCandidates? candidates = null;
        RankedList ranked = ListRanking.Of(RankOf(block, plan, input, request, id), plan.Rules, eligible => candidates =
            new(parts, bias, new ListLadder(block, catalogue, input, request, plan.Scenario, NowMs).Rungs(), eligible.Span, row => block.Ids[row], request.Candidates is not null));
        return (ranked, candidates!);
    }

    private static List<RecommendedItem> ItemsOf(RankedList ranked, HybridCandidates candidates, int before) =>
        [.. ranked.Entries.Select(e => new RecommendedItem(e.ItemId, (float)e.Score, before + e.Position, candidates.SourceOf(e.Row) ?? RecommendationSource.Rule))];

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Basket and page item, as a past of this moment.</summary>
    private PastItem[] ContextOf(ListShape? shape, ListScenario? scenario, ListInput input)
    {
        if (shape is null || (shape.Basket.Length == 0 && shape.PageItem is null))
            return [];
        HashSet<string> known = scenario is { ContextFirst: true } ? [] : input.Past.Select(p => p.ItemId).ToHashSet(StringComparer.Ordinal);
        IEnumerable<string> ids = shape.Basket.Concat(shape.PageItem is { } page ? [page] : []).Distinct(StringComparer.Ordinal);
        return [.. ids.Where(id => !known.Contains(id)).Select(id => new PastItem(id, 1, NowMs))];
    }

    /// <summary>The parts with their factors, the bias, and what turns their scores into probabilities: where they are blended as they were when that was learned.</summary>
    private static (CandidatePart[] Parts, double Bias, Sigmoid? Calibration) PartsOf(ShopBlock block, ListScenario? scenario, RecommendRequest request, UserSignals signals, ListInput? input)
    {
        IReadOnlyList<ISparsePart> all = block.Factors is null ? [] : [block.Factors, .. block.Model!.PartsBeside];
        BlendWeights learned = block.Model is { } model && (scenario is not null || model.Sequence is not null) ? model.Weights : ModelCompanion.FactorsAlone;
        PartWeight[] asked = request.Shape?.Weights ?? [];
        if (Array.Find(asked, a => all.Count > 0 && all.All(p => p.Name != a.Part)) is { Part: not null } unknown)
            throw new ListRefusedException($"weights.{unknown.Part}", null, $"must be the weight of one of {string.Join(", ", all.Select(p => p.Name))}");
        bool isLearned = asked.Length == 0 && scenario?.Parts is null;
        var parts = new List<CandidatePart>();
        foreach (ISparsePart part in all)
        {
            ScenarioPart? own = Array.Find(scenario?.Parts ?? [], p => p.Name == part.Name);
            double weight = own?.Weight ?? (scenario?.Parts is null || own is not null ? learned.Of(part.Name) : 0);
            if (Array.FindIndex(asked, a => a.Part == part.Name) is >= 0 and int at)
                weight = asked[at].Weight;
            if (weight == 0)
                continue;
            PartQuery query = QueryOf(part, block, signals, input);
            double factor = query.Scale <= 0 ? 0 : isLearned && !learned.IsScaled ? weight : weight / query.Scale;
            parts.Add(new(part, query, weight, factor, own?.Candidates ?? ScenarioPart.CandidatesDefault, SourceOf(part.Name)));
        }
        return ([.. parts], isLearned ? learned.Bias : 0, isLearned && block.Model is { } of && learned.Equals(of.Weights) ? of.Companion?.Sigmoid : null);
    }

    /// <summary>What a part makes of the user; what the user's grain has made already is used again, unless basket or page item change the past.</summary>
    private static PartQuery QueryOf(ISparsePart part, ShopBlock block, UserSignals signals, ListInput? input) =>
        part == block.Factors && input?.User is { } user ? block.Factors.Query(user, signals)
        : part == block.Model?.Sequence && input?.Sequence is { } sequence ? sequence(signals.Past.ToArray())
        : part.Prepare(signals);

    private static string SourceOf(string part) => part switch
    {
        ModelCompanion.Factors => RecommendationSource.Personal,
        ModelCompanion.ItemItem => RecommendationSource.Similar,
        ModelCompanion.BoughtTogether => RecommendationSource.Together,
        _ => part,
    };

    private RankRequest RankOf(ShopBlock block, ListPlan plan, ListInput input, RecommendRequest request, string id) => new(block.Columns, request.K, InputsOf(input, request))
    {
        Scenario = request.Shape?.Scenario, Kinds = plan.Scenario?.Kinds, Excluded = ExcludedOf(block, plan.Scenario, input, request),
        Earlier = [.. input.Earlier.Select(block.RowOf)],
        Steady = input.Last is { } last && SteadinessOf(request, plan.Scenario) is > 0 and var share ? new([.. last.Select(block.RowOf)], share) : null, RowOf = block.RowOf, Impressions = row => input.Impressions.GetValueOrDefault(block.Ids[row]),
        Similarity = (a, b) => AlikenessOf(block, a, b), Seed = IdHash.Of(input.ListId ?? id), Cache = block.Cache,
    };

    private RuleInputs InputsOf(ListInput input, RecommendRequest request)
    {
        var user = input.Attributes.ToDictionary(a => a.Key, a => RuleValue.Of(a.Value), StringComparer.Ordinal);
        var context = new Dictionary<string, RuleValue>(StringComparer.Ordinal);
        foreach (ContextValue value in request.Shape?.Context ?? [])
            context[value.Name] = value.Text is { } text ? RuleValue.Of(text) : value.Number is { } number ? RuleValue.Of(number) : RuleValue.Of(value.Flag == true);
        // A second is fine enough for windows, and lets their bitmaps be used again within it.
        return new(NowMs / 1000 * 1000, user, context);
    }

    private static ulong[] ExcludedOf(ShopBlock block, ListScenario? scenario, ListInput input, RecommendRequest request)
    {
        var excluded = new ulong[RowWords.CountOf(block.Columns.Count)];
        if (request.Candidates is { } candidates)
        {
            Array.Fill(excluded, ulong.MaxValue);
            foreach (string id in candidates)
                Set(id, isIn: false);
        }
        IEnumerable<string> seen = request.IncludeSeen || scenario?.IncludeSeen == true ? [] : input.Seen;
        foreach (string id in seen.Concat(request.Exclude ?? []).Concat(request.Shape?.Basket ?? []).Concat(request.Shape?.PageItem is { } page ? [page] : []))
            Set(id, isIn: true);
        return excluded;

        void Set(string id, bool isIn)
        {
            if (block.RowOf(id) is >= 0 and int row)
                RowWords.Set(excluded, row, isIn);
        }
    }

    /// <summary>Cosine of the factors of two items; of an item that the model does not know, 0.</summary>
    private static double AlikenessOf(ShopBlock block, int a, int b)
    {
        if (block.Model is not { } model || a >= model.ItemCount || b >= model.ItemCount)
            return 0;
        double cosine = ItemScan.Score(model.Row(a), model.Factors, b, model.Width, 0) * model.Index.InverseNorms[a] * model.Index.InverseNorms[b];
        return double.IsFinite(cosine) ? Math.Clamp(cosine, 0, 1) : 0;
    }

    /// <summary>Candidates of the caller that nobody knows come last; where a condition is asked for, they do not meet it.</summary>
    private static void AddUnknown(ShopBlock block, ListScenario? scenario, ListInput input, RecommendRequest request, List<RecommendedItem> items)
    {
        if (request.Candidates is not { } candidates || request.Filter is not null || request.Shape?.Filter is not null || scenario is { Filter: not null } or { Kinds: not null })
            return;
        var left = new HashSet<string>(input.Earlier.Concat(request.Exclude ?? []), StringComparer.Ordinal);
        if (!request.IncludeSeen)
            left.UnionWith(input.Seen);
        foreach (string id in candidates)
            if (items.Count < request.K && block.RowOf(id) < 0 && left.Add(id))
                items.Add(new(id, items.Count == 0 ? 0 : Math.Min(0, items[^1].Score) - 1, items.Count + 1, RecommendationSource.None));
    }
}

/// <summary>A list, and what is needed to say why an item is not in it.</summary>
/// <param name="List">The list.</param>
/// <param name="Ranked">What rules did.</param>
/// <param name="Block">The items.</param>
/// <param name="Candidates">What it was made of; to be disposed of where more scores are asked of it.</param>
public sealed record MadeList(RecommendationList List, RankedList Ranked, ShopBlock Block, HybridCandidates Candidates)
{
    /// <summary>The share of the last list that was to be kept; null where the list does not look back.</summary>
    public double? Steadiness { get; init; }

    /// <summary>Of each entry whether it has a blended score; one of a rung has none.</summary>
    public bool[] IsScored { get; init; } = [];
}
