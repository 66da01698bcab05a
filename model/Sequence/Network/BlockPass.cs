using System.Numerics;
using OrleansRec.Model.Sequence.Kernels;

namespace OrleansRec.Model.Sequence.Network;

/// <summary>One block over some rows, all but the attention between them: what training and serving share.</summary>
internal readonly unsafe struct BlockPass<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NetworkKernels<T> _kernels;
    private readonly PackedWeights<T> _weights;
    private readonly BlockLayout _layout;
    private readonly T* _parameters, _packed;
    private readonly int _width, _hidden;

    /// <summary>Prepares one block.</summary>
    /// <param name="kernels">The rung.</param>
    /// <param name="layout">The parameters' layout.</param>
    /// <param name="block">Which block.</param>
    /// <param name="weights">The packed weights.</param>
    /// <param name="parameters">Fixed by the caller for as long as this lives.</param>
    /// <param name="packed"><paramref name="weights"/>, fixed likewise.</param>
    public BlockPass(NetworkKernels<T> kernels, ParameterLayout layout, int block, PackedWeights<T> weights, T* parameters, T* packed)
    {
        (_kernels, _weights, _layout) = (kernels, weights, layout.Blocks[block]);
        _parameters = parameters;
        _packed = packed;
        (_width, _hidden) = (layout.Options.Width, layout.Options.Hidden);
    }

    private bool IsGated => _layout.Gate1 >= 0;

    /// <summary>Normal1 and Qkv from In.</summary>
    public void BeforeAttention(in BlockRows<T> x, int rows)
    {
        _kernels.Normalise(x.In, rows, _width, _parameters + _layout.Gain1, _parameters + _layout.Shift1, x.Normal1, x.Moments1);
        Linear(x.Normal1, rows, _width, _layout.Qkv, _layout.QkvBias, 3 * _width, x.Qkv);
    }

    /// <summary>Middle and Out from Heads.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="dropout">Off when serving.</param>
    /// <param name="uses">Added to the uses of random numbers: four times the block's number.</param>
    /// <param name="firstRow">The number of the first row in its batch.</param>
    public void AfterAttention(in BlockRows<T> x, int rows, in Dropout<T> dropout, int uses, int firstRow)
    {
        Linear(x.Heads, rows, _width, _layout.Out, _layout.OutBias, _width, x.Attended);
        dropout.Apply(x.Attended, rows * _width, RandomUse.AttentionOutputDropout + uses, (long)firstRow * _width);
        AddBranch(x.In, x.Attended, _layout.Gate1, _layout.Gate1Bias, rows, x.Gate1, x.Middle);
        _kernels.Normalise(x.Middle, rows, _width, _parameters + _layout.Gain2, _parameters + _layout.Shift2, x.Normal2, x.Moments2);
        Linear(x.Normal2, rows, _width, _layout.Up, _layout.UpBias, IsGated ? 2 * _hidden : _hidden, x.Up);
        Activate(x, rows);
        dropout.Apply(x.Hidden, rows * _hidden, RandomUse.HiddenDropout + uses, (long)firstRow * _hidden);
        Linear(x.Hidden, rows, _hidden, _layout.Down, _layout.DownBias, _width, x.Fed);
        dropout.Apply(x.Fed, rows * _width, RandomUse.FeedForwardDropout + uses, (long)firstRow * _width);
        AddBranch(x.Middle, x.Fed, _layout.Gate2, _layout.Gate2Bias, rows, x.Gate2, x.Out);
    }

    /// <summary>From the gradient of Out to those of Middle (in State), of Heads (in Branch) and of the parameters between; State holds what goes past the attention.</summary>
    public void BackToAttention(in BlockRows<T> x, in BlockGradients<T> d, in Dropout<T> dropout, int uses, int firstRow, int rows, in WeightGradients<T> sums)
    {
        int up = IsGated ? 2 * _hidden : _hidden;
        BranchBackward(x.Middle, x.Fed, x.Gate2, _layout.Gate2, _layout.Gate2Bias, d, rows, sums);
        dropout.Apply(d.Branch, rows * _width, RandomUse.FeedForwardDropout + uses, (long)firstRow * _width);
        LinearBackward(x.Hidden, rows, _hidden, _layout.Down, _layout.DownBias, _width, d.Branch, d.Hidden, adds: false, sums);
        dropout.Apply(d.Hidden, rows * _hidden, RandomUse.HiddenDropout + uses, (long)firstRow * _hidden);
        ActivateBackward(x, d, rows);
        LinearBackward(x.Normal2, rows, _width, _layout.Up, _layout.UpBias, up, d.Up, d.Branch, adds: false, sums);
        _kernels.NormaliseBackward(
            d.Branch, x.Middle, x.Moments2, rows, _width, _parameters + _layout.Gain2, d.State, sums.Totals + _layout.Gain2, sums.Totals + _layout.Shift2);
        BranchBackward(x.In, x.Attended, x.Gate1, _layout.Gate1, _layout.Gate1Bias, d, rows, sums);
        dropout.Apply(d.Branch, rows * _width, RandomUse.AttentionOutputDropout + uses, (long)firstRow * _width);
        LinearBackward(x.Heads, rows, _width, _layout.Out, _layout.OutBias, _width, d.Branch, d.Gate, adds: false, sums);
        new ReadOnlySpan<T>(d.Gate, rows * _width).CopyTo(new Span<T>(d.Branch, rows * _width));
    }

    /// <summary>From the gradient of Qkv to that of In, added to State.</summary>
    public void BackFromAttention(in BlockRows<T> x, in BlockGradients<T> d, int rows, in WeightGradients<T> sums)
    {
        LinearBackward(x.Normal1, rows, _width, _layout.Qkv, _layout.QkvBias, 3 * _width, d.Qkv, d.Branch, adds: false, sums);
        _kernels.NormaliseBackward(
            d.Branch, x.In, x.Moments1, rows, _width, _parameters + _layout.Gain1, d.State, sums.Totals + _layout.Gain1, sums.Totals + _layout.Shift1);
    }

    private void AddBranch(T* input, T* branch, int gate, int gateBias, int rows, T* gates, T* output)
    {
        if (gate < 0)
        {
            _kernels.Add(input, branch, output, rows * _width);
            return;
        }
        Linear(input, rows, _width, gate, gateBias, _width, gates);
        _kernels.Gate(gates, branch, input, output, rows * _width);
    }

    // State is the gradient of the sum and becomes that of the input; Branch becomes that of the branch.
    private void BranchBackward(T* input, T* branch, T* gates, int gate, int gateBias, in BlockGradients<T> d, int rows, in WeightGradients<T> sums)
    {
        if (gate < 0)
        {
            new ReadOnlySpan<T>(d.State, rows * _width).CopyTo(new Span<T>(d.Branch, rows * _width));
            return;
        }
        _kernels.GateBackward(d.State, branch, gates, d.Branch, d.Gate, rows * _width);
        LinearBackward(input, rows, _width, gate, gateBias, _width, d.Gate, d.State, adds: true, sums);
    }

    private void Activate(in BlockRows<T> x, int rows)
    {
        if (!IsGated)
            _kernels.Gelu(x.Up, x.Hidden, rows * _hidden);
        else
            for (int n = 0; n < rows; n++)
                _kernels.GatedSilu(x.Up + n * 2 * (nint)_hidden, x.Up + (n * 2 + 1) * (nint)_hidden, x.Hidden + n * (nint)_hidden, _hidden);
    }

    private void ActivateBackward(in BlockRows<T> x, in BlockGradients<T> d, int rows)
    {
        if (!IsGated)
            _kernels.GeluBackward(d.Hidden, x.Up, d.Up, rows * _hidden);
        else
            for (int n = 0; n < rows; n++)
            {
                nint first = n * 2 * (nint)_hidden, second = first + _hidden;
                _kernels.GatedSiluBackward(d.Hidden + n * (nint)_hidden, x.Up + first, x.Up + second, d.Up + first, d.Up + second, _hidden);
            }
    }

    private void Linear(T* x, int rows, int depth, int weight, int bias, int columns, T* y)
    {
        if (bias >= 0)
            for (int n = 0; n < rows; n++)
                new ReadOnlySpan<T>(_parameters + bias, columns).CopyTo(new Span<T>(y + n * (nint)columns, columns));
        _kernels.Multiply(x, depth, 1, rows, _packed + _weights.Forward(weight), depth, columns, y, columns, adds: bias >= 0);
    }

    private void LinearBackward(T* x, int rows, int depth, int weight, int bias, int columns, T* dy, T* dx, bool adds, in WeightGradients<T> sums)
    {
        _kernels.Multiply(dy, columns, 1, rows, _packed + _weights.Backward(weight), columns, depth, dx, depth, adds);
        sums.AddProduct(_kernels, x, depth, dy, columns, rows, sums.Totals + weight);
        if (bias >= 0)
            _kernels.AddRows(dy, columns, rows, columns, sums.Totals + bias);
    }
}

/// <summary>Where one part of a step sums the gradients of the network's parameters.</summary>
internal readonly unsafe struct WeightGradients<T>(T* totals, T* room)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows of a product's right side that are packed at once.</summary>
    public const int RowsMax = 128;

    /// <summary>Laid out as the parameters are, without the items.</summary>
    public T* Totals => totals;

    /// <summary>sum += xᵀ·dy, rows in their order.</summary>
    /// <param name="kernels">The rung.</param>
    /// <param name="x">Shape (rows, depth).</param>
    /// <param name="depth">Columns of x.</param>
    /// <param name="dy">Shape (rows, columns).</param>
    /// <param name="columns">Columns of dy.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="sum">Shape (depth, columns).</param>
    public void AddProduct(NetworkKernels<T> kernels, T* x, int depth, T* dy, int columns, int rows, T* sum)
    {
        for (int n = 0; n < rows; n += RowsMax)
        {
            int count = Math.Min(RowsMax, rows - n);
            kernels.Pack(dy + n * (nint)columns, columns, 1, count, columns, room);
            kernels.Multiply(x + n * (nint)depth, 1, depth, depth, room, count, columns, sum, columns, adds: true);
        }
    }
}
