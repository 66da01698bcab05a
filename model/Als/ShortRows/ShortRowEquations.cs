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
    private readonly float*[] rows;
    private float* scales;

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
        rows = new float*[pairs];
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
        fixed (float* others = side.System.Others)
        fixed (float** pointers = rows)
        {
            int raising = side.Turned is { } turned ? Take(side.System, turned, columns, values) : TakeRatings(side.System, others, columns, values);
            if (raising < 0)
                return false;
            scales = side.Scales(columns.Length, ownScales.Pointer);
            bool hasShared = raising < columns.Length;
            if (hasShared)
                Share(raising, columns.Length);
            return Solve(raising, hasShared, side.System.IsExplicit, pointers);
        }
    }

    private bool Solve(int count, bool hasShared, bool hasBias, float** pointers)
    {
        int padded = kernels.Padded(count), stride = Strides.Of<float>(padded), groups = (count + TransposedPanel.Group - 1) / TransposedPanel.Group;
        for (int p = count; p < groups * TransposedPanel.Group; p++)
        {
            pointers[p] = zeros.Pointer;
            (weights.Pointer[p], targets.Pointer[p]) = (0, 0);
        }
        TransposedPanel.Pack(pointers, groups, width, scales, weights.Pointer, panel.Pointer, stride);
        int filled = groups * TransposedPanel.Group;
        if (filled < stride)
            for (int f = 0; f < width; f++)
                new Span<float>(panel.Pointer + (nint)f * stride + filled, stride - filled).Clear();
        if (hasBias)
            new Span<float>(panel.Pointer + (nint)(width - 1) * stride, count).Fill(scales[width - 1]);
        Gram(padded, stride);
        if (!kernels.Factorise(matrix.Pointer, stride, inverse.Pointer, padded))
            return false;
        float* b = right.Pointer;
        new Span<float>(b, stride).Clear();
        if (hasShared)
        {
            kernels.AddCombination(panel.Pointer, stride, width, shared.Pointer, b, padded);
            for (int p = 0; p < count; p++)
                b[p] = targets.Pointer[p] - b[p];
        }
        else
            new ReadOnlySpan<float>(targets.Pointer, count).CopyTo(new(b, count));
        new Span<float>(solution.Pointer, stride).Clear();
        kernels.SolveFactored(matrix.Pointer, stride, inverse.Pointer, b, solution.Pointer, padded);
        float* y = x.Pointer;
        kernels.Dots(panel.Pointer, width, stride, solution.Pointer, y);
        for (int f = 0; f < width; f++)
            y[f] = scales[f] * (hasShared ? y[f] + shared.Pointer[f] : y[f]);
        return true;
    }

    /// <summary>I + P·Pᵀ, in parts of the panel that stay in the first-level cache.</summary>
    private void Gram(int padded, int stride)
    {
        int most = Strides.PanelRows<float>(stride);
        for (int f = 0; f < width; f += most)
        {
            float* part = panel.Pointer + (nint)f * stride;
            if (f == 0)
                kernels.AddOuter(part, stride, Math.Min(most, width), zeros.Pointer, 0, matrix.Pointer, stride, padded, default);
            else
                kernels.AddOuter(part, stride, Math.Min(most, width - f), matrix.Pointer, stride, matrix.Pointer, stride, padded, default);
        }
        for (int p = 0; p < padded; p++)
            matrix.Pointer[(nint)p * stride + p] += 1;
    }

    /// <summary>Takes weights and pointers, pairs with d &gt; 0 first, then d = 0; how many have d &gt; 0, or −1 where some d &lt; 0 or too many are above it.</summary>
    private int Take(RowSystem system, TurnedRows side, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        int raising = system.Weights.CountRaising(values);
        if (raising < 0 || raising > raisingMax)
            return -1;
        if (raising == values.Length && system.Weights.WeighRaising(values, weights.Pointer, targets.Pointer))
        {
            for (int p = 0; p < columns.Length; p++)
                rows[p] = side.Row(columns[p]);
            return raising;
        }
        system.Weights.Weigh(values, excesses.Pointer, shares.Pointer);
        for (int p = 0, above = 0, level = raising; p < values.Length; p++)
        {
            float excess = excesses.Pointer[p], weight = excess > 0 ? MathF.Sqrt(excess) : 1;
            int at = excess > 0 ? above++ : level++;
            rows[at] = side.Row(columns[p]);
            (weights.Pointer[at], targets.Pointer[at]) = (weight, shares.Pointer[p] / weight);
        }
        return raising;
    }

    private int TakeRatings(RowSystem system, float* others, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        if (columns.Length > raisingMax)
            return -1;
        for (int p = 0; p < columns.Length; p++)
        {
            rows[p] = others + (nint)columns[p] * width;
            (weights.Pointer[p], targets.Pointer[p]) = (1, (float)system.Target(values[p], rows[p]));
        }
        return columns.Length;
    }

    /// <summary>c.</summary>
    private void Share(int from, int end)
    {
        var c = new Span<float>(shared.Pointer, width);
        c.Clear();
        for (int p = from; p < end; p++)
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(rows[p], width), targets.Pointer[p], c, c);
        System.Numerics.Tensors.TensorPrimitives.Multiply(c, new ReadOnlySpan<float>(scales, width), c);
    }
}
