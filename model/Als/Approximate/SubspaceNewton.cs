using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>iALS++: a Newton step in each block of coordinates in turn, with the pairs' predictions kept (Rendle et al. 2021, iALS++, algorithm 3).</summary>
/// <remarks>
/// In the eigenbasis of the Gram matrix a block's part of it is a diagonal, and blocks are coupled by the row's own pairs alone, so that a round comes nearer than in the
/// basis of the factors. The first round costs n·k·d + k·d²/3 + 6·n·k operations with blocks of d; as A stays the same, later ones keep the blocks' factors and cost
/// 6·n·k + 2·k·d. One block of all k is the exact solution.
/// </remarks>
internal static unsafe class SubspaceNewton
{
    /// <summary>Rounds over all blocks, from X in place, in the basis of <paramref name="side"/>.</summary>
    /// <exception cref="ArithmeticException">A block's matrix is not positive definite: λ is too small for these factors.</exception>
    public static void Solve(
        RotatedSide side, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ConjugateGradientRow row, bool isWarm, ApproximateScratch scratch)
    {
        int size = side.Size, count = columns.Length, block = Math.Min(KernelRung.Single.Padded(side.Options.SubspaceBlock), size);
        TensorPrimitives.Add(side.Diagonal, (float)row.Lambda, row.Ridge.Span);
        var s = scratch.Subspace;
        s.Require(count, block, size);
        bool isPacked = count <= PackedPairs.PairsMax(size);
        if (isPacked)
        {
            scratch.Packed.Take(side, columns, values);
            s.Count(count);
        }
        else
        {
            side.Weigh(columns, values, s.Excess.Span, s.Targets.Span);
            columns.CopyTo(s.Index.Span);
        }
        var predictions = s.Predictions.Span[..count];
        predictions.Clear();
        fixed (float* rows = isPacked ? scratch.Packed.Rows : side.Rows, d = isPacked ? scratch.Packed.Excess : s.Excess)
        fixed (float* t = isPacked ? scratch.Packed.Targets : s.Targets, products = predictions, x = row.X, change = s.Solution)
        fixed (int* index = s.Index)
        {
            if (isWarm)
                side.Kernels.AddProducts(rows, size, index, count, size, x, products);
            int rounds = block == size ? 1 : side.Options.SubspaceRounds;
            for (int round = 0; round < rounds; round++)
                for (int first = 0; first < size; first += block)
                {
                    int taken = Math.Min(block, size - first);
                    if (round == 0)
                        Factorise(side, rows + first, count, d, row, first, taken, s);
                    Step(side, rows + first, count, d, t, row, first, taken, s);
                    if (round + 1 < rounds || first + taken < size)
                        side.Kernels.AddProducts(rows + first, size, index, count, taken, change, products);
                }
        }
    }

    /// <summary>H = ridge_B + Σ d·z_B·z_Bᵀ, factorised.</summary>
    private static void Factorise(RotatedSide side, float* z, int count, float* d, ConjugateGradientRow row, int first, int block, SubspaceScratch s)
    {
        var ridge = row.Ridge.Span[first..];
        fixed (float* matrices = s.Matrices, inverses = s.Inverse)
        {
            float* h = matrices + (nint)first * s.BlockSize;
            new Span<float>(h, block * block).Clear();
            for (int i = 0; i < block; i++)
                h[i * block + i] = ridge[i];
            Collect(side, z, count, d, block, h, s, isRaising: true);
            Collect(side, z, count, d, block, h, s, isRaising: false);
            if (!s.Dense.Factorise(h, block, inverses + first, block))
                throw new ArithmeticException($"The equations of a row with {count} pairs are not positive definite; λ' is {row.Lambda}.");
        }
    }

    /// <summary>x_B += H⁻¹·g with g = Σ (t − d·s)·z_B − ridge_B·x_B.</summary>
    private static void Step(RotatedSide side, float* z, int count, float* d, float* t, ConjugateGradientRow row, int first, int block, SubspaceScratch s)
    {
        Span<float> ridge = row.Ridge.Span[first..], x = row.X.Span[first..];
        fixed (float* matrices = s.Matrices, inverses = s.Inverse, g = s.Right, change = s.Solution, weights = s.Weights, predictions = s.Predictions)
        fixed (int* index = s.Index)
        {
            for (int i = 0; i < block; i++)
                g[i] = -ridge[i] * x[i];
            for (int n = 0; n < count; n++)
                weights[n] = t[n] - d[n] * predictions[n];
            side.Kernels.Pass(z, side.Size, index, count, block, null, d, weights, g, null);
            s.Dense.SolveFactored(matrices + (nint)first * s.BlockSize, block, inverses + first, g, change, block);
            for (int i = 0; i < block; i++)
                x[i] += change[i];
        }
    }

    /// <summary>Adds the pairs with d &gt; 0 to H, or takes off those with d &lt; 0 (confidence below 1).</summary>
    private static void Collect(RotatedSide side, float* z, int count, float* d, int block, float* h, SubspaceScratch s, bool isRaising)
    {
        int held = 0, most = s.PanelRows;
        fixed (float* panel = s.Panel)
        fixed (int* index = s.Index)
            for (int n = 0; n < count; n++)
            {
                if (isRaising ? d[n] > 0 : d[n] < 0)
                {
                    var source = new ReadOnlySpan<float>(z + (nint)index[n] * side.Size, block);
                    TensorPrimitives.Multiply(source, MathF.Sqrt(Math.Abs(d[n])), new Span<float>(panel + (nint)held++ * block, block));
                }
                if (held < most && n + 1 < count || held == 0)
                    continue;
                if (isRaising)
                    s.Dense.AddOuter(panel, held, h, h, block);
                else
                    s.Dense.SubtractOuter(panel, block, held, h, block, h, block, block);
                held = 0;
            }
    }
}
