using OrleansRec.Model.Reasons;

namespace OrleansRec.Model.Hybrid;

public sealed partial class HybridCandidates
{
    /// <summary>The part under which the bias of a blend is told.</summary>
    public const string BiasPart = "bias";

    /// <summary>Splits the blended score of a row over the past: score = Σ amounts, exactly but for the rounding of the score to float.</summary>
    /// <remarks>Of each part the items that add most, by magnitude, then by id; one more reason without an item holds the part's offset and what the other items add.</remarks>
    /// <param name="row">A row.</param>
    /// <param name="past">The past that the parts' queries were made of, in the order of <see cref="UserSignals.Past"/>.</param>
    /// <param name="itemsMax">Items of each part, at most; ≥ 1.</param>
    public ScoreReason[] ReasonsOf(int row, ReadOnlySpan<PastItem> past, int itemsMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(itemsMax, 1);
        var reasons = new List<ScoreReason>();
        var amounts = new double[past.Length];
        foreach (CandidatePart part in _parts)
            if (part.Factor != 0 && row < part.Part.ItemIds.Length)
                AddReasons(part, row, past, amounts, itemsMax, reasons);
        if (_bias != 0)
            reasons.Add(new(BiasPart, null, _bias));
        return [.. reasons];
    }

    private static void AddReasons(CandidatePart part, int row, ReadOnlySpan<PastItem> past, double[] amounts, int itemsMax, List<ScoreReason> reasons)
    {
        double rest = part.Factor * part.Part.Explain(part.Query, row, amounts);
        var told = new List<ScoreReason>();
        for (int n = 0; n < amounts.Length; n++)
            if (amounts[n] != 0)
                told.Add(new(part.Part.Name, past[n].ItemId, part.Factor * amounts[n]));
        told.Sort(static (a, b) => Math.Abs(a.Amount) != Math.Abs(b.Amount) ? Math.Abs(b.Amount).CompareTo(Math.Abs(a.Amount)) : string.CompareOrdinal(a.ItemId, b.ItemId));
        for (int n = itemsMax; n < told.Count; n++)
            rest += told[n].Amount;
        reasons.AddRange(told.Take(itemsMax));
        if (rest != 0)
            reasons.Add(new(part.Part.Name, null, rest));
    }
}
