namespace OrleansRec.Model.Tests;

/// <summary>Goal: columns come back as they were put, take no more than they must, and solvers come to the same bits from them. Method: random rows, put in several runs as shards send them, kept small and as whole numbers.</summary>
public sealed class PairColumnsTests
{
    [Theory]
    [InlineData(90, 2), InlineData(65_536, 2), InlineData(65_537, 2), InlineData(70_000, 2), InlineData(1_000_000, 2), InlineData(60_000_000, 4)]
    public void Put_RowsInRuns_ComeBackInTheStatedBytes(int columnCount, int bytes)
    {
        int[][] rows = RandomRows(columnCount, 40, 900, seed: columnCount);
        int[] starts = StartsOf(rows);
        var columns = new PairColumns(starts, columnCount);
        for (int run = 0; run < 3; run++)
            for (int row = 0; row < rows.Length; row++)
            {
                int from = rows[row].Length * run / 3, to = rows[row].Length * (run + 1) / 3;
                int shift = from < to ? rows[row][from] / 2 : 0;
                columns.Put(row, starts[row] + from, [.. rows[row][from..to].Select(c => c - shift)], shift);
            }

        var read = new InteractionRows(starts, columns, new ValueColumn(starts[^1]));

        for (int row = 0; row < rows.Length; row++)
            Assert.Equal(rows[row], read.Columns(row).ToArray());
        int blocks = (columnCount - 1) / 65_536;
        Assert.Equal(bytes * starts[^1] + (bytes == 2 ? 4L * rows.Length * blocks : 0), columns.CapacityBytes);
    }

    [Fact]
    public void Put_WorkedExample_TakesTenBytes()
    {
        var columns = new PairColumns([0, 3], 70_000);
        columns.Put(0, 0, [3, 65_537, 65_540]);
        var into = new int[2];
        columns.CopyTo(0, 1, 3, into);
        Assert.Equal([65_537, 65_540], into);
        Assert.Equal(3 * 2 + 4, columns.CapacityBytes);
    }

    [Theory]
    [InlineData(300, 70_000), InlineData(300, 400), InlineData(70_000, 200_000), InlineData(70_000, 60_000_000)]
    public void TakeWithColumns_AnySizes_MapsEveryPair(int itemCount, int allItems)
    {
        string[] ids = [.. Enumerable.Range(0, itemCount).Select(i => $"i{i}")];
        int[][] rows = RandomRows(itemCount, 30, 200, seed: allItems);
        var builder = new PairBlock.Builder();
        foreach (int[] row in rows.Where(r => r.Length > 0))
            builder.Add($"u{builder.UserCount}", row, [.. row.Select(c => 1f + c % 7)]);
        PairBlock block = builder.Build(itemCount, i => ids[i]);
        int[] to = [.. Enumerable.Range(0, block.ItemIds.Length).Select(i => (int)((long)i * (allItems - 1) / Math.Max(1, block.ItemIds.Length - 1)))];

        InteractionRows mapped = block.TakeWithColumns(to, allItems);

        int[][] kept = [.. rows.Where(r => r.Length > 0)];
        var at = block.ItemIds.Index().ToDictionary(p => p.Item, p => p.Index);
        for (int row = 0; row < kept.Length; row++)
        {
            var expected = kept[row].Select(item => (Column: to[at[ids[item]]], Value: 1f + item % 7)).OrderBy(p => p.Column).ToArray();
            Assert.Equal(expected.Select(p => p.Column), mapped.Columns(row).ToArray());
            Assert.Equal(expected.Select(p => p.Value), mapped.Values(row).ToArray());
        }
    }

    [Theory]
    [InlineData(16, RowSolver.Cholesky), InlineData(24, RowSolver.Cholesky), InlineData(64, RowSolver.ConjugateGradient), InlineData(64, RowSolver.Subspace)]
    public void Solve_ColumnsKeptSmaller_GivesTheSameBits(int rank, RowSolver solver)
    {
        const int Others = 70_000;
        int[][] rows = [.. RandomRows(Others, 60, 300, seed: rank), .. RandomRows(Others, 2, 5_000, seed: 1)];
        int[] starts = StartsOf(rows);
        var small = new PairColumns(starts, Others);
        for (int row = 0; row < rows.Length; row++)
            small.Put(row, starts[row], rows[row]);
        float[] values = [.. Enumerable.Range(0, starts[^1]).Select(i => 1f + i % 5)];
        var options = new AlsOptions { Rank = rank, Lambda = 3, Alpha = 2, Solver = solver };
        var factors = new float[Others * rank];
        for (int row = 0; row < Others; row++)
            StartFactors.Fill(options, $"o{row}", factors.AsSpan(row * rank, rank));
        var gram = new double[rank * rank];
        GramMatrix.Add(factors, rank, gram);
        var half = new HalfSweep(options, factors, Others, gram, 0);

        var (x, observed) = Solve(half, new(starts, [.. rows.SelectMany(r => r)], values));
        var (y, observedToo) = Solve(half, new(starts, small, ValueColumn.Of(values)));

        Assert.True(x.AsSpan().SequenceEqual(y));
        Assert.Contains(x, v => v != 0);
        Assert.Equal(observed, observedToo);
    }

    private static (float[] Factors, double[] Observed) Solve(HalfSweep half, InteractionRows rows)
    {
        var factors = new float[rows.RowCount * half.Width];
        var observed = new double[rows.RowCount];
        RowSolverScratch scratch = half.CreateScratch();
        foreach (RowBatch batch in half.Divide(rows, 3))
            half.Solve(rows, batch, factors, scratch, () => { }, observed);
        return (factors, observed);
    }

    /// <summary>Rows of any length up to a bound, some empty, some within the last columns alone.</summary>
    private static int[][] RandomRows(int columnCount, int rowCount, int lengthMax, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rowCount).Select(row =>
        {
            int from = row % 5 == 1 ? columnCount - columnCount / 10 : 0;
            int length = row % 7 == 3 ? 0 : random.Next(lengthMax / 2, lengthMax);
            return Enumerable.Range(0, length).Select(_ => random.Next(from, columnCount)).Append(row == 0 ? columnCount - 1 : from).Distinct().Order().Take(length).ToArray();
        })];
    }

    private static int[] StartsOf(int[][] rows)
    {
        var starts = new int[rows.Length + 1];
        for (int row = 0; row < rows.Length; row++)
            starts[row + 1] = starts[row] + rows[row].Length;
        return starts;
    }
}
