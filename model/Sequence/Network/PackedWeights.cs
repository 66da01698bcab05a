using System.Numerics;
using OrleansRec.Model.Sequence.Kernels;

namespace OrleansRec.Model.Sequence.Network;

/// <summary>The weights of all blocks as the products want them; packed again after each step.</summary>
internal sealed unsafe class PackedWeights<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NetworkKernels<T> _kernels;
    private readonly List<(int Source, int Rows, int Columns, int Target, bool IsTransposed)> _matrices = [];
    private readonly Dictionary<int, int> _forward = [], _backward = [];
    private int _length;

    /// <summary>Plans the packing.</summary>
    /// <param name="layout">The parameters.</param>
    /// <param name="kernels">The rung.</param>
    /// <param name="trains">Whether the transposed weights are needed too.</param>
    public PackedWeights(ParameterLayout layout, NetworkKernels<T> kernels, bool trains)
    {
        _kernels = kernels;
        foreach (var view in layout.Views)
            if (view.Name.EndsWith("weight", StringComparison.Ordinal))
            {
                _forward[view.Offset] = Plan(view, isTransposed: false);
                if (trains)
                    _backward[view.Offset] = Plan(view, isTransposed: true);
            }
        Block = new(_length);
    }

    /// <summary>The packed weights.</summary>
    public AlignedBlock<T> Block { get; }

    /// <summary>Where the weight at an offset of the parameters lies.</summary>
    public int Forward(int offset) => _forward[offset];

    /// <summary>Where its transpose lies.</summary>
    public int Backward(int offset) => _backward[offset];

    /// <summary>Packs what the parameters are.</summary>
    public void Pack(T* parameters)
    {
        fixed (T* packed = Block)
            foreach (var (source, rows, columns, target, isTransposed) in _matrices)
                if (isTransposed)
                    _kernels.Pack(parameters + source, 1, columns, columns, rows, packed + target);
                else
                    _kernels.Pack(parameters + source, columns, 1, rows, columns, packed + target);
    }

    private int Plan(ParameterView view, bool isTransposed)
    {
        int target = _length;
        _matrices.Add((view.Offset, view.Rows, view.Columns, target, isTransposed));
        _length += isTransposed ? _kernels.PackedLength(view.Columns, view.Rows) : _kernels.PackedLength(view.Rows, view.Columns);
        return target;
    }
}
