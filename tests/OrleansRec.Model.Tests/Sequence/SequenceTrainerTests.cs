using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Kernels;
using OrleansRec.Model.Sequence.Network;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>A training depends on its state and its histories alone, goes on from a checkpoint to the same bits, and fails by name.</summary>
public sealed class SequenceTrainerTests
{
    private const int ItemCount = 40;
    private static readonly SequenceRows Rows = PlantedSequences.Random(users: 150, ItemCount, lengthMax: 14, seed: 1);

    private static readonly string[] Ids = PlantedSequences.Ids(ItemCount);

    public static TheoryData<SequenceBlock, SequenceLoss> Cases()
    {
        var cases = new TheoryData<SequenceBlock, SequenceLoss>();
        foreach (var block in Enum.GetValues<SequenceBlock>())
            foreach (var loss in Enum.GetValues<SequenceLoss>())
                cases.Add(block, loss);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void RunEpoch_OneOrMoreWorkersInAnyOrder_GivesTheSameBits(SequenceBlock block, SequenceLoss loss)
    {
        var options = PlantedSequences.Options(block, loss);
        var one = Train(options, 3, PartRunners.Inline);
        foreach (var run in new PartRunner[] { PartRunners.On(2), PartRunners.On(3), Backwards })
            Same(one, Train(options, 3, run));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void RunEpoch_FromACheckpointOfAnyEpoch_GivesTheSameBits(SequenceBlock block, SequenceLoss loss)
    {
        var options = PlantedSequences.Options(block, loss);
        var whole = Train(options, 3, PartRunners.Inline);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var state = SequenceCoding.Read(PlantedSequences.Bytes(SequenceBlob.Checkpoint(1, 1, Ids, Train(options, epoch, PartRunners.Inline)))).ToState(Ids);
            Assert.Equal(epoch, state.Epoch);
            var trainer = new SequenceTrainer(state, Rows, PartRunners.Inline);
            for (int n = epoch; n < 3; n++)
                trainer.RunEpoch();
            Same(whole, state);
        }
    }

    /// <summary>The same steps in double, written out: each epoch and step has its own order, negatives and dropout, and the step counts over all epochs.</summary>
    /// <remarks>ε is large, so that a gradient that is zero but for rounding moves nothing.</remarks>
    [Theory]
    [MemberData(nameof(Cases))]
    public void RunEpoch_TwoEpochs_TakesTheStepsOfTheFormulas(SequenceBlock block, SequenceLoss loss)
    {
        var options = PlantedSequences.Options(block, loss) with { Epsilon = 1e-3, GradientNormMax = null };
        double[] expected = InDouble(options, epochs: 2);
        float[] actual = Train(options, 2, PartRunners.Inline).Parameters.Values;
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-4);
    }

    [Fact]
    public void RunEpoch_AnotherSeed_GivesAnotherModel()
    {
        var options = PlantedSequences.Options(SequenceBlock.Gated, SequenceLoss.SampledSoftmax);
        Assert.NotEqual(Train(options, 1, PartRunners.Inline).Parameters.Values, Train(options with { Seed = 4 }, 1, PartRunners.Inline).Parameters.Values);
    }

