using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Evaluation;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>Ranks over the whole catalogue against sorted lists, and figures against hand-counted ones.</summary>
public sealed class HeldOutRankingTests
{
    private const int ItemCount = 33;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ranks_RandomModel_MatchSortedLists(bool leavesSeenOut)
    {
        var parameters = SequenceParameters.Start(new() { Width = 16, Length = 6 }, ItemCount);
        // Two items with one embedding have equal scores: the tie is by item.
        parameters.View("items").Slice(20 * 16, 16).CopyTo(parameters.View("items").Slice(21 * 16, 16));
        var rows = PlantedSequences.Random(users: 150, ItemCount, lengthMax: 12, seed: 3);
        int[] held = [.. Enumerable.Range(0, 150).Select(user => user % 10 == 9 ? -1 : user % 3 == 0 ? 20 + user % 2 : user * 7 % ItemCount)];
        int[] ranks = HeldOutRanking.Ranks(parameters, rows, held, leavesSeenOut, PartRunners.Inline);
        Assert.Equal(ranks, HeldOutRanking.Ranks(parameters, rows, held, leavesSeenOut, PartRunners.On(2)));
        var encoder = new SequenceEncoder(parameters);
        var (history, scratch) = (encoder.CreateHistory(), encoder.CreateScratch());
        float[] items = parameters.View("items").ToArray();
        for (int user = 0; user < 150; user++)
        {
            encoder.Encode(rows[user], history, scratch);
            float[] state = history.State.ToArray();
            int[] seen = rows[user].ToArray();
            int[] list = [.. Enumerable.Range(0, ItemCount).Where(i => !leavesSeenOut || !seen.Contains(i))
                .OrderByDescending(i => Math.Round(Enumerable.Range(0, 16).Sum(j => (double)state[j] * items[i * 16 + j]), 7)).ThenBy(i => i)];
            int at = Array.IndexOf(list, held[user]);
            Assert.Equal(held[user] < 0 ? 0 : at < 0 ? int.MaxValue : at + 1, ranks[user]);
        }
    }

    [Fact]
    public void Of_SomeRanks_CountsByHand()
    {
        var figures = HeldOutFigures.Of([1, 0, 3, 10, 11, int.MaxValue]);
        Assert.Equal((5, 0.6), (figures.Users, figures.Recall));
        Assert.Equal((1 + 0.5 + 1 / Math.Log2(11)) / 5, figures.Ndcg, 1e-15);
        Assert.Equal(default, HeldOutFigures.Of([0, 0]));
    }

    [Fact]
    public void Ranks_ModelNotFinite_IsRefused()
    {
        var parameters = SequenceParameters.Start(new() { Width = 4, Length = 6 }, ItemCount);
        parameters.View("items")[4 * 7] = float.NaN;
        var rows = SequenceRows.Of(ItemCount, [[1, 2]]);
        Assert.Contains("item 7", Assert.Throws<ArithmeticException>(() => HeldOutRanking.Ranks(parameters, rows, [7], true, PartRunners.Inline)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => HeldOutRanking.Ranks(parameters, rows, [7, 8], true, PartRunners.Inline));
    }
}
