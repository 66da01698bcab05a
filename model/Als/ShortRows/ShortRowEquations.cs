using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>A row with fewer pairs than factors, solved through as many equations as it has pairs.</summary>
/// <remarks>
/// With R = w0·Λ + λ'·I (what all rows share, a diagonal in the eigenbasis of YᵀY), P = D^½·Z·R^−½ of shape (n, k) for the pairs with d &gt; 0, and c = R^−½·Σ t·z over
/// those with d = 0, the Woodbury identity (Woodbury 1950; Golub, Van Loan, section 2.1.4) turns (R + ZᵀDZ)·x = b into
///
///     (I + P·Pᵀ)·v = D^−½·t − P·c,   x = R^−½·(Pᵀ·v + c)
///
/// Cost n²·k + n³/3 + 2·n·k operations, and 2·k² to leave the basis, in place of n·k² + k³/3. zᵀ(YᵀY)⁻¹z is at most 1 for a row of Y itself, so the trace of P·Pᵀ is at most
/// Σ d / w0 however small λ is: this matrix is as well conditioned as the pairs' weights are even.
/// </remarks>
internal sealed unsafe class ShortRowEquations
{
    private readonly DenseKernels<float> kernels;
    private readonly int width;
    private readonly int raisingMax;
    private readonly AlignedBlock<float> panel, matrix, ownScales;

    // To take many pointers a row would cost as much as a short row does: vectors share a block, and so does what there is of each pair. All are of one length.
    private readonly AlignedBlock<float> vectors, perPair;
    private readonly int vectorLength, pairLength;

    // Where each pair's factors lie; of use within one call only.
    private readonly float*[] rows;

    /// <param name="kernels">Which rung.</param>
    /// <param name="width">k.</param>
    /// <param name="raisingMax">Pairs with d &gt; 0 at most.</param>
    /// <param name="pairsMax">Pairs at most.</param>
    public ShortRowEquations(DenseKernels<float> kernels, int width, int raisingMax, int pairsMax)
    {
        (this.kernels, this.width, this.raisingMax) = (kernels, width, raisingMax);
        Size = kernels.Padded(width);
        // The stride of a smaller matrix may be the larger one.
        int stride = kernels.Padded(raisingMax) + Strides.Added<float>();
        (panel, matrix, ownScales) = (new(width * stride), new(stride * stride), new(Size));
        (vectorLength, pairLength) = (WholeLines(Math.Max(Size, stride)), WholeLines(pairsMax + TransposedPanel.Group));
        (vectors, perPair) = (new(6 * vectorLength), new(4 * pairLength));
        rows = new float*[pairLength];
    }

    /// <summary>The padded width.</summary>
    public int Size { get; }

    /// <summary>The solution, padded, in the basis of the side.</summary>
    public ReadOnlySpan<float> X => vectors.Span[..Size];

    /// <summary>Solves a row; false where it is none that this way is for.</summary>
    /// <param name="side">What all rows share.</param>
    /// <param name="columns">Rows of the other side.</param>
    /// <param name="values">r of each pair.</param>
    public bool TrySolve(ShortRowSide side, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        fixed (float* others = side.System.Others, pairScales = perPair)
        fixed (HeldRows* held = side.Turned)
        fixed (float** pointers = rows)
        {
            float* targets = pairScales + pairLength;
            int raising = side.Turned is { } turned
                ? Take(side.System, turned, held, columns, values, pointers, pairScales, targets)
                : TakeRatings(side.System, others, columns, values, pointers, pairScales, targets);
            if (raising < 0)
                return false;
            fixed (float* scales = side.Scales(columns.Length, ownScales), x = vectors)
            {
                bool hasShared = raising < columns.Length;
                if (hasShared)
                    Share(pointers, targets, raising, columns.Length, scales, x + vectorLength);
                return Solve(raising, hasShared, side.System.IsExplicit, pointers, pairScales, targets, scales, x);
            }
        }
    }

