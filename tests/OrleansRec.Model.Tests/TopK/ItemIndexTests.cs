namespace OrleansRec.Model.Tests.TopKs;

/// <summary>The index answers what the plain scan answers: the same rows in the same order with the same bits.</summary>
public sealed class ItemIndexTests
{
    [Fact]
    public void Select_EveryWidthTo130_EqualsThePlainScan()
    {
        var random = new Random(11);
        for (int width = 1; width <= 130; width++)
        {
            var matrix = PlantedItems.Skewed(ItemIndex.RowsMin + random.Next(700), width, random);
            for (int q = 0; q < 20; q++)
                matrix.CheckSelect(matrix.Query(random), random.Next(3) - 1.5f, matrix.Excluded(random), 1 + random.Next(60));
        }
    }

    [Theory]
    [InlineData(16, 9000)]
    [InlineData(64, 6000)]
    [InlineData(65, 6000)]
    public void Select_ThousandQueries_EqualsThePlainScan(int width, int count)
    {
        var random = new Random(width);
        var matrix = PlantedItems.Skewed(count, width, random);
        for (int q = 0; q < 1000; q++)
            matrix.CheckSelect(matrix.Query(random), 0, q % 3 == 0 ? matrix.Excluded(random) : [], 10);
    }

    [Fact]
    public void Select_DuplicatesAndWholeNumbers_OrdersTiesByOrdinalId()
    {
        var random = new Random(13);
        foreach (int width in new[] { 1, 3, 8, 20 })
        {
            // Few different rows, many of each: a list is decided by ids alone.
            var matrix = PlantedItems.Whole(3000, width, random);
            for (int q = 0; q < 200; q++)
                matrix.CheckSelect([.. Enumerable.Range(0, width).Select(_ => (float)random.Next(-2, 3))], 1, matrix.Excluded(random), 1 + random.Next(40));
        }
    }

    [Fact]
    public void Select_OnlyNegativeScores_EqualsThePlainScan()
    {
        var random = new Random(14);
        var matrix = PlantedItems.Of([.. Enumerable.Range(0, 2000 * 12).Select(_ => random.NextSingle() + 0.01f)], 12, random);
        for (int q = 0; q < 50; q++)
            matrix.CheckSelect([.. Enumerable.Range(0, 12).Select(_ => -random.NextSingle() - 0.01f)], 0, [], 10);
    }

    [Fact]
    public void Select_ZeroQueryOrZeroRows_EqualsThePlainScan()
    {
        var random = new Random(15);
        PlantedItems.Skewed(1000, 24, random).CheckSelect(new float[24], 2.5f, [], 17);
        var zeros = PlantedItems.Of(new float[1000 * 24], 24, random);
        zeros.CheckSelect(zeros.Query(random), 2.5f, [], 17);
        zeros.CheckNearest(5, [], 17);
    }

