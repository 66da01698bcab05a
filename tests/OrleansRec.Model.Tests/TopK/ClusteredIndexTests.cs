namespace OrleansRec.Model.Tests.TopKs;

/// <summary>The clustered index gives scores of the plain scan, all of them when it looks everywhere, and most of them when rows have directions to go by.</summary>
public sealed class ClusteredIndexTests
{
    [Theory]
    [InlineData(3, 700)]
    [InlineData(17, 3000)]
    [InlineData(64, 4000)]
    public void Select_EveryClusterProbed_EqualsThePlainScan(int width, int count)
    {
        var random = new Random(31);
        var matrix = PlantedItems.Skewed(count, width, random);
        var index = new ClusteredIndex(matrix.Items, width, matrix.Index.InverseNorms);
        for (int q = 0; q < 50; q++)
        {
            float[] query = matrix.Query(random);
            ulong[] excluded = q % 2 == 0 ? [] : matrix.Excluded(random);
            ScoredRow[] expected = new ScoredRow[10], best = new ScoredRow[10];
            int among = TopK.Select(query, matrix.Items, width, 1, excluded, matrix.Ids, expected);
            int found = index.Select(query, matrix.Items, 1, excluded, matrix.Ids, ClusteredIndex.ClustersMax, best);
            Assert.Equal(among < 10 ? -1 : 10, found);
            if (found > 0)
                PlantedItems.RequireSame(expected, best);
        }
    }

    [Fact]
    public void Select_OneClusterInTen_FindsMostOfTheExactList()
    {
        var random = new Random(32);
        var matrix = PlantedItems.Skewed(8000, 32, random);
        var index = new ClusteredIndex(matrix.Items, 32, matrix.Index.InverseNorms);
        int found = 0;
        for (int q = 0; q < 200; q++)
        {
            float[] query = matrix.Query(random);
            ScoredRow[] expected = new ScoredRow[10], best = new ScoredRow[10];
            TopK.Select(query, matrix.Items, 32, 0, [], matrix.Ids, expected);
            Assert.Equal(10, index.Select(query, matrix.Items, 0, [], matrix.Ids, ClusteredIndex.ClustersOf(8000) / 10, best));
            found += expected.Intersect(best).Count();
        }
        Assert.InRange(found, 1600, 2000);
    }

    [Fact]
    public void Select_NothingToGoBy_LeavesTheAnswerToAnExactSearch()
    {
        var random = new Random(33);
        var matrix = PlantedItems.Skewed(1000, 8, random);
        var index = new ClusteredIndex(matrix.Items, 8, matrix.Index.InverseNorms);
        Assert.Equal(-1, index.Select(new float[8], matrix.Items, 0, [], matrix.Ids, 5, new ScoredRow[3]));
        Assert.Equal(-1, index.Select(matrix.Query(random), matrix.Items, 0, [], matrix.Ids, 1, new ScoredRow[900]));
        var few = PlantedItems.Skewed(100, 8, random);
        Assert.Equal(-1, new ClusteredIndex(few.Items, 8, few.Index.InverseNorms).Select(few.Query(random), few.Items, 0, [], few.Ids, 5, new ScoredRow[3]));
    }
}