    private bool Solve(int count, bool hasShared, bool hasBias, float** pointers, float* pairScales, float* targets, float* scales, float* x)
    {
        int padded = kernels.Padded(count), stride = Strides.Of<float>(padded);
        float* c = x + vectorLength, diagonal = c + vectorLength, b = diagonal + vectorLength, v = b + vectorLength, zeros = v + vectorLength;
        fixed (float* p = panel, a = matrix)
        {
            Pack(count, hasBias, pointers, pairScales, scales, zeros, p, stride);
            Gram(p, zeros, a, padded, stride);
            if (!kernels.Factorise(a, stride, diagonal, padded))
                return false;
            new Span<float>(b, stride).Clear();
            if (hasShared)
            {
                kernels.AddCombination(p, stride, width, c, b, padded);
                for (int n = 0; n < count; n++)
                    b[n] = targets[n] - b[n];
            }
            else
                new ReadOnlySpan<float>(targets, count).CopyTo(new(b, count));
            new Span<float>(v, stride).Clear();
            kernels.SolveFactored(a, stride, diagonal, b, v, padded);
            kernels.Dots(p, width, stride, v, x);
        }
        for (int f = 0; f < width; f++)
            x[f] = scales[f] * (hasShared ? x[f] + c[f] : x[f]);
        return true;
    }

    /// <summary>P, transposed and padded with zeros.</summary>
    private void Pack(int count, bool hasBias, float** pointers, float* pairScales, float* scales, float* zeros, float* target, int stride)
    {
        int groups = (count + TransposedPanel.Group - 1) / TransposedPanel.Group, filled = groups * TransposedPanel.Group;
        for (int p = count; p < filled; p++)
        {
            pointers[p] = zeros;
            pairScales[p] = 0;
        }
        TransposedPanel.Pack(pointers, groups, width, scales, pairScales, target, stride);
        if (filled < stride)
            for (int f = 0; f < width; f++)
                new Span<float>(target + (nint)f * stride + filled, stride - filled).Clear();
        if (hasBias)
            new Span<float>(target + (nint)(width - 1) * stride, count).Fill(scales[width - 1]);
    }

    /// <summary>I + P·Pᵀ, in parts of the panel that stay in the first-level cache.</summary>
    private void Gram(float* panelRows, float* zeros, float* target, int padded, int stride)
    {
        int most = Strides.PanelRows<float>(stride);
        kernels.AddOuter(panelRows, stride, Math.Min(most, width), zeros, 0, target, stride, padded, default);
        for (int f = most; f < width; f += most)
            kernels.AddOuter(panelRows + (nint)f * stride, stride, Math.Min(most, width - f), target, stride, target, stride, padded, default);
        for (int n = 0; n < padded; n++)
            target[(nint)n * stride + n] += 1;
    }

    /// <summary>Takes weights and pointers, pairs with d &gt; 0 first, then d = 0; how many have d &gt; 0, or −1 where some d &lt; 0 or too many are above it.</summary>
    private int Take(
        RowSystem system, TurnedRows side, HeldRows* held, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float** pointers, float* pairScales, float* targets)
    {
        int raising = system.Weights.CountRaising(values);
        if (raising < 0 || raising > raisingMax)
            return -1;
        if (raising == values.Length && system.Weights.WeighRaising(values, pairScales, targets))
        {
            for (int p = 0; p < columns.Length; p++)
                pointers[p] = side.Row(held, columns[p]);
            return raising;
        }
        float* excess = targets + pairLength, share = excess + pairLength;
        system.Weights.Weigh(values, excess, share);
        for (int p = 0, above = 0, level = raising; p < values.Length; p++)
        {
            float weight = excess[p] > 0 ? MathF.Sqrt(excess[p]) : 1;
            int at = excess[p] > 0 ? above++ : level++;
            pointers[at] = side.Row(held, columns[p]);
            (pairScales[at], targets[at]) = (weight, share[p] / weight);
        }
        return raising;
    }

    private int TakeRatings(
        RowSystem system, float* others, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float** pointers, float* pairScales, float* targets)
    {
        if (columns.Length > raisingMax)
            return -1;
        for (int p = 0; p < columns.Length; p++)
        {
            pointers[p] = others + (nint)columns[p] * width;
            (pairScales[p], targets[p]) = (1, (float)system.Target(values[p], pointers[p]));
        }
        return columns.Length;
    }

    /// <summary>c.</summary>
    private void Share(float** pointers, float* targets, int from, int end, float* scales, float* target)
    {
        var c = new Span<float>(target, width);
        c.Clear();
        for (int p = from; p < end; p++)
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(pointers[p], width), targets[p], c, c);
        TensorPrimitives.Multiply(c, new ReadOnlySpan<float>(scales, width), c);
    }

    private static int WholeLines(int length)
    {
        int line = Strides.Added<float>();
        return (length + line - 1) / line * line;
    }
}
