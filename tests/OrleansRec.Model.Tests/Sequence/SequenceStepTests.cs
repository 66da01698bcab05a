using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Network;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>What a step is made of: the optimiser, its order of sequences, its negatives, its dropout, and when to end.</summary>
public sealed class SequenceStepTests
{
    /// <summary>Six steps with warm-up, decay and clipping against the formulas of PyTorch, in double.</summary>
    [Fact]
    public void AdamW_SomeSteps_MatchesTheFormulas()
    {
        var options = new SequenceOptions { Width = 3, Length = 4, HiddenMultiple = 1, WeightDecay = 0.1, WarmUpSteps = 4, GradientNormMax = 2, LearningRate = 0.01, Dropout = 0 };
        var state = SequenceTrainingState.Start(options, 7);
        var layout = state.Parameters.Layout;
        var optimiser = new AdamW(layout);
        double[] p = [.. state.Parameters.Values.Select(v => (double)v)], m = new double[p.Length], v = new double[p.Length];
        bool[] decays = [.. layout.Views.SelectMany(view => Enumerable.Repeat(view.Name.EndsWith("weight", StringComparison.Ordinal) || view.Name is "items" or "positions", view.Length))];
        var random = new Random(1);
        for (int t = 1; t <= 6; t++)
        {
            float[] gradient = [.. p.Select(_ => random.NextSingle() - 0.5f)];
            double[] g = [.. gradient.Select(x => (double)x)];
            double norm = Math.Sqrt(g.Sum(x => x * x)), clip = Math.Min(1, 2 / (norm + 1e-6)), rate = 0.01 * Math.Min(1, t / 4.0);
            Assert.True(clip < 1);
            optimiser.Begin(t, gradient);
            for (int piece = 0; piece < optimiser.PieceCount; piece++)
                optimiser.RunPiece(piece, state, gradient);
            for (int i = 0; i < p.Length; i++)
            {
                if (decays[i])
                    p[i] *= 1 - rate * 0.1;
                m[i] = 0.9 * m[i] + 0.1 * clip * g[i];
                v[i] = 0.98 * v[i] + 0.02 * clip * clip * g[i] * g[i];
                p[i] -= rate / (1 - Math.Pow(0.9, t)) * m[i] / (Math.Sqrt(v[i]) / Math.Sqrt(1 - Math.Pow(0.98, t)) + 1e-8);
                Assert.Equal(p[i], state.Parameters.Values[i], 2e-6);
            }
        }
    }

