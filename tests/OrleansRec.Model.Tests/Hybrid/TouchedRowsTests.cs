using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Tests.Hybrid;

/// <summary>Goal: scores and best rows are the same bits whether rows are noted one by one or passed over all at once, and nothing is left behind for the next query. Method: random additions, the same to both.</summary>
public sealed class TouchedRowsTests
{
    [Fact]
    public void Best_NotedOrPassedOver_IsThatOfAllScores()
    {
        var random = new Random(1);
        foreach (int rowCount in new[] { 1, 7, 8, 9, 63, 64, 65, 1_000 })
        {
            string[] ids = [.. Enumerable.Range(0, rowCount).Select(row => $"i{row * 7919 % rowCount:0000}{row}")];
            TouchedRows noted = new(rowCount), passed = new(rowCount);
            for (int query = 0; query < 20; query++)
                Compare(random, ids, noted, passed);
        }
    }

    private static void Compare(Random random, string[] ids, TouchedRows noted, TouchedRows passed)
    {
        noted.Begin(0);
        passed.Begin(long.MaxValue);
        var scores = new float[ids.Length];
        for (int n = 0; n < 5; n++)
        {
            // Few weights, so that scores are equal often; some are below 0.
            int[] rows = [.. Enumerable.Range(0, ids.Length).Where(_ => random.Next(3) == 0)];
            float[] weights = [.. rows.Select(_ => random.Next(4) / 4f)];
            float amount = random.Next(-1, 3);
            noted.Add(rows, weights, amount);
            passed.Add(rows, weights, amount);
            for (int m = 0; m < rows.Length; m++)
                scores[rows[m]] += amount * weights[m];
        }
        var excluded = new ulong[RowWords.CountOf(ids.Length)];
        foreach (int row in Enumerable.Range(0, ids.Length).Where(_ => random.Next(5) == 0))
            RowWords.Set(excluded, row, true);
        ScoredRow[] expected = [.. Enumerable.Range(0, ids.Length).Where(row => scores[row] > 0 && !RowWords.Has(excluded, row))
            .OrderByDescending(row => scores[row]).ThenBy(row => ids[row], StringComparer.Ordinal).Take(10).Select(row => new ScoredRow(row, scores[row]))];
        foreach (TouchedRows touched in new[] { noted, passed })
        {
            var best = new ScoredRow[10];
            Assert.Equal(expected, best[..touched.Best(excluded, ids, best)]);
            var read = new float[ids.Length];
            touched.Read([.. Enumerable.Range(0, ids.Length)], read);
            Assert.Equal(scores, read);
            touched.Clear();
        }
    }
}