    [Fact]
    public void Select_LargerKThanRowsOrNothingAllowed_EqualsThePlainScan()
    {
        var random = new Random(16);
        var matrix = PlantedItems.Skewed(900, 16, random);
        matrix.CheckSelect(matrix.Query(random), 0, [], 2000);
        matrix.CheckSelect(matrix.Query(random), 0, matrix.Excluded(random), 900);
        var all = new ulong[(900 + 63) / 64];
        all.AsSpan().Fill(ulong.MaxValue);
        matrix.CheckSelect(matrix.Query(random), 0, all, 10);
        // One row left, and then three.
        all[7] = ~(1UL << 9);
        matrix.CheckSelect(matrix.Query(random), 0, all, 10);
        all[14] = ~0b11UL;
        matrix.CheckSelect(matrix.Query(random), 0, all, 2);
        Assert.Equal(0, matrix.Index.Select(matrix.Query(random), matrix.Items, 0, [], matrix.Ids, []));
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e-12f)]
    [InlineData(1e12f)]
    [InlineData(1e17f)]
    [InlineData(1e25f)]
    public void Select_VerySmallOrLargeFactors_EqualsThePlainScan(float size)
    {
        var random = new Random(17);
        var matrix = PlantedItems.Of([.. PlantedItems.Skewed(1500, 20, random).Items.Select(y => y * size)], 20, random);
        for (int q = 0; q < 20; q++)
        {
            matrix.CheckSelect(matrix.Query(random), 0, [], 10);
            matrix.CheckSelect([.. matrix.Query(random).Select(x => x / size)], 1, [], 10);
        }
    }

    [Fact]
    public void Select_QueryOfOneLargePart_EqualsThePlainScan()
    {
        // A code of seven bits then says next to nothing of the other parts.
        var random = new Random(18);
        var matrix = PlantedItems.Skewed(2000, 33, random);
        for (int q = 0; q < 50; q++)
        {
            float[] query = matrix.Query(random);
            query[random.Next(33)] = 500;
            matrix.CheckSelect(query, 0, [], 10);
        }
    }

    [Fact]
    public void NearestByCosine_EveryWidthTo130_EqualsThePlainScan()
    {
        var random = new Random(19);
        for (int width = 1; width <= 130; width++)
        {
            var matrix = PlantedItems.Skewed(ItemIndex.RowsMin + random.Next(500), width, random);
            for (int q = 0; q < 10; q++)
                matrix.CheckNearest(random.Next(matrix.Ids.Length), matrix.Excluded(random), 1 + random.Next(30));
        }
    }

    [Theory]
    [InlineData(5, 3000, 7)]
    [InlineData(64, 5000, 10)]
    [InlineData(130, 2000, 33)]
    [InlineData(12, 300, 10)]
    [InlineData(12, 700, 1000)]
    public void SelectMany_EveryGroupSize_EqualsThePlainScan(int width, int count, int k)
    {
        var random = new Random(21);
        var matrix = PlantedItems.Skewed(count, width, random);
        foreach (int queries in new[] { 1, 2, 3, 4, 5, 63, 64, 65, 200 })
            matrix.CheckMany(queries, k, random);
    }

    [Fact]
    public void SelectMany_TiesAndZeroQueries_EqualsThePlainScan()
    {
        var random = new Random(22);
        var matrix = PlantedItems.Whole(2500, 6, random);
        matrix.CheckMany(150, 20, random);
    }

    [Fact]
    public void SelectMany_ShapesThatDoNotFit_Throws()
    {
        var index = new ItemIndex(new float[600 * 2], 2);
        Assert.Throws<ArgumentException>(() => index.SelectMany([1, 2, 3], new float[1200], [0, 0], [], new string[600], new ScoredRow[2], new int[2]));
        Assert.Throws<ArgumentException>(() => index.SelectMany([1, 2, 3, 4], new float[1200], [0, 0], [], new string[600], new ScoredRow[3], new int[2]));
        Assert.Throws<ArgumentException>(() => index.SelectMany([1, 2, 3, 4], new float[1200], [0, 0], new ulong[10], new string[600], new ScoredRow[2], new int[2]));
        index.SelectMany([], new float[1200], [], [], new string[600], [], []);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SelectAndSelectMany_EveryShareOfAllowedRows_EqualsThePlainScan(bool isRandom)
    {
        // Rows of one length in every direction end the search by codes; about common directions they do not.
        var random = new Random(23);
        const int Count = 6_000, Width = 16, K = 10;
        var matrix = isRandom
            ? PlantedItems.Of([.. Enumerable.Range(0, Count * Width).Select(_ => random.NextSingle() - 0.5f)], Width, random)
            : PlantedItems.Skewed(Count, Width, random);
        foreach (double share in new[] { 0, 0.0005, 0.001, 0.01, 0.03, 0.032, 0.06, 0.1, 0.2, 0.24, 0.26, 0.5, 0.9 })
        {
            ulong[] excluded = [.. Enumerable.Range(0, (Count + 63) / 64).Select(word =>
                Enumerable.Range(0, 64).Aggregate(0UL, (bits, bit) => bits | (random.NextDouble() >= share ? 1UL << bit : 0)))];
            float[][] queries = [.. Enumerable.Range(0, 9).Select(_ => matrix.Query(random))];
            foreach (float[] query in queries)
                matrix.CheckSelect(query, 0.5f, excluded, K);
            var best = new ScoredRow[queries.Length * K];
            var counts = new int[queries.Length];
            matrix.Index.SelectMany(
                queries.SelectMany(q => q).ToArray(), matrix.Items, new float[queries.Length], Enumerable.Repeat(excluded, queries.Length).SelectMany(w => w).ToArray(), matrix.Ids, best, counts);
            for (int q = 0; q < queries.Length; q++)
            {
                var expected = new ScoredRow[K];
                int count = TopK.Select(queries[q], matrix.Items, Width, 0, excluded, matrix.Ids, expected);
                Assert.Equal(count, counts[q]);
                PlantedItems.RequireSame(expected.AsSpan(0, count), best.AsSpan(q * K, count));
            }
        }
    }

    [Fact]
    public void Select_AfterTheFirst_AllocatesNothing()
    {
        var random = new Random(20);
        var matrix = PlantedItems.Skewed(5000, 64, random);
        float[] query = matrix.Query(random);
        var best = new ScoredRow[10];
        matrix.Index.Select(query, matrix.Items, 0, [], matrix.Ids, best);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 10; n++)
            matrix.Index.Select(query, matrix.Items, 0, [], matrix.Ids, best);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Select_ShapesThatDoNotFit_Throws()
    {
        var index = new ItemIndex(new float[600 * 2], 2);
        Assert.Throws<ArgumentException>(() => new ItemIndex(new float[5], 2));
        Assert.Throws<ArgumentException>(() => index.Select([1], new float[1200], 0, [], new string[600], new ScoredRow[1]));
        Assert.Throws<ArgumentException>(() => index.Select([1, 2], new float[1198], 0, [], new string[599], new ScoredRow[1]));
        Assert.Throws<ArgumentException>(() => index.Select([1, 2], new float[1200], 0, [0UL], new string[600], new ScoredRow[1]));
    }
}