    [Fact]
    public void EpochOrder_AnEpoch_TakesEachSequenceOnceAndLikeLengthsTogether()
    {
        var rows = PlantedSequences.Random(users: 200, itemCount: 30, lengthMax: 12, seed: 2);
        var options = new SequenceOptions { Length = 8, BatchSequences = 16 };
        var order = new EpochOrder(rows, options);
        var (rowsMax, sequencesMax, weightsMax) = order.LargestBatch();
        var batch = new PackedBatch(new(rowsMax, sequencesMax, weightsMax, 1));
        string[] expected = [.. Enumerable.Range(0, 200).Where(u => rows.LengthOf(u) > 1).Select(u => string.Join(',', rows[u].ToArray().TakeLast(9))).Order()];
        var firsts = new HashSet<string>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            order.Shuffle(seed: 5, epoch);
            var taken = new List<string>();
            int mixed = 0;
            for (int step = 0; step < order.StepCount; step++)
            {
                order.Fill(step, batch);
                int[] lengths = [.. Enumerable.Range(0, batch.SequenceCount).Select(s => batch.Starts[s + 1] - batch.Starts[s])];
                mixed += lengths.Max() - lengths.Min() > 2 ? 1 : 0;
                for (int s = 0; s < batch.SequenceCount; s++)
                    taken.Add(string.Join(',', batch.Items[batch.Starts[s]..batch.Starts[s + 1]].Append(batch.Targets[batch.Starts[s + 1] - 1])));
            }
            firsts.Add(taken[0]);
            Assert.Equal(expected, taken.Order());
            Assert.Equal(0, mixed);
        }
        Assert.Equal(3, firsts.Count);
    }

    [Fact]
    public void Divide_AnyBatch_CoversAllSequencesInEvenParts()
    {
        var random = new Random(4);
        for (int n = 0; n < 200; n++)
        {
            int sequences = 1 + random.Next(40), length = 2 + random.Next(6);
            var batch = new PackedBatch(new(400, 40, 4000, 1));
            batch.Clear();
            for (int s = 0; s < sequences; s++)
                batch.Add(new int[length]);
            batch.Divide();
            Assert.Equal((0, sequences), (batch.PartStart(0), batch.PartStart(PackedBatch.Parts)));
            for (int part = 0; part < PackedBatch.Parts; part++)
                Assert.InRange(batch.PartStart(part + 1) - batch.PartStart(part), 0, sequences / PackedBatch.Parts + 1);
        }
    }

    /// <summary>Σ over the negatives of e^z/q has the mean Σ over the catalogue of e^z: that is what the correction is for.</summary>
    [Theory]
    [InlineData(30, false)]
    [InlineData(0, true)]
    [InlineData(10, true)]
    public void Draw_WithLogQ_EstimatesTheSumOverTheCatalogue(int uniform, bool inBatch)
    {
        const int ItemCount = 20;
        var random = new Random(6);
        // Popular items come often; every item comes sometimes.
        var rows = SequenceRows.Of(ItemCount, [.. Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, 5).Select(_ => Math.Min(random.Next(ItemCount), random.Next(ItemCount))).ToArray())]);
        var options = new SequenceOptions { UniformNegatives = uniform, InBatchNegatives = inBatch, LogQCorrection = true, BatchSequences = 32, Length = 4 };
        var order = new EpochOrder(rows, options);
        var draws = new NegativeDraws(rows, options);
        var (rowsMax, sequencesMax, weightsMax) = order.LargestBatch();
        var batch = new PackedBatch(new(rowsMax, sequencesMax, weightsMax, draws.CountMax(rowsMax)));
        double sum = 0;
        int steps = 0;
        for (int epoch = 0; epoch < 60; epoch++)
        {
            order.Shuffle(1, epoch);
            for (int step = 0; step < order.StepCount; step++, steps++)
            {
                order.Fill(step, batch);
                draws.Draw(batch, epoch, step);
                Assert.Equal(uniform + (inBatch ? batch.RowCount : 0), batch.CandidateCount);
                for (int c = 0; c < batch.CandidateCount; c++)
                    sum += Math.Exp(Score(batch.Candidates[c]) + batch.CandidateOffsets[c]);
            }
        }
        double expected = Enumerable.Range(0, ItemCount).Sum(item => Math.Exp(Score(item)));
        Assert.Equal(1, sum / steps / expected, 0.03);
        static double Score(int item) => Math.Sin(item);
    }

    [Fact]
    public void Draw_FullSoftmax_IsTheCatalogue()
    {
        var rows = SequenceRows.Of(5, [[0, 1, 2]]);
        var draws = new NegativeDraws(rows, new() { Loss = SequenceLoss.FullSoftmax });
        var batch = new PackedBatch(new(2, 1, 4, draws.CountMax(2)));
        draws.Draw(batch, 0, 0);
        Assert.Equal([0, 1, 2, 3, 4], batch.Candidates[..batch.CandidateCount]);
    }

    /// <summary>The same mask in one piece or in several; the share that was asked for; the mean kept; another in every step, epoch, seed and use.</summary>
    [Fact]
    public unsafe void Dropout_InPieces_IsTheSameMaskOfTheShare()
    {
        const int Count = 40_000;
        var dropout = new Dropout<double>(0.2, 1, 2, 3);
        double[] whole = Mask(dropout, use: 8, pieces: [Count]), parts = Mask(dropout, use: 8, pieces: [1, 2, 3, 7, 1000, Count - 1013]);
        Assert.Equal(whole, parts);
        double scale = 1 / (1 - Math.Round(0.2 * 65536) / 65536);
        Assert.All(whole, v => Assert.True(v == 0 || v == scale));
        // Four standard errors of a share of 0.2 over 40,000.
        Assert.Equal(0.2, whole.Count(v => v == 0) / (double)Count, 0.008);
        foreach (double[] other in new[] { Mask(new(0.2, 1, 2, 4), 8, [Count]), Mask(new(0.2, 1, 3, 3), 8, [Count]), Mask(new(0.2, 2, 2, 3), 8, [Count]), Mask(dropout, 9, [Count]) })
            Assert.Equal(0.04, Enumerable.Range(0, Count).Count(i => whole[i] == 0 && other[i] == 0) / (double)Count, 0.004);
        Assert.All(Mask(new(0, 1, 2, 3), 8, [Count]), v => Assert.Equal(1, v));

        static double[] Mask(Dropout<double> dropout, int use, int[] pieces)
        {
            var x = new double[pieces.Sum()];
            Array.Fill(x, 1);
            int first = 0;
            fixed (double* values = x)
                foreach (int piece in pieces)
                {
                    dropout.Apply(values + first, piece, use, first);
                    first += piece;
                }
            return x;
        }
    }

    [Theory]
    [InlineData(new double[] { }, 2, 0, false)]
    [InlineData(new[] { 0.1 }, 1, 1, false)]
    [InlineData(new[] { 0.1, 0.2, 0.15 }, 2, 2, false)]
    [InlineData(new[] { 0.1, 0.2, 0.15, 0.2 }, 2, 2, true)]
    [InlineData(new[] { 0.3, 0.2, 0.15, 0.2 }, 4, 1, false)]
    [InlineData(new[] { 0.1, double.NaN, 0.05 }, 2, 1, true)]
    [InlineData(new[] { double.NaN, double.NaN }, 2, 0, true)]
    public void Decide_AfterSomeEpochs_NamesTheBestAndEndsWithPatience(double[] ndcg, int patience, int best, bool isOver) =>
        Assert.Equal(new EarlyStop(best, isOver), EarlyStop.Decide(ndcg, patience));
}
