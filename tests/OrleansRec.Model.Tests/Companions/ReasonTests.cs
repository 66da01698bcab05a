using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Reasons;

namespace OrleansRec.Model.Tests.Companions;

/// <summary>Goal: a score is split exactly over the past, part by part. Method: every part over the shop of two tastes, for users with random pasts and random weights.</summary>
public sealed class ReasonTests
{
    private static readonly Lazy<ISparsePart[]> _parts = new(() =>
    {
        CompanionSource source = TwoTastes.Source();
        var model = new AlsModel(TwoTastes.Als, [], source.ItemFactors, source.Gram, 0, [], "");
        return [new FactorPart(model, TwoTastes.ItemIds, new() { ValuePower = 1 }), .. CompanionParts.Over(CompanionBuilder.Build(source), TwoTastes.ItemIds, TwoTastes.ItemIds, TwoTastes.Features()).All];
    });

    [Fact]
    public void ReasonsOf_RandomPastsAndWeights_SumToTheScoreAndToEachPart()
    {
        var random = new Random(3);
        var seen = new HashSet<string>();
        for (int user = 0; user < 300; user++)
        {
            int[] items = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(TwoTastes.Items)).Distinct()];
            BlendWeights weights = new(_parts.Value.ToDictionary(p => p.Name, _ => random.Next(3) == 0 ? 0 : random.NextDouble() * 2 - 0.3), random.NextDouble() - 0.5, random.Next(2) == 0);
            UserSignals signals = TwoTastes.Signals(items);

            (double worst, int entries) = ReasonCheck.Worst(_parts.Value, weights, signals, TwoTastes.ItemIds, 5, itemsMax: random.Next(1, 9));

            Assert.InRange(worst, 0, 1e-4);
            if (entries > 0)
                seen.UnionWith(ReasonCheck.Candidates(_parts.Value, weights, signals, TwoTastes.ItemIds).ReasonsOf(TwoTastes.Row(items[0]), signals.Past, 5).Where(r => r.ItemId is not null).Select(r => r.Part));
        }
        Assert.Superset(new HashSet<string> { "als", "item-item", "content" }, seen);
    }

    [Fact]
    public void ReasonsOf_MoreItemsThanAreTold_HasOneReasonForTheRest()
    {
        UserSignals signals = TwoTastes.Signals(0, 2, 4, 6, 8);
        HybridCandidates candidates = ReasonCheck.Candidates(_parts.Value, new(new Dictionary<string, double> { ["als"] = 1 }), signals, TwoTastes.ItemIds);

        ScoreReason[] all = candidates.ReasonsOf(TwoTastes.Row(10), signals.Past, 5), two = candidates.ReasonsOf(TwoTastes.Row(10), signals.Past, 2);

        Assert.Equal(5, all.Length);
        Assert.All(all, r => Assert.Equal("als", r.Part));
        Assert.Equal(all.OrderByDescending(r => Math.Abs(r.Amount)).Select(r => r.ItemId), all.Select(r => r.ItemId));
        Assert.Equal([all[0], all[1]], two[..2]);
        Assert.Null(two[2].ItemId);
        Assert.Equal(all[2..].Sum(r => r.Amount), two[2].Amount, 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => candidates.ReasonsOf(0, signals.Past, 0));
    }
}
