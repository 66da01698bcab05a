using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Baselines;
using OrleansRec.Model.Sequence.Evaluation;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>A shop whose next item depends on the last alone, by a chain that is known: no list can do better than the chain's own, and the model comes near it.</summary>
public sealed class MarkovShopTests
{
    private const int ItemCount = 60, ListLength = 3;
    private static readonly double[] Shares = [0.4, 0.25, 0.15, 0.1, 0.06, 0.04];

    [Theory]
    [InlineData(SequenceBlock.Gated)]
    [InlineData(SequenceBlock.Classic)]
    public void Train_OnAMarkovShop_ReachesTheBestPossibleHitRate(SequenceBlock block)
    {
        var random = new Random(7);
        // Six different followers of each item, the likeliest first; none of them popular by itself.
        int[][] followers = [.. Enumerable.Range(0, ItemCount).Select(_ => Enumerable.Range(0, ItemCount).OrderBy(_ => random.Next()).Take(Shares.Length).ToArray())];
        var rows = SequenceRows.Of(ItemCount, [.. Enumerable.Range(0, 1500).Select(_ => Walk(followers, random, 10))]);
        var (histories, held) = (rows.WithoutLast(1), LeaveOneOut.HeldOut(rows, 1));
        double best = Enumerable.Range(0, rows.Count).Average(user => Array.IndexOf(followers[histories[user][^1]], held[user]) < ListLength ? 1.0 : 0);
        var options = new SequenceOptions { Block = block, Width = 32, Length = 10, UniformNegatives = 64, BatchSequences = 64, LearningRate = 0.003, WarmUpSteps = 20, Dropout = 0.1 };
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(options, ItemCount), histories, PartRunners.Inline);
        for (int epoch = 0; epoch < 25; epoch++)
            Assert.Equal(SequenceOutcome.Trained, trainer.RunEpoch().Outcome);
        double reached = HitRate(HeldOutRanking.Ranks(trainer.State.Parameters, histories, held, leavesSeenOut: false, PartRunners.Inline));
        Assert.True(reached >= 0.95 * best, $"{reached:F4} of at best {best:F4}");
        Assert.InRange(best, 0.75, 0.85);
        Assert.True(HitRate(BaselineRanking.Ranks(new FirstOrderTransitions(histories), histories, held, leavesSeenOut: false)) >= 0.95 * best);
    }

    private static int[] Walk(int[][] followers, Random random, int length)
    {
        var walk = new int[length];
        walk[0] = random.Next(ItemCount);
        for (int t = 1; t < length; t++)
        {
            double left = random.NextDouble();
            int n = 0;
            while (n < Shares.Length - 1 && (left -= Shares[n]) >= 0)
                n++;
            walk[t] = followers[walk[t - 1]][n];
        }
        return walk;
    }

    private static double HitRate(int[] ranks) => ranks.Average(rank => rank <= ListLength ? 1.0 : 0);
}
