using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>What the short rows of one side share: the other side in its eigenbasis, where w0·YᵀY is a diagonal. For many threads, each with <see cref="ShortRowEquations"/> of its own.</summary>
internal sealed unsafe class ShortRowSide : IEigenbasisSide
{
    private readonly Lazy<AlignedBlock<float>>? constantScales;

    /// <param name="system">The equations of any row.</param>
    /// <param name="gram">YᵀY; not read when explicit.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="kernels">Which rung turns rows.</param>
    public ShortRowSide(RowSystem system, double[] gram, int rowCount, RowPassKernels kernels)
    {
        System = system;
        Size = kernels.Padded(system.Options.Width);
        // When explicit rows share nothing but λ', which is a diagonal in every basis.
        if (!system.IsExplicit)
            Turned = new(system.OthersMemory, rowCount, system.Options, gram, kernels);
        if (system.Options.EffectiveLambdaExponent == 0)
            constantScales = new(() =>
            {
                var made = new AlignedBlock<float>(Size);
                Fill(1, made.Pointer);
                return made;
            });
    }

    public RowSystem System { get; }

    /// <summary>Null when explicit.</summary>
    public TurnedRows? Turned { get; }

    public int Size { get; }

    /// <summary>R^−½ for a row with n pairs; in <paramref name="own"/>, padded, where it is not one for all rows.</summary>
    public float* Scales(int pairCount, float* own)
    {
        if (constantScales is not null)
            return constantScales.Value.Pointer;
        Fill(pairCount, own);
        return own;
    }

    public void Leave(float* inside, int count, float* outside)
    {
        if (Turned is null)
            new ReadOnlySpan<float>(inside, count * Size).CopyTo(new(outside, count * Size));
        else
            Turned.Leave(inside, count, outside);
    }

    private void Fill(int pairCount, float* target)
    {
        var scales = new Span<float>(target, System.Options.Width);
        float lambda = (float)System.Lambda(pairCount);
        if (Turned is null)
            scales.Fill(lambda);
        else
            TensorPrimitives.Add(Turned.Diagonal, lambda, scales);
        for (int f = 0; f < scales.Length; f++)
            scales[f] = 1 / MathF.Sqrt(scales[f]);
    }
}
