using System.Numerics;

namespace OrleansRec.Model;

/// <summary>One query's way through blocks of codes.</summary>
/// <param name="codes">The blocks.</param>
/// <param name="query">The query's codes, shape (groups).</param>
/// <param name="code">What bounds them.</param>
/// <param name="width">Floats in a row.</param>
/// <param name="givesUp">Whether it ends where the plain scan would cost less.</param>
internal unsafe ref struct CodeSearch(ItemCodes codes, int* query, QueryCode code, int width, bool givesUp)
{
    // A search that scores more than this beside one row in RowsPerScored gives up: what then remains to be done is the plain scan, which reads rows in order.
    private const int Spare = 256, SparePerK = 8, RowsPerScored = 64;

    private int scored, blocks;

    /// <summary>How many rows a search may score that has passed so many blocks.</summary>
    public static int ScoredMax(int k, int blocks) => Spare + SparePerK * k + blocks * (CodeKernels.BlockRows / RowsPerScored);

    /// <summary>Takes a range of blocks, whose norms fall; false where the plain scan has to answer.</summary>
    public bool Take(int first, int end, in ItemScores scores, ReadOnlySpan<ulong> excluded, ref BestRows best)
    {
        ulong* found = stackalloc ulong[2];
        fixed (byte* all = codes.Codes)
            for (int block = first; block < end; block++, blocks++)
            {
                int least = int.MinValue;
                if (best.IsFull)
                {
                    ref readonly BlockBound bound = ref codes.Bound(block);
                    double product = scores.LeastProduct(best.Threshold, bound.InverseNorm);
                    if (!code.CanReach(product, bound, width))
                    {
                        // What a cosine needs is least where rows are shortest.
                        if (!scores.AreCosines)
                            return true;
                        continue;
                    }
                    least = code.Least(product, bound, width);
                }
                if (least == int.MinValue)
                    found[0] = found[1] = ulong.MaxValue;
                else
                    CodeKernels.Widest.Find(all + codes.Start(block), codes.Groups, query, least, found);
                scored += Offer(scores, codes.Rows(block), found, excluded, ref best);
                if (givesUp && scored > ScoredMax(best.Capacity, blocks))
                    return false;
            }
        return true;
    }

    /// <summary>Offers those found that are not excluded; answers how many it scored.</summary>
    public static int Offer(in ItemScores scores, ReadOnlySpan<int> members, ulong* found, ReadOnlySpan<ulong> excluded, ref BestRows best)
    {
        int* rows = stackalloc int[CodeKernels.BlockRows];
        int count = 0;
        for (int half = 0; half < 2; half++)
            for (ulong bits = found[half]; bits != 0; bits &= bits - 1)
            {
                int member = half * 64 + BitOperations.TrailingZeroCount(bits);
                if (member >= members.Length)
                    break;
                int row = members[member];
                if (excluded.IsEmpty || (excluded[row >> 6] >> row & 1) == 0)
                    rows[count++] = row;
            }
        return scores.Offer(new(rows, count), ref best);
    }
}
