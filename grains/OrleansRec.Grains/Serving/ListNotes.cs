using OrleansRec.Contracts;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Reasons;

namespace OrleansRec.Grains.Serving;

/// <summary>Says of each entry of a list what made its score, what rules did, and in one sentence why it is there.</summary>
/// <param name="catalogue">Titles and fields.</param>
/// <param name="input">Whom the list is for.</param>
/// <param name="shape">What is to be said.</param>
/// <param name="signals">The past that the list was made of.</param>
/// <param name="candidates">What it was made of.</param>
/// <param name="bias">Of the blend.</param>
/// <param name="calibration">What turns a blended score into a probability; null: no probability is told.</param>
internal sealed class ListNotes(CatalogueCopy catalogue, ListInput input, ListShape shape, UserSignals signals, HybridCandidates candidates, double bias, Sigmoid? calibration)
{
    /// <summary>Entries whose score is split over the past: each costs a pass over it for each part. What is said of later ones is by part.</summary>
    public const int SplitMax = 50;

    /// <summary>Items of the past that are told for each part of an entry; the others are one sum.</summary>
    public const int ItemsMax = 20;

    /// <summary>The notes of a list.</summary>
    /// <param name="ranked">What rules did.</param>
    /// <param name="items">Its entries; behind those that were ranked, candidates that nobody knows.</param>
    public EntryNote[] Of(RankedList ranked, List<RecommendedItem> items)
    {
        EntryField[][]? fields = shape.Fields.Length == 0 ? null : catalogue.FieldsOf([.. items.Select(i => i.ItemId)], shape.Fields);
        var notes = new EntryNote[items.Count];
        for (int n = 0; n < notes.Length; n++)
            notes[n] = new(null, null, fields?[n]) { Probability = n < ranked.Entries.Count ? ProbabilityOf(ranked.Entries[n]) : null };
        if (shape.Explain)
            Explain(notes, ranked, items);
        return notes;
    }

    private void Explain(EntryNote[] notes, RankedList ranked, List<RecommendedItem> items)
    {
        var said = new Statement[items.Count];
        for (int n = 0; n < notes.Length; n++)
        {
            RankedEntry? entry = n < ranked.Entries.Count ? ranked.Entries[n] : null;
            EntryPart[] parts = entry is null ? [] : PartsOf(entry, items[n]);
            ScoreReason[] reasons = entry is not null && n < SplitMax && candidates.IsBlended(entry.Row)
                ? candidates.ReasonsOf(entry.Row, signals.Past, ItemsMax) : Array.ConvertAll(parts, p => new ScoreReason(p.Part, null, p.Amount));
            said[n] = Statement.Of(reasons, items[n].Source, DeedOf);
            notes[n] = notes[n] with
            {
                Parts = parts, Effects = entry is null ? [] : EffectsOf(entry), Reasons = Array.ConvertAll(reasons, r => new EntryReason(r.Part, r.ItemId, r.Amount)),
            };
        }
        Dictionary<string, string> titles = catalogue.TitlesOf(said.Select(s => s.ItemId).OfType<string>());
        for (int n = 0; n < notes.Length; n++)
            notes[n] = notes[n] with { Sentence = Sentences.Of(shape.Language ?? Sentences.LanguageDefault, said[n], titles.GetValueOrDefault) };
    }

    /// <summary>What a rung or a rule brought has no score that was calibrated.</summary>
    private double? ProbabilityOf(RankedEntry entry) =>
        calibration is not null && entry.BaseScore is { } score && candidates.IsBlended(entry.Row) ? calibration.Of(score) : null;

    private string? DeedOf(string itemId) => itemId == shape.PageItem ? Sentences.Page : shape.Basket.Contains(itemId) ? Sentences.Basket : input.DeedOf(itemId);

    private static EntryEffect[] EffectsOf(RankedEntry entry) => [.. entry.Effects.Select(e => new EntryEffect(e.Rule, NameOf(e.Kind), e.ScoreChange))];

    /// <summary>The parts of a blended score; of an entry that a rung or a rule brought, that alone. They sum to the score before rules.</summary>
    private EntryPart[] PartsOf(RankedEntry entry, RecommendedItem item)
    {
        EntryPart[] parts = [.. candidates.PartsOf(entry.Row).Where(p => p.Amount != 0).Select(p => new EntryPart(p.Name, p.Weight, p.Amount))];
        if (parts.Length > 0 && candidates.IsBlended(entry.Row))
            return bias == 0 ? parts : [.. parts, new(HybridCandidates.BiasPart, 1, bias)];
        return entry.BaseScore is { } score ? [new(item.Source, 1, score)] : [];
    }

    private static string NameOf(RuleKind kind) => char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..];
}
