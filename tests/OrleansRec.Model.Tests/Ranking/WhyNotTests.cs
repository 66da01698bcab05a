using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Goal: what is said of an eligible item that is not in a list names what took its place, and where it stands. Method: items whose scores fall from 0 to n.</summary>
public sealed class WhyNotTests
{
    private static ListRule Rule(RuleKind kind) => new() { Name = kind.ToString(), Kind = kind };

    [Theory]
    [InlineData(1, 2, 99), InlineData(5, 6, 95), InlineData(99, 100, 1)]
    public void Standing_AnyRow_IsItsPlaceByScore(int row, int place, double score)
    {
        RankedList list = PlantedShop.Of(100).List(PlantedShop.Of(100).Request(2));

        Assert.Equal(new CandidateStanding(place, score, score), list.Standing(row));
        Assert.Equal(row < 2, list.WhyNot(row) is null);
    }

    [Fact]
    public void Standing_Boosted_IsByTheScoreAfterRules()
    {
        PlantedShop shop = PlantedShop.Of(10, (n, f) => f.Set("rating", n));
        RankedList list = shop.List(shop.Request(3), Rule(RuleKind.Boost) with { Factor = "10", When = "item.rating == 7" });

        Assert.Equal("7 0 1", PlantedShop.Ids(list));
        Assert.Equal(new CandidateStanding(1, 3, 30), list.Standing(7));
        Assert.Equal(new CandidateStanding(4, 8, 8), list.Standing(2));
    }

    [Fact]
    public void WhyNot_NoCandidate_SaysSo_AndHasNoStanding()
    {
        PlantedShop shop = PlantedShop.Of(6);
        RankedList list = ListRanking.Of(shop.Request(4), new RuleSet([]).Compile(RuleFields.Of(shop.Items)), new KnownCandidates([.. shop.Candidates.Where(c => c.Row != 1)]));

        Assert.Equal("0 2 3 4", PlantedShop.Ids(list));
        Assert.Equal(new Rejection(RejectionReason.Candidates), list.WhyNot(1));
        Assert.Equal(new Rejection(RejectionReason.Rank), list.WhyNot(5));
        Assert.Null(list.Standing(1));
    }

    [Fact]
    public void WhyNot_FullCap_IsNamedOnlyWhereTheScoreWouldDo()
    {
        PlantedShop shop = PlantedShop.Of(6, (n, f) => f.Set("brand", n is 0 or 1 or 5 ? "Acme" : $"b{n}"));
        RankedList list = shop.List(shop.Request(3), Rule(RuleKind.Cap) with { Field = "brand", Most = 1 });

        Assert.Equal("0 2 3", PlantedShop.Ids(list));
        Assert.Equal(new Rejection(RejectionReason.Cap, "Cap"), list.WhyNot(1));
        Assert.Equal(new Rejection(RejectionReason.Rank), list.WhyNot(5));
    }

    [Fact]
    public void WhyNot_RuleChoseAnother_IsNamed()
    {
        PlantedShop shop = PlantedShop.Of(6, (n, f) => f.Set("brand", n < 3 ? "Acme" : "Bolt"));
        RankRequest request = shop.Request(2) with { Similarity = (a, b) => a < 3 == b < 3 ? 1 : 0 };

        RankedList diverse = shop.List(request, Rule(RuleKind.Diversity) with { Lambda = 0.5 });
        RankedList promoted = shop.List(shop.Request(2), Rule(RuleKind.Promote) with { Share = 0.5, When = "item.brand == \"Bolt\"" });
        RankedList pinned = shop.List(shop.Request(2), Rule(RuleKind.Pin) with { Item = "i05", Position = 1 });

        Assert.Equal("0 3", PlantedShop.Ids(diverse));
        Assert.Equal(new Rejection(RejectionReason.Rank, "Diversity"), diverse.WhyNot(1));
        Assert.Equal(new Rejection(RejectionReason.Rank), diverse.WhyNot(4));
        Assert.Equal(new Rejection(RejectionReason.Rank, "Promote"), promoted.WhyNot(1));
        Assert.Equal("5 0", PlantedShop.Ids(pinned));
        Assert.Equal(new Rejection(RejectionReason.Pin, "Pin"), pinned.WhyNot(1));
        Assert.Equal(new Rejection(RejectionReason.Rank), pinned.WhyNot(2));
    }
}
