namespace OrleansRec.Model;

/// <summary>Divides a side's rows into batches: first the long rows in step, which take longest, then ranges of the rest, those with most work first.</summary>
/// <remarks>
/// A range is as long as the longest row where that is longer than an even piece; begun last it would keep the other workers waiting. Rows are not split: the longest one is a
/// four-hundred-and-fiftieth of its half-sweep on the measured shapes (docs/PERFORMANCE.md).
/// </remarks>
internal static class RowBatches
{
    /// <summary>Fewer pairs in step than this do not pay for fetching the other side once more.</summary>
    private const int InStepPairsMin = 32 * 1024;

    public static RowBatch[] Of(InteractionRows rows, int pieces, int rowCost, ApproximateSolver? solver)
    {
        var batches = new List<RowBatch>();
        if (solver is not null)
            AddInStep(rows, pieces, solver, batches);
        int[] bounds = RowPieces.Divide(rows, pieces, rowCost);
        var ranges = Enumerable.Range(0, bounds.Length - 1).Select(i => new RowBatch(bounds[i], bounds[i + 1], default));
        return [.. batches, .. ranges.OrderByDescending(Cost)];

        long Cost(RowBatch range) => rows.Starts[range.End] - rows.Starts[range.First] + (long)rowCost * (range.End - range.First);
    }

    private static void AddInStep(InteractionRows rows, int pieces, ApproximateSolver solver, List<RowBatch> batches)
    {
        int[] numbers = [.. Enumerable.Range(0, rows.RowCount).Where(row => solver.IsInStep(rows.CountOf(row)))];
        long total = numbers.Sum(row => (long)rows.CountOf(row));
        // Workers share the long rows evenly, but a batch is not made so small that rows have few blocks to share.
        long most = Math.Clamp(total * 4 / pieces, InStepPairsMin, SharedPairs.PairsMax);
        for (int first = 0, end; first < numbers.Length; first = end)
        {
            long pairs = 0;
            for (end = first; end < numbers.Length && end - first < SharedPairs.RowsMax; end++)
            {
                int length = rows.CountOf(numbers[end]);
                if (end > first && pairs + length > most)
                    break;
                pairs += length;
            }
            batches.Add(new(0, 0, numbers.AsMemory(first, end - first)));
        }
    }
}
