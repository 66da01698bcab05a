using System.Numerics;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Kernels;
using OrleansRec.Model.Sequence.Network;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>
/// The gradient of every parameter of small models, both blocks and all losses, with dropout and without: in double equal to central differences of a plain network's loss, and on every rung in float
/// equal to double.
/// </summary>
public sealed unsafe class SequenceGradientTests
{
    private const int ItemCount = 9;
    private static readonly int[][] Sequences = [[1, 2, 3, 4, 5], [0, 8], [7, 3, 7, 6], [5, 4, 3, 2, 1, 0], [2, 2, 2], [6, 1]];

    public static TheoryData<SequenceBlock, SequenceLoss, int, double> Cases()
    {
        var cases = new TheoryData<SequenceBlock, SequenceLoss, int, double>();
        foreach (var block in Enum.GetValues<SequenceBlock>())
            foreach (var loss in Enum.GetValues<SequenceLoss>())
            {
                cases.Add(block, loss, 1, 0);
                cases.Add(block, loss, 2, 0.3);
            }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_OfEveryParameter_EqualsCentralDifferences(SequenceBlock block, SequenceLoss loss, int heads, double dropout)
    {
        var layout = new ParameterLayout(Small(block, loss, heads, dropout), ItemCount);
        double[] parameters = Planted(layout);
        var batch = Batch(layout);
        var (value, gradient) = Run(layout, NetworkKernels<double>.All[0], batch, parameters);
        double Loss(double[] at) => new PlainNetwork(layout, at) { DropoutAt = dropout > 0 ? (3, 5) : null }.Loss(batch);
        Assert.Equal(Loss(parameters), value, 1e-12);
        foreach (var view in layout.Views)
            for (int i = view.Offset; i < view.Offset + view.Length; i++)
            {
                double kept = parameters[i];
                parameters[i] = kept + 1e-5;
                double above = Loss(parameters);
                parameters[i] = kept - 1e-5;
                double below = Loss(parameters);
                parameters[i] = kept;
                // Cut off at h² times a third derivative, rounded at 10⁻¹⁶/h.
                Assert.True(Math.Abs((above - below) / 2e-5 - gradient[i]) < 1e-8, $"{view.Name}[{i - view.Offset}]: {(above - below) / 2e-5} and {gradient[i]}");
            }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_InFloatOnEveryRung_EqualsDouble(SequenceBlock block, SequenceLoss loss, int heads, double dropout)
    {
        // Odd widths, so that every loop has a tail; 34 fills two vectors of sixteen.
        foreach (int width in new[] { 6, 34, 70 })
        {
            var layout = new ParameterLayout(Small(block, loss, heads, dropout) with { Width = width }, ItemCount);
            double[] parameters = [.. Planted(layout).Select(v => (double)(float)v)];
            var batch = Batch(layout);
            var (exactLoss, exact) = Run(layout, NetworkKernels<double>.All[0], batch, parameters);
            double largest = exact.Max(Math.Abs);
            foreach (var kernels in NetworkKernels<float>.All)
            {
                var (value, gradient) = Run(layout, kernels, batch, [.. parameters.Select(v => (float)v)]);
                Assert.Equal(exactLoss, value, 1e-5 * exactLoss);
                for (int i = 0; i < exact.Length; i++)
                    Assert.Equal(exact[i], gradient[i], 3e-5 * largest);
            }
        }
    }

    /// <summary>A sequence's gradient does not depend on the part that it falls into.</summary>
    [Fact]
    public void Gradient_OneSequenceOrMany_IsTheMeanOverPositions()
    {
        var layout = new ParameterLayout(Small(SequenceBlock.Gated, SequenceLoss.SampledSoftmax, 1, 0), ItemCount);
        double[] parameters = Planted(layout), sum = new double[layout.Length];
        int rows = 0;
        foreach (int[] sequence in Sequences)
        {
            var alone = Batch(layout, [sequence], uniformOnly: true);
            var (_, gradient) = Run(layout, NetworkKernels<double>.All[0], alone, parameters);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += gradient[i] * alone.RowCount;
            rows += alone.RowCount;
        }
        var (_, whole) = Run(layout, NetworkKernels<double>.All[0], Batch(layout, Sequences, uniformOnly: true), parameters);
        for (int i = 0; i < sum.Length; i++)
            Assert.Equal(sum[i] / rows, whole[i], 1e-13);
    }

    internal static SequenceOptions Small(SequenceBlock block, SequenceLoss loss, int heads, double dropout) => new()
    {
        Block = block, Loss = loss, Heads = heads, Dropout = dropout, Width = 6, Length = 6, Blocks = 2, HiddenMultiple = 2, UniformNegatives = 4, InBatchNegatives = loss == SequenceLoss.SampledSoftmax,
        LogQCorrection = heads == 2,
    };

    /// <summary>Everything differs from its start value, norms too, and is large enough that all gradients are felt.</summary>
    private static double[] Planted(ParameterLayout layout)
    {
        var random = new Random(1);
        var values = new double[layout.Length];
        foreach (var view in layout.Views)
            for (int i = view.Offset; i < view.Offset + view.Length; i++)
                values[i] = (view.Name.EndsWith("gain", StringComparison.Ordinal) ? 1 : 0) + (random.NextDouble() - 0.5) * (view.Rows > 1 ? 3 / Math.Sqrt(view.Columns) : 0.6);
        return values;
    }

    private static PackedBatch Batch(ParameterLayout layout) => Batch(layout, Sequences, uniformOnly: false);

    private static PackedBatch Batch(ParameterLayout layout, int[][] sequences, bool uniformOnly)
    {
        var batch = new PackedBatch(new(64, 16, 200, 80));
        batch.Clear();
        foreach (int[] sequence in sequences)
            batch.Add(sequence);
        int[] candidates = layout.Options.Loss == SequenceLoss.FullSoftmax ? [.. Enumerable.Range(0, ItemCount)]
            : [0, 4, 4, 7, .. layout.Options.InBatchNegatives && !uniformOnly ? batch.Targets[..batch.RowCount] : []];
        candidates.CopyTo(batch.Candidates, 0);
        batch.CandidateCount = candidates.Length;
        for (int c = 0; c < candidates.Length; c++)
            batch.CandidateOffsets[c] = 0.25 * (candidates[c] - 3);
        return batch;
    }

    private static (double Loss, T[] Gradient) Run<T>(ParameterLayout layout, NetworkKernels<T> kernels, PackedBatch batch, T[] parameters)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var network = new SequenceNetwork<T>(layout, kernels, batch.SizeMax);
        var gradient = new T[layout.Length];
        double loss = 0;
        fixed (T* p = parameters, g = gradient)
        {
            network.Begin(batch, p);
            for (int part = 0; part < PackedBatch.Parts; part++)
                loss += network.RunPart(batch, part, p, new(layout.Options.Dropout, layout.Options.Seed, 3, 5));
            for (int piece = 0; piece < network.PieceCount(batch); piece++)
                network.SumParts(batch, piece);
            network.Scatter(batch, g);
        }
        return (loss / batch.RowCount, gradient);
    }
}