    /// <summary>Three histories that repeat: what follows is learned nearly for certain, so the loss must fall far below that of equal scores; slower where each negative must fall by itself.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void RunEpoch_HistoriesThatRepeat_LearnsThem(SequenceBlock block, SequenceLoss loss)
    {
        var rows = SequenceRows.Of(12, [.. Enumerable.Range(0, 60).Select(n => Enumerable.Range(0, 6).Select(t => (n % 3 * 4 + t) % 12).ToArray())]);
        var options = PlantedSequences.Options(block, loss) with { Dropout = 0, LearningRate = 0.01 };
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(options, 12), rows, PartRunners.Inline);
        SequenceEpoch epoch = default;
        for (int n = 0; n < 30; n++)
            epoch = trainer.RunEpoch();
        Assert.InRange(epoch.Loss, 0, (loss == SequenceLoss.Gbce ? 0.3 : 0.1) * epoch.LossOfEqualScores);
    }

    /// <summary>What an epoch allocates does not grow with its steps: eight times the steps, the same bytes but for the order's own arrays, which are there before.</summary>
    [Fact]
    public void RunEpoch_MoreSteps_AllocatesNoMore()
    {
        var options = PlantedSequences.Options(SequenceBlock.Gated, SequenceLoss.SampledSoftmax);
        long few = Allocated(options with { BatchSequences = 128 }, out int fewSteps), many = Allocated(options with { BatchSequences = 1 }, out int manySteps);
        Assert.InRange(manySteps, 50 * fewSteps, 200);
        Assert.InRange(many - few, -1000, 100);
    }

    [Fact]
    public void RunEpoch_AParameterIsNotANumber_FailsAndGoesOnNowhere()
    {
        var state = SequenceTrainingState.Start(PlantedSequences.Options(SequenceBlock.Gated, SequenceLoss.SampledSoftmax), ItemCount);
        state.Parameters.View("block0.up.weight")[5] = float.NaN;
        float[] before = [.. state.Parameters.Values];
        var trainer = new SequenceTrainer(state, Rows, PartRunners.Inline);
        var epoch = trainer.RunEpoch();
        Assert.Equal((SequenceOutcome.NotFinite, 1, 1), (epoch.Outcome, epoch.Epoch, epoch.Steps));
        Assert.Contains("not finite", epoch.Failure, StringComparison.Ordinal);
        Assert.Equal(before, state.Parameters.Values);
        Assert.Equal((0, 0L, false), (state.Epoch, state.Step, state.IsWhole));
        Assert.Throws<InvalidOperationException>(() => trainer.RunEpoch());
        Assert.Throws<ArgumentException>(() => SequenceBlob.Checkpoint(1, 1, Ids, state));
        Assert.Throws<ArgumentException>(() => new SequenceTrainer(state, Rows, PartRunners.Inline));
    }

    /// <summary>Embeddings a thousand times too long are finite, but no start of a training.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void RunEpoch_LossIsManyTimesThatOfEqualScores_Fails(SequenceBlock block, SequenceLoss loss)
    {
        var state = SequenceTrainingState.Start(PlantedSequences.Options(block, loss) with { GradientNormMax = null }, ItemCount);
        foreach (ref float value in state.Parameters.View("items"))
            value *= 1000;
        var epoch = new SequenceTrainer(state, Rows, PartRunners.Inline).RunEpoch();
        Assert.Equal(SequenceOutcome.Exploded, epoch.Outcome);
        Assert.True(epoch.Loss > SequenceTrainer.LossFactorMax * epoch.LossOfEqualScores);
    }

    [Fact]
    public void RunEpoch_Cancelled_IsNotWhole()
    {
        var state = SequenceTrainingState.Start(PlantedSequences.Options(SequenceBlock.Classic, SequenceLoss.Gbce), ItemCount);
        var trainer = new SequenceTrainer(state, Rows, PartRunners.Inline);
        using var stop = new CancellationTokenSource();
        int stages = 0;
        // The shuffle, and five stages of a step.
        Assert.Throws<OperationCanceledException>(() => trainer.RunEpoch(() => { if (++stages == 6) stop.Cancel(); }, stop.Token));
        Assert.Equal((1L, false), (state.Step, state.IsWhole));
    }

    [Fact]
    public void Trainer_HistoriesThatDoNotFit_AreRefused()
    {
        var state = SequenceTrainingState.Start(PlantedSequences.Options(SequenceBlock.Classic, SequenceLoss.Gbce), ItemCount);
        Assert.Contains("40 items; the histories have 41", Assert.Throws<ArgumentException>(() => new SequenceTrainer(state, SequenceRows.Of(41, [[1, 2]]), PartRunners.Inline)).Message, StringComparison.Ordinal);
        Assert.Contains("two items", Assert.Throws<ArgumentException>(() => new SequenceTrainer(state, SequenceRows.Of(40, [[1], []]), PartRunners.Inline)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SequenceRows.Of(3, [[3]]));
        Assert.Throws<ArgumentException>(() => new SequenceRows(3, [0, 2, 1, 3], [0, 1, 2]));
        Assert.Throws<ArgumentException>(() => new SequenceRows(3, [0, 2], [0, 1, 2]));
    }

    private static unsafe double[] InDouble(SequenceOptions options, int epochs)
    {
        double[] p = [.. SequenceParameters.Start(options, ItemCount).Values.Select(v => (double)v)], g = new double[p.Length], m = new double[p.Length], v = new double[p.Length];
        var (layout, order, draws) = (new ParameterLayout(options, ItemCount), new EpochOrder(Rows, options), new NegativeDraws(Rows, options));
        var (rowsMax, sequencesMax, weightsMax) = order.LargestBatch();
        var batch = new PackedBatch(new(rowsMax, sequencesMax, weightsMax, draws.CountMax(rowsMax)));
        var network = new SequenceNetwork<double>(layout, NetworkKernels<double>.All[0], batch.SizeMax);
        int t = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            order.Shuffle(options.Seed, epoch);
            for (int step = 0; step < order.StepCount; step++)
            {
                order.Fill(step, batch);
                draws.Draw(batch, epoch, step);
                Array.Clear(g);
                fixed (double* parameters = p, gradient = g)
                {
                    network.Begin(batch, parameters);
                    for (int part = 0; part < PackedBatch.Parts; part++)
                        network.RunPart(batch, part, parameters, new(options.Dropout, options.Seed, epoch, step));
                    for (int piece = 0; piece < network.PieceCount(batch); piece++)
                        network.SumParts(batch, piece);
                    network.Scatter(batch, gradient);
                }
                double rate = options.LearningRate * Math.Min(1, ++t / (double)options.WarmUpSteps);
                foreach (var view in layout.Views)
                    for (int i = view.Offset; i < view.Offset + view.Length; i++)
                    {
                        m[i] = 0.9 * m[i] + 0.1 * g[i];
                        v[i] = 0.98 * v[i] + 0.02 * g[i] * g[i];
                        p[i] = p[i] * (view.Decays ? 1 - rate * options.WeightDecay : 1)
                            - rate / (1 - Math.Pow(0.9, t)) * m[i] / (Math.Sqrt(v[i] / (1 - Math.Pow(0.98, t))) + 1e-3);
                    }
            }
        }
        return p;
    }

    private static void Backwards(int count, Action<int> part)
    {
        for (int n = count - 1; n >= 0; n--)
            part(n);
    }

    private static SequenceTrainingState Train(SequenceOptions options, int epochs, PartRunner run)
    {
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(options, ItemCount), Rows, run);
        for (int n = 0; n < epochs; n++)
            Assert.Equal(SequenceOutcome.Trained, trainer.RunEpoch().Outcome);
        return trainer.State;
    }

    private static long Allocated(SequenceOptions options, out int steps)
    {
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(options, ItemCount), Rows, PartRunners.Inline);
        trainer.RunEpoch();
        steps = trainer.StepCount;
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.RunEpoch();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Same(SequenceTrainingState expected, SequenceTrainingState actual)
    {
        Assert.Equal((expected.Epoch, expected.Step), (actual.Epoch, actual.Step));
        Assert.True(expected.Parameters.Values.AsSpan().SequenceEqual(actual.Parameters.Values));
        Assert.True(expected.First.AsSpan().SequenceEqual(actual.First));
        Assert.True(expected.Second.AsSpan().SequenceEqual(actual.Second));
    }
}
