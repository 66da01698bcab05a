using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansRec.Model;

/// <summary>Packs rows of factors as columns: row f of the panel holds factor f of every pair, so that P·Pᵀ of the pairs is a rank-k update with the panel's rows.</summary>
/// <remarks>Only multiplies, element by element, and moves: every rung gives the same bits, and four lanes are as fast as stores allow.</remarks>
internal static unsafe class TransposedPanel
{
    /// <summary>Pairs that go through registers together.</summary>
    public const int Group = 4;

    /// <summary>panel[f, p] = (rows[p][f] · factorScales[f]) · pairScales[p].</summary>
    /// <param name="rows">Where each pair's factors lie, shape (groups · <see cref="Group"/>).</param>
    /// <param name="groups">Pairs / <see cref="Group"/>, rounded up; what is beyond the pairs has scale 0 and points to finite numbers.</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="factorScales">Shape (width).</param>
    /// <param name="pairScales">Shape (groups · <see cref="Group"/>).</param>
    /// <param name="panel">Shape (width, stride).</param>
    /// <param name="stride">Distance between rows of the panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float** rows, int groups, int width, float* factorScales, float* pairScales, float* panel, int stride)
    {
        int whole = Sse.IsSupported ? width / Group * Group : 0;
        for (int g = 0; g < groups; g++, rows += Group, pairScales += Group, panel += Group)
        {
            if (g + 1 < groups)
                for (int p = Group; p < 2 * Group; p++)
                    CacheLines.Prefetch(rows[p], width);
            float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3], target = panel;
            var pairs = Vector128.Load(pairScales);
            int f = 0;
            for (; f < whole; f += Group, target += Group * (nint)stride)
            {
                var s = Vector128.Load(factorScales + f);
                Vector128<float> v0 = Vector128.Load(r0 + f) * s, v1 = Vector128.Load(r1 + f) * s, v2 = Vector128.Load(r2 + f) * s, v3 = Vector128.Load(r3 + f) * s;
                Vector128<float> low01 = Sse.UnpackLow(v0, v1), high01 = Sse.UnpackHigh(v0, v1), low23 = Sse.UnpackLow(v2, v3), high23 = Sse.UnpackHigh(v2, v3);
                (Sse.MoveLowToHigh(low01, low23) * pairs).Store(target);
                (Sse.MoveHighToLow(low23, low01) * pairs).Store(target + stride);
                (Sse.MoveLowToHigh(high01, high23) * pairs).Store(target + 2 * (nint)stride);
                (Sse.MoveHighToLow(high23, high01) * pairs).Store(target + 3 * (nint)stride);
            }
            for (; f < width; f++, target += stride)
                for (int p = 0; p < Group; p++)
                    target[p] = rows[p][f] * factorScales[f] * pairScales[p];
        }
    }
}
