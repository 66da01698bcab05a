using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>What the short rows of one side share: the other side in its eigenbasis, where w0·YᵀY is a diagonal. For many threads, each with <see cref="ShortRowEquations"/> of its own.</summary>
internal sealed class ShortRowSide : IEigenbasisSide
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
                Fill(1, made);
                return made;
            });
    }

    public RowSystem System { get; }

    /// <summary>Null when explicit.</summary>
    public TurnedRows? Turned { get; }

    public int Size { get; }

    /// <summary>R^−½ for a row with n pairs; in <paramref name="own"/>, padded, where it is not one for all rows.</summary>
    public AlignedBlock<float> Scales(int pairCount, AlignedBlock<float> own)
    {
        if (constantScales is not null)
            return constantScales.Value;
        Fill(pairCount, own);
        return own;
    }

    public void Leave(AlignedBlock<float> inside, int count, AlignedBlock<float> outside)
    {
        if (Turned is null)
            inside.Span[..(count * Size)].CopyTo(outside.Span);
        else
            Turned.Leave(inside, count, outside);
    }

    private void Fill(int pairCount, AlignedBlock<float> target)
    {
        var scales = target.Span[..System.Options.Width];
        float lambda = (float)System.Lambda(pairCount);
        if (Turned is null)
            scales.Fill(lambda);
        else
            TensorPrimitives.Add(Turned.Diagonal, lambda, scales);
        for (int f = 0; f < scales.Length; f++)
            scales[f] = 1 / MathF.Sqrt(scales[f]);
    }
}
