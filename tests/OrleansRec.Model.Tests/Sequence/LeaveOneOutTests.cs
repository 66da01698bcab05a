using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Evaluation;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>The protocol step by step: epochs by the item before the last, another training on all but the last, and one look at the last.</summary>
public sealed class LeaveOneOutTests
{
    private static readonly SequenceOptions Options = PlantedSequences.Options(SequenceBlock.Gated, SequenceLoss.SampledSoftmax) with { Epochs = 12, Patience = 3, LearningRate = 0.01 };

    /// <summary>Histories that go on by one or by two, so that something is learned and not all of it.</summary>
    private static readonly SequenceRows Rows = SequenceRows.Of(30, [.. Enumerable.Range(0, 120).Select(n => Walk(new Random(n), n % 11 == 0 ? 2 : 5 + n % 4))]);

    [Fact]
    public void Run_OnWalks_FollowsTheProtocol()
    {
        var epochs = new List<LeaveOneOutEpoch>();
        var result = LeaveOneOut.Run(Options, Rows, leavesSeenOut: true, PartRunners.Inline, epochs.Add);
        double[] ndcg = [.. epochs.Where(e => e.HeldOut is not null).Select(e => e.HeldOut!.Value.Ndcg)];
        var stop = EarlyStop.Decide(ndcg, Options.Patience);
        Assert.Equal(stop.BestEpoch, result.Epochs);
        Assert.True(stop.IsOver || ndcg.Length == Options.Epochs);
        Assert.False(EarlyStop.Decide(ndcg.AsSpan(0, ndcg.Length - 1), Options.Patience).IsOver);
        Assert.Equal(ndcg[result.Epochs - 1], result.Chosen.Ndcg);
        Assert.Equal(result.Epochs, epochs.Count(e => e.HeldOut is null));

        Assert.Equal(result.Chosen, By(Rows.WithoutLast(2), 2, result.Epochs, out _));
        Assert.Equal(result.Test, By(Rows.WithoutLast(1), 1, result.Epochs, out var parameters));
        Assert.Equal(parameters.Values, result.Parameters!.Values);
        Assert.Equal(109, result.Test!.Value.Users);
    }

    [Fact]
    public void HeldOut_OfShortHistories_IsNone() =>
        Assert.Equal([-1, -1, 5, 7], LeaveOneOut.HeldOut(SequenceRows.Of(9, [[], [1, 2], [4, 5, 6], [8, 7, 7]]), 2));

    [Fact]
    public void WithoutLast_MoreThanThereAre_LeavesNone()
    {
        var rows = SequenceRows.Of(9, [[], [1], [4, 5, 6]]).WithoutLast(2);
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(rows.LengthOf).ToArray());
        Assert.Equal(4, rows[2][0]);
    }

    [Fact]
    public void Run_OnHistoriesTooShort_IsRefused() =>
        Assert.Contains("3 items", Assert.Throws<ArgumentException>(() => LeaveOneOut.Run(Options, SequenceRows.Of(3, [[0, 1], [2]]), true, PartRunners.Inline)).Message, StringComparison.Ordinal);

    private static HeldOutFigures By(SequenceRows train, int fromEnd, int epochs, out SequenceParameters parameters)
    {
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(Options, 30), train, PartRunners.Inline);
        for (int n = 0; n < epochs; n++)
            trainer.RunEpoch();
        parameters = trainer.State.Parameters;
        return HeldOutFigures.Of(HeldOutRanking.Ranks(parameters, train, LeaveOneOut.HeldOut(Rows, fromEnd), leavesSeenOut: true, PartRunners.Inline));
    }

    private static int[] Walk(Random random, int length)
    {
        var walk = new int[length];
        walk[0] = random.Next(30);
        for (int t = 1; t < length; t++)
            walk[t] = (walk[t - 1] + 1 + random.Next(2)) % 30;
        return walk;
    }
}
