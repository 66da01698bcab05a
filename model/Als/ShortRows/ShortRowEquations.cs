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
    private readonly AlignedBlock<float> panel, matrix, inverse, right, solution, ownScales, weights, targets, shared, x, zeros, excesses, shares;

    // Each pair's row of the other side, pairs with d > 0 first.
    private readonly int[] rows;

    /// <param name="kernels">Which rung.</param>
    /// <param name="width">k.</param>
    /// <param name="raisingMax">Pairs with d &gt; 0 at most.</param>
    /// <param name="pairsMax">Pairs at most.</param>
    public ShortRowEquations(DenseKernels<float> kernels, int width, int raisingMax, int pairsMax)
    {
        (this.kernels, this.width, this.raisingMax) = (kernels, width, raisingMax);
        Size = kernels.Padded(width);
        // The stride of a smaller matrix may be the larger one.
        int stride = kernels.Padded(raisingMax) + Strides.Added<float>(), pairs = pairsMax + TransposedPanel.Group;
        (panel, matrix) = (new(width * stride), new(stride * stride));
        (inverse, right, solution) = (new(stride), new(stride), new(stride));
        (ownScales, shared, x, zeros) = (new(Size), new(Size), new(Size), new(Math.Max(Size, stride)));
        (weights, targets, excesses, shares) = (new(pairs), new(pairs), new(pairs), new(pairs));
        rows = new int[pairs];
    }

    /// <summary>The padded width.</summary>
    public int Size { get; }

    /// <summary>The solution, padded, in the basis of the side.</summary>
    public ReadOnlySpan<float> X => x.Span;

    /// <summary>Solves a row; false where it is none that this way is for.</summary>
    /// <param name="side">What all rows share.</param>
    /// <param name="columns">Rows of the other side.</param>
    /// <param name="values">r of each pair.</param>
    public bool TrySolve(ShortRowSide side, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        int raising = side.Turned is { } turned ? Take(side.System, columns, values) : TakeRatings(side.System, columns, values);
        if (raising < 0)
            return false;
        var scales = side.Scales(columns.Length, ownScales);
        bool hasShared = raising < columns.Length;
        if (hasShared)
            Share(side.Turned!, raising, columns.Length, scales.Span[..width]);
        return Solve(side, raising, hasShared, scales);
    }

    private bool Solve(ShortRowSide side, int count, bool hasShared, AlignedBlock<float> scales)
    {
        int padded = kernels.Padded(count), stride = Strides.Of<float>(padded);
        Pack(side, count, stride, scales);
        Gram(padded, stride);
        fixed (float* p = panel, a = matrix, diagonal = inverse, b = right, v = solution, c = shared, y = x)
        {
            if (!kernels.Factorise(a, stride, diagonal, padded))
                return false;
            SetRight(p, stride, padded, count, hasShared);
            new Span<float>(v, stride).Clear();
            kernels.SolveFactored(a, stride, diagonal, b, v, padded);
            kernels.Dots(p, width, stride, v, y);
        }
        Finish(scales.Span, hasShared);
        return true;
    }

    /// <summary>P, transposed and padded with zeros.</summary>
    private void Pack(ShortRowSide side, int count, int stride, AlignedBlock<float> factorScales)
    {
        int filled = (count + TransposedPanel.Group - 1) / TransposedPanel.Group * TransposedPanel.Group;
        // What fills up the last group is its last row, without weight.
        if (count < filled)
            rows.AsSpan(count, filled - count).Fill(rows[count - 1]);
        weights.Span[count..filled].Clear();
        fixed (float* scales = factorScales, pairScales = weights, p = panel)
        {
            if (side.Turned is { } turned)
                TransposedPanel.Pack(new TurnedPairs(turned, rows), filled, width, scales, pairScales, p, stride);
            else
                TransposedPanel.Pack(new GivenPairs(side.System.Others, rows, width), filled, width, scales, pairScales, p, stride);
            if (filled < stride)
                for (int f = 0; f < width; f++)
                    new Span<float>(p + (nint)f * stride + filled, stride - filled).Clear();
            if (side.System.IsExplicit)
                new Span<float>(p + (nint)(width - 1) * stride, count).Fill(scales[width - 1]);
        }
    }

    /// <summary>I + P·Pᵀ, in parts of the panel that stay in the first-level cache.</summary>
    private void Gram(int padded, int stride)
    {
        int most = Strides.PanelRows<float>(stride);
        fixed (float* p = panel, a = matrix, nothing = zeros)
        {
            for (int f = 0; f < width; f += most)
            {
                float* part = p + (nint)f * stride;
                if (f == 0)
                    kernels.AddOuter(part, stride, Math.Min(most, width), nothing, 0, a, stride, padded, default);
                else
                    kernels.AddOuter(part, stride, Math.Min(most, width - f), a, stride, a, stride, padded, default);
            }
            for (int n = 0; n < padded; n++)
                a[(nint)n * stride + n] += 1;
        }
    }

    /// <summary>D^−½·t − P·c.</summary>
    private void SetRight(float* panelRows, int stride, int padded, int count, bool hasShared)
    {
        var b = right.Span[..stride];
        ReadOnlySpan<float> t = targets.Span[..count];
        b.Clear();
        if (!hasShared)
        {
            t.CopyTo(b);
            return;
        }
        fixed (float* c = shared, product = right)
            kernels.AddCombination(panelRows, stride, width, c, product, padded);
        for (int p = 0; p < count; p++)
            b[p] = t[p] - b[p];
    }

    /// <summary>x from Pᵀ·v.</summary>
    private void Finish(ReadOnlySpan<float> scales, bool hasShared)
    {
        Span<float> y = x.Span[..width], c = shared.Span[..width];
        for (int f = 0; f < y.Length; f++)
            y[f] = scales[f] * (hasShared ? y[f] + c[f] : y[f]);
    }

    /// <summary>Takes weights and rows, pairs with d &gt; 0 first, then d = 0; how many have d &gt; 0, or −1 where some d &lt; 0 or too many are above it.</summary>
    private int Take(RowSystem system, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        int raising = system.Weights.CountRaising(values);
        if (raising < 0 || raising > raisingMax)
            return -1;
        fixed (float* weight = weights, target = targets, excess = excesses, share = shares)
        {
            if (raising == values.Length && system.Weights.WeighRaising(values, weight, target))
            {
                columns.CopyTo(rows);
                return raising;
            }
            system.Weights.Weigh(values, excess, share);
            for (int p = 0, above = 0, level = raising; p < values.Length; p++)
            {
                float scale = excess[p] > 0 ? MathF.Sqrt(excess[p]) : 1;
                int at = excess[p] > 0 ? above++ : level++;
                (rows[at], weight[at], target[at]) = (columns[p], scale, share[p] / scale);
            }
        }
        return raising;
    }

    private int TakeRatings(RowSystem system, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        if (columns.Length > raisingMax)
            return -1;
        columns.CopyTo(rows);
        weights.Span[..columns.Length].Fill(1);
        var t = targets.Span;
        fixed (float* others = system.Others)
            for (int p = 0; p < columns.Length; p++)
                t[p] = (float)system.Target(values[p], others + (nint)columns[p] * width);
        return columns.Length;
    }

    /// <summary>c.</summary>
    private void Share(TurnedRows side, int from, int end, ReadOnlySpan<float> scales)
    {
        Span<float> c = shared.Span[..width], t = targets.Span;
        c.Clear();
        for (int p = from; p < end; p++)
            TensorPrimitives.MultiplyAdd(side.Row(rows[p])[..width], t[p], c, c);
        TensorPrimitives.Multiply(c, scales, c);
    }

    /// <summary>Rows in the basis of the side.</summary>
    private readonly struct TurnedPairs(TurnedRows side, int[] rows) : IPairRows
    {
        public ReadOnlySpan<float> this[int pair] => side.Row(rows[pair]);
    }

    /// <summary>Rows as they were given.</summary>
    private readonly ref struct GivenPairs(ReadOnlySpan<float> others, int[] rows, int width) : IPairRows
    {
        private readonly ReadOnlySpan<float> others = others;

        public ReadOnlySpan<float> this[int pair] => others.Slice(rows[pair] * width, width);
    }
}
