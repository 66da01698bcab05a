using OrleansRec.Model.Sequence.Kernels;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Sequence.Evaluation;

/// <summary>Where the held-out items stand in the lists of their users.</summary>
/// <param name="Users">Users measured.</param>
/// <param name="Recall">Share whose held-out item is among the first ten: recall@10, and hit rate too, as each has one.</param>
/// <param name="Ndcg">NDCG@10: the mean of 1/log₂(rank + 1) over ranks up to 10.</param>
public readonly record struct HeldOutFigures(int Users, double Recall, double Ndcg)
{
    /// <summary>The length of the lists.</summary>
    public const int ListLength = 10;

    /// <summary>The figures of given ranks.</summary>
    /// <param name="ranks">From 1; 0 where a user has no held-out item, <see cref="int.MaxValue"/> where it is not in the list at all.</param>
    public static HeldOutFigures Of(ReadOnlySpan<int> ranks)
    {
        int users = 0, hits = 0;
        double gain = 0;
        foreach (int rank in ranks)
        {
            users += rank > 0 ? 1 : 0;
            if (rank is 0 or > ListLength)
                continue;
            hits++;
            gain += RankingMetrics.Gain(rank);
        }
        return new(users, (double)hits / Math.Max(1, users), gain / Math.Max(1, users));
    }
}

/// <summary>Ranks the whole catalogue for each user, exactly, with a model and a held-out item.</summary>
public static unsafe class HeldOutRanking
{
    private const int TileUsers = 64;

    /// <summary>Ranks.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="histories">What each user did before.</param>
    /// <param name="heldOut">The item to find, shape (users); −1 where there is none.</param>
    /// <param name="leavesSeenOut">Whether items of the history are left out of the list; a held-out item that the user has had is then never found.</param>
    /// <param name="run">Runs tiles of users.</param>
    /// <returns>Rank of each user's item among all items, from 1; equal scores rank by item. 0 without a held-out item, <see cref="int.MaxValue"/> where it is left out.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static int[] Ranks(SequenceParameters parameters, SequenceRows histories, ReadOnlySpan<int> heldOut, bool leavesSeenOut, PartRunner run)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentNullException.ThrowIfNull(run);
        if (heldOut.Length != histories.Count || histories.ItemCount != parameters.Layout.ItemCount)
            throw new ArgumentException(
                $"{histories.Count} users of {histories.ItemCount} items need as many held-out items and a model of as many items; got {heldOut.Length} and {parameters.Layout.ItemCount}.", nameof(heldOut));
        var tiles = new RankTiles(parameters, histories, heldOut.ToArray(), leavesSeenOut);
        run((histories.Count + TileUsers - 1) / TileUsers, tiles.Rank);
        return tiles.Ranks;
    }

    private sealed class RankTiles(SequenceParameters parameters, SequenceRows histories, int[] heldOut, bool leavesSeenOut)
    {
        private readonly SequenceEncoder _encoder = new(parameters);
        private readonly AlignedBlock<float> _items = Packed(parameters);
        private readonly System.Collections.Concurrent.ConcurrentBag<Room> _rooms = [];

        public int[] Ranks { get; } = new int[histories.Count];

        public void Rank(int tile)
        {
            var room = _rooms.TryTake(out var free) ? free : new Room(_encoder, parameters.Layout);
            int first = tile * TileUsers, count = Math.Min(TileUsers, histories.Count - first), d = parameters.Layout.Options.Width, itemCount = parameters.Layout.ItemCount;
            for (int n = 0; n < count; n++)
            {
                _encoder.Encode(histories[first + n], room.History, room.Scratch);
                room.History.State.CopyTo(room.States.Span[(n * d)..]);
            }
            fixed (float* states = room.States, items = _items, scores = room.Scores)
                NetworkKernels<float>.Chosen.Multiply(states, d, 1, count, items, d, itemCount, scores, itemCount, adds: false);
            for (int n = 0; n < count; n++)
                if (heldOut[first + n] >= 0)
                    Ranks[first + n] = RankOf(room.Scores.Span.Slice(n * itemCount, itemCount), heldOut[first + n], histories[first + n]);
            _rooms.Add(room);
        }

        private int RankOf(Span<float> scores, int target, ReadOnlySpan<int> seen)
        {
            float own = scores[target];
            if (!float.IsFinite(own))
                throw new ArithmeticException($"The score of item {target} is {own}: the model has diverged.");
            if (leavesSeenOut && seen.Contains(target))
                return int.MaxValue;
            if (leavesSeenOut)
                foreach (int item in seen)
                    scores[item] = float.NegativeInfinity;
            int rank = 1;
            for (int item = 0; item < target; item++)
                rank += scores[item] >= own ? 1 : 0;
            for (int item = target + 1; item < scores.Length; item++)
                rank += scores[item] > own ? 1 : 0;
            return rank;
        }

        private static AlignedBlock<float> Packed(SequenceParameters parameters)
        {
            var (layout, kernels) = (parameters.Layout, NetworkKernels<float>.Chosen);
            int d = layout.Options.Width;
            var packed = new AlignedBlock<float>(kernels.PackedLength(d, layout.ItemCount));
            fixed (float* values = parameters.Values, target = packed)
                kernels.Pack(values + layout.Items, 1, d, d, layout.ItemCount, target);
            return packed;
        }
    }

    private sealed class Room(SequenceEncoder encoder, ParameterLayout layout)
    {
        public EncoderScratch Scratch { get; } = encoder.CreateScratch();

        public EncodedHistory History { get; } = encoder.CreateHistory();

        public AlignedBlock<float> States { get; } = new(TileUsers * layout.Options.Width);

        public AlignedBlock<float> Scores { get; } = new(TileUsers * layout.ItemCount);
    }
}
