using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Sequence.Serving;

namespace OrleansRec.Model.Reasons;

/// <summary>What a sentence says of an entry: the strongest thing that speaks for it.</summary>
/// <param name="Kind">Which template, see <see cref="Sentences.Kinds"/>.</param>
/// <param name="ItemId">The item that it names; null where it names none.</param>
public readonly record struct Statement(string Kind, string? ItemId)
{
    /// <summary>Chooses what to say: of the part that adds most, the item of the past that adds most to it.</summary>
    /// <param name="reasons">What adds to the score.</param>
    /// <param name="source">What the entry comes from: said where no part adds anything above 0.</param>
    /// <param name="deedOf">What the user did with an item of the past: an event type, basket or page; null where it is not known.</param>
    public static Statement Of(IReadOnlyList<ScoreReason> reasons, string source, Func<string, string?> deedOf)
    {
        ArgumentNullException.ThrowIfNull(deedOf);
        string? part = StrongestPart(reasons);
        if (part is null)
            return new(Sentences.Kinds.Contains(source) ? source : Sentences.Personal, null);
        return StrongestItem(reasons, part) is not { } item ? new(Sentences.NamesItem(part) || !Sentences.Kinds.Contains(part) ? Sentences.Personal : part, null)
            : part is ModelCompanion.Factors or SequencePart.PartName ? new(DeedKind(deedOf(item)), item)
            : new(Sentences.Kinds.Contains(part) ? part : Sentences.Event, Sentences.NamesItem(part) || !Sentences.Kinds.Contains(part) ? item : null);
    }

    private static string DeedKind(string? deed) => deed is not null && Sentences.Deeds.Contains(deed) ? deed : Sentences.Event;

    private static string? StrongestPart(IReadOnlyList<ScoreReason> reasons)
    {
        string? strongest = null;
        double most = 0;
        foreach (IGrouping<string, ScoreReason> part in reasons.Where(r => r.Part != HybridCandidates.BiasPart).GroupBy(r => r.Part, StringComparer.Ordinal))
            if (part.Sum(r => r.Amount) is var sum && sum > most)
                (strongest, most) = (part.Key, sum);
        return strongest;
    }

    private static string? StrongestItem(IReadOnlyList<ScoreReason> reasons, string part)
    {
        ScoreReason strongest = default;
        foreach (ScoreReason reason in reasons)
            if (reason.Part == part && reason.ItemId is not null && (reason.Amount > strongest.Amount
                || (reason.Amount == strongest.Amount && strongest.ItemId is not null && string.CompareOrdinal(reason.ItemId, strongest.ItemId) < 0)))
                strongest = reason;
        return strongest.ItemId;
    }
}
