using FsCheck;
using FsCheck.Fluent;

namespace OrleansRec.Model.Tests.TopKs;

/// <summary>The scan returns what sorting every score under the total order returns, ties included.</summary>
public sealed class TopKTests
{
    [Fact]
    public void Select_EveryWidthTo130_EqualsSortingAll()
    {
        var random = new Random(1);
        for (int width = 1; width <= 130; width++)
        {
            int count = random.Next(1, 400), k = random.Next(1, 50);
            // Whole numbers make every score exact in any order of summing, and ties frequent.
            float[] items = Whole(count * width, random), query = Whole(width, random);
            CheckSelect(items, query, width, Ids(count, random), Excluded(count, random), k, offset: 3);
        }
    }

    [Fact]
    public void Select_AllScoresEqual_OrdersByOrdinalId()
    {
        string[] ids = ["b", "a", "B", "é", "aa", "Z"];
        var best = new ScoredRow[4];
        Assert.Equal(4, TopK.Select([1f], [2f, 2, 2, 2, 2, 2], 1, 0, [], ids, best));
        Assert.Equal(["B", "Z", "a", "aa"], best.Select(b => ids[b.Row]));
    }

    [Fact]
    public void Select_FewerRowsThanK_ReturnsThemAll()
    {
        var best = new ScoredRow[10];
        Assert.Equal(2, TopK.Select([1f], [1f, 2, 3], 1, 0.5f, [0b010], ["a", "b", "c"], best));
        Assert.Equal([new(2, 3.5f), new(0, 1.5f)], best[..2]);
        Assert.Equal(0, TopK.Select([1f], [1f, 2, 3], 1, 0, [], ["a", "b", "c"], []));
        Assert.Equal(0, TopK.Select([1f], [], 1, 0, [], [], best));
    }

    [Fact]
    public void Select_ShapesThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentException>(() => TopK.Select([1f, 2], [1f, 2, 3], 2, 0, [], ["a", "b"], new ScoredRow[1]));
        Assert.Throws<ArgumentException>(() => TopK.Select([1f], [1f, 2], 2, 0, [], ["a"], new ScoredRow[1]));
        Assert.Throws<ArgumentException>(() => TopK.Select([1f], new float[65], 1, 0, [0UL], new string[65], new ScoredRow[1]));
        Assert.Throws<ArgumentException>(() => TopK.SelectAmong([1f], [1f, 2], 1, 0, [2], ["a", "b"], new ScoredRow[1]));
    }

    [Fact]
    public void SelectAmong_AnyCandidates_GivesTheScoresOfSelect()
    {
        var random = new Random(2);
        foreach (int width in new[] { 1, 7, 16, 64, 65, 100 })
        {
            int count = 300;
            float[] items = Als.PlantedPairs.Factors(count, width, random), query = Als.PlantedPairs.Factors(1, width, random);
            string[] ids = Ids(count, random);
            int[] candidates = [.. Enumerable.Range(0, count).Where(_ => random.Next(3) == 0).Reverse()];
            var excluded = new ulong[(count + 63) / 64];
            foreach (int row in Enumerable.Range(0, count).Except(candidates))
                excluded[row >> 6] |= 1UL << (row & 63);
            ScoredRow[] all = new ScoredRow[20], among = new ScoredRow[20];
            Assert.Equal(
                TopK.Select(query, items, width, 1.5f, excluded, ids, all),
                TopK.SelectAmong(query, items, width, 1.5f, candidates, ids, among));
            Assert.Equal(all, among);
        }
    }

    [Fact]
    public void NearestByCosine_PlantedDirections_FindsThem()
    {
        // Rows 1 and 3 point where row 0 does, at other lengths; row 2 is opposite, row 4 is zero, row 5 orthogonal.
        float[] items = [1, 2, 2, 4, -1, -2, 10, 20, 0, 0, 2, -1];
        string[] ids = ["a", "c", "d", "b", "e", "f"];
        var best = new ScoredRow[5];
        Assert.Equal(5, TopK.NearestByCosine(0, items, 2, TopK.InverseNorms(items, 2), [], ids, best));
        Assert.Equal([3, 1, 4, 5, 2], best.Select(b => b.Row));
        Assert.Equal(1, best[0].Score, 1e-6);
        Assert.Equal(-1, best[4].Score, 1e-6);
    }

    [Fact]
    public void Merge_ShardLists_EqualsOneListOverAll() => Prop.ForAll(
        Gen.Choose(0, 6).Two().ArrayOf().ToArbitrary(),
        drawn =>
        {
            var items = drawn.Select((d, n) => (Shard: d.Item1, Item: new ScoredItem($"i{n:D3}", d.Item2))).ToArray();
            ScoredItem[][] lists = [.. Enumerable.Range(0, 7).Select(s => items.Where(t => t.Shard == s).Select(t => t.Item).Order().ToArray())];
            for (int k = 0; k < items.Length + 3; k++)
                Assert.Equal(items.Select(t => t.Item).Order().Take(k), TopK.Merge(lists, k));
        }).QuickCheckThrowOnFailure();

    private static void CheckSelect(float[] items, float[] query, int width, string[] ids, ulong[] excluded, int k, float offset)
    {
        var expected = Enumerable.Range(0, ids.Length)
            .Where(row => (excluded[row >> 6] >> (row & 63) & 1) == 0)
            .Select(row => new ScoredRow(row, Enumerable.Range(0, width).Sum(f => query[f] * items[row * width + f]) + offset))
            .OrderByDescending(s => s.Score).ThenBy(s => ids[s.Row], StringComparer.Ordinal).Take(k).ToArray();
        var best = new ScoredRow[k];
        int count = TopK.Select(query, items, width, offset, excluded, ids, best);
        Assert.Equal(expected, best[..count]);
    }

    private static float[] Whole(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-2, 3))];

    private static string[] Ids(int count, Random random)
    {
        string[] ids = [.. Enumerable.Range(0, count).Select(n => $"item-{n * 7919 % 10007}")];
        random.Shuffle(ids);
        return ids;
    }

    private static ulong[] Excluded(int count, Random random) => [.. Enumerable.Range(0, (count + 63) / 64).Select(_ => (ulong)random.NextInt64() & (ulong)random.NextInt64())];
}
