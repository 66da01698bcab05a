namespace OrleansRec.Model.Neighbours;

/// <summary>Pairs in both orientations with the weighted value x = sign(r)·|r|^p · n^(−q), n being the pairs of the row; rows that are too long are left out.</summary>
/// <remarks>Takes 16 bytes a pair for as long as a table is built.</remarks>
internal sealed class WeightedPairs
{
    private WeightedPairs(Side rows, Side columns) => (Rows, Columns) = (rows, columns);

    /// <summary>By the row whose length weighs, such as users where items are compared.</summary>
    public Side Rows { get; }

    /// <summary>By what is compared.</summary>
    public Side Columns { get; }

    /// <summary>One orientation (CSR).</summary>
    internal sealed record Side(int[] Starts, int[] Others, float[] Values)
    {
        public int Count => Starts.Length - 1;

        public int CountOf(int row) => Starts[row + 1] - Starts[row];

        public ReadOnlySpan<int> OthersOf(int row) => Others.AsSpan(Starts[row], CountOf(row));

        public ReadOnlySpan<float> ValuesOf(int row) => Values.AsSpan(Starts[row], CountOf(row));
    }

    public static WeightedPairs Of(InteractionRows rows, int columnCount, double valuePower, double lengthPower, int rowPairsMax)
    {
        var starts = new int[rows.RowCount + 1];
        for (int row = 0; row < rows.RowCount; row++)
            starts[row + 1] = starts[row] + (rows.CountOf(row) > rowPairsMax ? 0 : rows.CountOf(row));
        var (others, values) = (new int[starts[^1]], new float[starts[^1]]);
        int[] columnBuffer = [];
        float[] valueBuffer = [];
        for (int row = 0; row < rows.RowCount; row++)
        {
            int count = starts[row + 1] - starts[row];
            if (count == 0)
                continue;
            double scale = Math.Pow(count, -lengthPower);
            rows.Columns(row, ref columnBuffer).CopyTo(others.AsSpan(starts[row]));
            var own = rows.Values(row, ref valueBuffer);
            for (int n = 0; n < count; n++)
                values[starts[row] + n] = (float)(scale * Power(own[n], valuePower));
        }
        var side = new Side(starts, others, values);
        return new(side, Turn(side, columnCount));
    }

    internal static double Power(float value, double power) =>
        power == 0 ? Math.Sign(value) : power == 1 ? value : Math.Sign(value) * Math.Pow(Math.Abs(value), power);

    private static Side Turn(Side side, int columnCount)
    {
        var starts = new int[columnCount + 1];
        foreach (int column in side.Others)
            starts[column + 1]++;
        for (int column = 0; column < columnCount; column++)
            starts[column + 1] += starts[column];
        var next = starts[..^1];
        var (others, values) = (new int[side.Others.Length], new float[side.Others.Length]);
        for (int row = 0; row < side.Count; row++)
            for (int n = side.Starts[row]; n < side.Starts[row + 1]; n++)
            {
                int at = next[side.Others[n]]++;
                (others[at], values[at]) = (row, side.Values[n]);
            }
        return new(starts, others, values);
    }
}
