using System.Numerics.Tensors;

namespace OrleansRec.Model.Hybrid;

/// <summary>Lists of a blend from the candidates of its parts, as weights are learned: no row that no part proposes is scored.</summary>
public sealed partial class Blend
{
    /// <summary>The best of the rows that parts propose, in the total order.</summary>
    /// <remarks>
    /// Each part with a weight above 0 and a signal proposes its best; all of them are scored by every part, with the bits of <see cref="Score"/>. Cost: what the parts' own searches cost, and parts times candidates. It differs from
    /// the list over all rows only by rows that are in no part's best, which a larger <paramref name="candidatesOfPart"/> makes rarer.
    /// </remarks>
    /// <param name="query">From <see cref="Prepare"/>.</param>
    /// <param name="candidatesOfPart">How many each part proposes, ≥ 1.</param>
    /// <param name="excluded">One bit a row; empty: none is left out.</param>
    /// <param name="best">Receives the best, best first; its length is k.</param>
    /// <returns>How many there are.</returns>
    public int BestOfCandidates(PartQuery query, int candidatesOfPart, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidatesOfPart, 1);
        int[] rows = Candidates((BlendQuery)query, candidatesOfPart, excluded);
        var scores = new float[rows.Length];
        ScoreRows(query, rows, scores);
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ItemIds);
        for (int n = 0; n < rows.Length; n++)
            if (scores[n] >= heap.Threshold)
                heap.Offer(rows[n], scores[n]);
        return heap.Sort();
    }

    /// <summary>Scores some rows, with the bits of <see cref="Score"/>.</summary>
    /// <param name="query">From <see cref="Prepare"/>.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="scores">Overwritten, shape as <paramref name="rows"/>.</param>
    public void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        var asked = (BlendQuery)query;
        var own = new float[rows.Length];
        scores.Fill((float)_weights.Bias);
        for (int p = 0; p < _parts.Length; p++)
        {
            if (asked.Factors[p] == 0)
                continue;
            if (_parts[p] is ISparsePart sparse)
                sparse.ScoreRows(asked.Parts[p], rows, own);
            else
                ScoreDense(_parts[p], asked.Parts[p], rows, own);
            TensorPrimitives.MultiplyAdd(own, (float)asked.Factors[p], scores, scores);
        }
    }

    private static void ScoreDense(IScorePart part, PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        var all = new float[part.ItemIds.Length];
        part.Score(query, all);
        for (int n = 0; n < rows.Length; n++)
            scores[n] = all[rows[n]];
    }

    private int[] Candidates(BlendQuery query, int candidatesOfPart, ReadOnlySpan<ulong> excluded)
    {
        var rows = new HashSet<int>();
        var best = new ScoredRow[Math.Min(candidatesOfPart, ItemIds.Length)];
        for (int p = 0; p < _parts.Length; p++)
        {
            if (query.Factors[p] <= 0)
                continue;
            int count = _parts[p] is ISparsePart sparse ? sparse.Best(query.Parts[p], excluded, best) : BestDense(_parts[p], query.Parts[p], excluded, best);
            foreach (var row in best.AsSpan(0, count))
                rows.Add(row.Row);
        }
        return [.. rows.Order()];
    }

    private static int BestDense(IScorePart part, PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best)
    {
        var all = new float[part.ItemIds.Length];
        part.Score(query, all);
        return BlockLists.Select(all, excluded, part.ItemIds, best);
    }
}
