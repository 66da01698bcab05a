using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Items;

namespace OrleansRec.Gateway;

/// <summary>Answers of grains in their JSON form.</summary>
internal static class WireToApi
{
    public static RecommendationAnswer ToApi(this RecommendationList list) => new(
        list.RecommendationId, list.ModelVersion, list.CatalogueVersion, list.HistoryVersion,
        list.Notes is { } notes ? Noted(list.Items, notes) : Array.ConvertAll(list.Items, i => new ListedItem(i.ItemId, i.Score, i.Rank, i.Source)))
    {
        Overlap = list.Overlap,
    };

    private static ListedItem[] Noted(RecommendedItem[] items, EntryNote[] notes) =>
    [
        .. items.Select((item, n) => new ListedItem(item.ItemId, item.Score, item.Rank, item.Source)
        {
            Probability = notes[n].Probability,
            Parts = notes[n].Parts is { } parts ? Array.ConvertAll(parts, p => new ListedPart(p.Part, p.Weight, p.Amount)) : null,
            Effects = notes[n].Effects is { } effects ? Array.ConvertAll(effects, e => new ListedEffect(e.Rule, e.Kind, e.ScoreChange)) : null,
            Reasons = notes[n].Reasons is { } reasons ? Array.ConvertAll(reasons, r => new ListedReason(r.Part, r.ItemId, r.Amount)) : null, Sentence = notes[n].Sentence,
            Fields = notes[n].Fields is { } fields ? fields.ToDictionary(f => f.Name, f => System.Text.Json.JsonElement.Parse(f.Json)) : null,
        }),
    ];

    public static ExplanationAnswer ToApi(this Explanation e) => new(
        e.ItemId, e.ModelVersion, e.HistoryVersion, e.Score, e.Offset,
        Array.ConvertAll(e.Contributions, c => new ExplainedItem(c.ItemId, c.Amount, c.Similarity, c.Weight)));

    public static WhyNotAnswer ToApi(this ItemStanding s) =>
        new(s.ItemId, s.ModelVersion, s.CatalogueVersion, s.HistoryVersion, s.Rank, s.Reason, s.Rule, s.Score, s.Place, s.Source, s.Listed, s.LeastScore);

    public static ItemInfo ToApi(this ItemView view) => new(
        view.ItemId, view.Item is not null, view.Item?.Title, view.Item?.Categories ?? [], view.Item?.Price, view.Item?.Stock, view.Item?.Visible ?? true,
        (view.Item?.Attributes ?? []).ToDictionary(a => a.Name, a => a.Value), view.Users, view.Events, TimeOf(view.LastTimeMs),
        Array.ConvertAll(view.Recent, r => new ItemEvent(r.UserId, r.Type, r.Value, DateTimeOffset.FromUnixTimeMilliseconds(r.TimeMs))),
        view.ModelVersion, view.Vector, ItemKinds.NameOf(DetailsOf(view).Kind), DetailsOf(view).Brand, DetailsOf(view).Rating, DetailsOf(view).Tags,
        DetailsOf(view).Group, MomentOf(DetailsOf(view).FromMs), MomentOf(DetailsOf(view).UntilMs), DetailsOf(view).Text, DetailsOf(view).Url,
        DetailsOf(view).ImageUrl, DetailsOf(view).Vectors.ToDictionary(v => v.Name, v => v.ToFloats()));

    private static ItemDetails DetailsOf(ItemView view) => view.Item?.Details ?? ItemDetails.None;

    private static DateTimeOffset? MomentOf(long? ms) => ms is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public static UserPortraitInfo ToApi(this UserPortrait p) => new(
        Array.ConvertAll(p.Categories, i => new InterestInfo(i.Name, i.Share)), Array.ConvertAll(p.Brands, i => new InterestInfo(i.Name, i.Share)), p.PriceLow,
        p.PriceMedian, p.PriceHigh, p.Hours, p.ActiveDays, p.RecencyDays, p.Orders, p.Spend);

    public static TrainingInfo ToApi(this TrainingStatus s) => new(
        s.Phase.ToName(), s.IsOver, s.Version, s.Plan is null ? null : PlanRules.ToApi(s.Plan), s.Sweep, s.ShardsDone, s.ShardsTotal,
        s.Losses, s.Users, s.Items, s.Pairs, TimeOf(s.StartedMs), TimeOf(s.EndedMs), s.SweepSeconds, s.Reason,
        s.Quality is { } q ? new(q.Users, q.New, q.Current, q.Error, q.ComparedWith, q.IsWorse, q.IsRefused) : null,
        s.Sequence is { } e ? new(e.Epoch, e.EpochsMax, e.IsChoosing, e.Losses, Array.ConvertAll(e.Ndcg, n => double.IsNaN(n) ? (double?)null : n)) : null);

    public static ModelEntry ToApi(this ModelInfo m) => new(
        m.Version, PlanRules.ToApi(m.Plan), m.Users, m.Items, m.Pairs, m.Losses, m.FactorsHash, DateTimeOffset.FromUnixTimeMilliseconds(m.PublishedMs),
        m.TrainSeconds);

    /// <summary>The phase in camel case, as JSON has it.</summary>
    public static string ToName(this TrainingPhase phase)
    {
        string name = phase.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static DateTimeOffset? TimeOf(long ms) => ms == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
