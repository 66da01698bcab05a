namespace OrleansRec.Model.Sequence.Baselines;

/// <summary>Ranks held-out items by a baseline, as <see cref="Evaluation.HeldOutRanking"/> does by a model.</summary>
public static class BaselineRanking
{
    /// <summary>Ranks.</summary>
    /// <param name="baseline">The baseline.</param>
    /// <param name="histories">What each user did before.</param>
    /// <param name="heldOut">The item to find, shape (users); −1 where there is none.</param>
    /// <param name="leavesSeenOut">Whether items of the history are left out of the list.</param>
    /// <returns>Rank of each user's item, from 1; equal scores rank by item. 0 without a held-out item, <see cref="int.MaxValue"/> where it has no score or is left out.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static int[] Ranks(ISequenceBaseline baseline, SequenceRows histories, ReadOnlySpan<int> heldOut, bool leavesSeenOut)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(histories);
        if (heldOut.Length != histories.Count)
            throw new ArgumentException($"{histories.Count} users need as many held-out items; got {heldOut.Length}.", nameof(heldOut));
        var ranks = new int[histories.Count];
        var scores = new double[histories.ItemCount];
        for (int user = 0; user < ranks.Length; user++)
        {
            if (heldOut[user] < 0)
                continue;
            Array.Clear(scores);
            baseline.AddScores(histories[user], scores);
            if (leavesSeenOut)
                foreach (int item in histories[user])
                    scores[item] = 0;
            ranks[user] = RankOf(scores, heldOut[user]);
        }
        return ranks;
    }

    private static int RankOf(double[] scores, int target)
    {
        double own = scores[target];
        if (own <= 0)
            return int.MaxValue;
        int rank = 1;
        for (int item = 0; item < scores.Length; item++)
            rank += scores[item] > own || (scores[item] == own && item < target) ? 1 : 0;
        return rank;
    }
}
