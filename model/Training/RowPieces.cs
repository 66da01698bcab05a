namespace OrleansRec.Model;

/// <summary>Divides the rows of a side into pieces of even work, for workers to take one by one.</summary>
/// <remarks>Results do not depend on the division: a row is solved alone. It only decides how long the last worker keeps the others waiting.</remarks>
public static class RowPieces
{
    /// <summary>Row boundaries, ascending, from 0 to the number of rows: piece i is rows [result[i], result[i + 1]).</summary>
    /// <param name="rows">The side.</param>
    /// <param name="pieces">How many pieces to aim at, ≥ 1; fewer where there are fewer rows.</param>
    /// <param name="rowCost">What an empty row costs, in pairs; about half the rank.</param>
    public static int[] Divide(InteractionRows rows, int pieces, int rowCost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        long total = rows.PairCount + (long)rowCost * rows.RowCount;
        var bounds = new List<int> { 0 };
        long cost = 0;
        for (int row = 0; row < rows.RowCount; row++)
        {
            cost += rows.CountOf(row) + rowCost;
            if (cost * pieces >= total * bounds.Count && row + 1 < rows.RowCount)
                bounds.Add(row + 1);
        }
        bounds.Add(rows.RowCount);
        return [.. bounds];
    }
}
