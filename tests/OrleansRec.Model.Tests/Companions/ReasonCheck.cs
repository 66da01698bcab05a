using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;
using OrleansRec.Model.Reasons;

namespace OrleansRec.Model.Tests.Companions;

/// <summary>Makes a blended list and splits its scores.</summary>
internal static class ReasonCheck
{
    /// <summary>By how much the reasons of an entry, and its parts, miss the score at worst, of the sum of the absolute amounts; and how many entries there are.</summary>
    public static (double Worst, int Entries) Worst(IReadOnlyList<ISparsePart> parts, BlendWeights weights, UserSignals signals, string[] ids, int k, int itemsMax = 3)
    {
        HybridCandidates candidates = Candidates(parts, weights, signals, ids);
        var entries = new ScoredRow[k];
        int count = candidates.Draw(entries);
        double worst = 0;
        foreach (ScoredRow entry in entries.AsSpan(0, count))
        {
            Assert.True(candidates.IsBlended(entry.Row));
            ScoreReason[] reasons = candidates.ReasonsOf(entry.Row, signals.Past, itemsMax);
            double size = reasons.Sum(r => Math.Abs(r.Amount));
            worst = Math.Max(worst, Math.Abs(entry.Score - reasons.Sum(r => r.Amount)) / size);
            foreach (PartAmount part in candidates.PartsOf(entry.Row))
                worst = Math.Max(worst, Math.Abs(part.Amount - reasons.Where(r => r.Part == part.Name).Sum(r => r.Amount)) / size);
            Assert.All(reasons.Where(r => r.ItemId is not null).GroupBy(r => r.Part), part => Assert.InRange(part.Count(), 1, itemsMax));
        }
        return (worst, count);
    }

    public static HybridCandidates Candidates(IReadOnlyList<ISparsePart> parts, BlendWeights weights, UserSignals signals, string[] ids)
    {
        CandidatePart[] used = [.. parts.Select(part =>
        {
            double weight = weights.Of(part.Name);
            PartQuery query = part.Prepare(signals);
            double factor = query.Scale <= 0 ? 0 : weights.IsScaled ? weight / query.Scale : weight;
            return new CandidatePart(part, query, weight, factor, 100, part.Name);
        })];
        var all = new ulong[RowWords.CountOf(ids.Length)];
        RowWords.Fill(all, ids.Length);
        return new(used, weights.Bias, [], all, row => ids[row]);
    }
}
