using OrleansRec.Model;

namespace OrleansRec.Model.Tests.Training;

/// <summary>
/// Goal: what shards exchange before a training comes to the same two orientations however users and items are dealt out. Method: random pairs, laid out
/// for one shard and for several, compared entry by entry.
/// </summary>
public class PairBlockTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(16, 7)]
    public void ColumnMerge_AnyNumberOfShards_GivesTheTransposeOfAllPairs(int userShards, int itemShards)
    {
        var random = new Random(5);
        string[] users = [.. Enumerable.Range(0, 200).Select(u => $"u{u}").OrderBy(RowKey.Of)];
        string[] items = [.. Enumerable.Range(0, 90).Select(i => $"i{i}").OrderBy(RowKey.Of)];
        var r = new Dictionary<(string, string), float>();
        for (int i = 0; i < 2_000; i++)
            r[(users[random.Next(users.Length)], items[random.Next(items.Length)])] = random.Next(1, 9);

        PairBlock[] blocks = [.. Enumerable.Range(0, userShards).Select(s => Block(users.Where(u => Buckets.ShardOf(u, userShards) == s), items, r, random))];
        string[] allUsers = [.. blocks.SelectMany(b => b.UserIds)];
        Assert.Equal(users.Where(u => r.Keys.Any(k => k.Item1 == u)), allUsers);

        var seen = new Dictionary<(string, string), float>();
        var allItems = new List<string>();
        for (int itemShard = 0; itemShard < itemShards; itemShard++)
        {
            var merge = new ColumnMerge();
            int offset = 0;
            foreach (PairBlock block in blocks)
            {
                var (first, end) = block.ItemsOf(Buckets.OfShard(itemShard, itemShards));
                merge.Count(block.ItemIds[first..end], block.PairsOfItem[first..end]);
            }
            merge.Reserve(allUsers.Length);
            foreach (PairBlock block in blocks)
            {
                var (first, end) = block.ItemsOf(Buckets.OfShard(itemShard, itemShards));
                // As over the wire: in chunks, here of at most two items.
                for (int from = first; from < end; from += 2)
                {
                    int to = Math.Min(from + 2, end);
                    var (starts, rowsOf, valuesOf) = block.ByItem(from, to);
                    merge.Fill(offset, block.ItemIds[from..to], starts, rowsOf, valuesOf);
                }
                offset += block.UserIds.Length;
            }
            var (ids, rows) = merge.Build();
            allItems.AddRange(ids);
            for (int row = 0; row < ids.Length; row++)
            {
                Assert.Equal(rows.Columns(row).ToArray().Order(), rows.Columns(row).ToArray());
                for (int i = 0; i < rows.Columns(row).Length; i++)
                    seen.Add((allUsers[rows.Columns(row)[i]], ids[row]), rows.Values(row)[i]);
            }
        }

        Assert.Equal(items.Where(i => r.Keys.Any(k => k.Item2 == i)), allItems);
        Assert.Equal(r.OrderBy(p => p.Key), seen.OrderBy(p => p.Key));
    }

    [Fact]
    public void Build_WorkedExample_IsAsDocumented()
    {
        string[] users = [.. new[] { "u", "v" }.OrderBy(RowKey.Of)];
        string[] items = [.. new[] { "a", "c" }.OrderBy(RowKey.Of)];
        var builder = new PairBlock.Builder();
        builder.Add(users[0], [1, 0], [1f, 2f]);
        builder.Add(users[1], [1], [3f]);

        PairBlock block = builder.Build(items.Length, i => items[i]);

        Assert.Equal([0, 2, 3], block.ByUser.Starts);
        Assert.Equal([0, 1, 1], ColumnsOf(block.ByUser));
        Assert.Equal([2f, 1f, 3f], [.. block.ByUser.Values(0), .. block.ByUser.Values(1)]);
        InteractionRows byItem = block.ByItem();
        Assert.Equal([0, 1, 3], byItem.Starts);
        Assert.Equal([0, 0, 1], ColumnsOf(byItem));
        Assert.Equal([2f, 1f, 3f], [.. byItem.Values(0), .. byItem.Values(1)]);
        Assert.Equal([1, 2], block.PairsOfItem.ToArray());
        Assert.Equal([7, 9, 9], ColumnsOf(block.TakeWithColumns([7, 9], 10)));
    }

    [Fact]
    public void Build_PairsThatWereCountedDoNotCome_Throws()
    {
        var merge = new ColumnMerge();
        merge.Count(["a", "b"], [2, 1]);
        merge.Reserve(3);
        merge.Fill(0, ["a"], [0, 2], [0, 1], [1f, 1f]);
        Assert.Throws<InvalidOperationException>(() => merge.Build());
        Assert.Throws<ArgumentException>(() => merge.Fill(2, ["b"], [0, 2], [0, 1], [1f, 1f]));
        merge.Fill(2, ["b"], [0, 1], [0], [5f]);
        var (ids, rows) = merge.Build();
        Assert.Equal((string[])["a", "b"], ids.Order());
        Assert.Equal(3, rows.PairCount);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(1, 8)]
    [InlineData(1000, 1)]
    [InlineData(1000, 16)]
    public void Divide_AnyRows_CoversEachOnceInEvenPieces(int rowCount, int pieces)
    {
        var random = new Random(rowCount + pieces);
        var starts = new int[rowCount + 1];
        for (int row = 0; row < rowCount; row++)
            starts[row + 1] = starts[row] + random.Next(0, 30);
        int[] columns = [.. Enumerable.Range(0, rowCount).SelectMany(row => Enumerable.Range(0, starts[row + 1] - starts[row]))];
        var rows = new InteractionRows(starts, columns, new float[starts[^1]]);

        int[] bounds = RowPieces.Divide(rows, pieces, rowCost: 4);

        Assert.Equal(0, bounds[0]);
        Assert.Equal(rowCount, bounds[^1]);
        Assert.Equal(bounds.Order(), bounds);
        Assert.True(bounds.Length - 1 <= pieces + 1, $"{bounds.Length - 1} pieces; asked for {pieces}.");
        long most = (starts[^1] + 4L * rowCount) / pieces + 2 * 34;
        for (int piece = 0; piece + 1 < bounds.Length; piece++)
            Assert.True(starts[bounds[piece + 1]] - starts[bounds[piece]] + 4L * (bounds[piece + 1] - bounds[piece]) <= most);
    }

    private static int[] ColumnsOf(InteractionRows rows) => [.. Enumerable.Range(0, rows.RowCount).SelectMany(row => rows.Columns(row).ToArray())];

    private static PairBlock Block(IEnumerable<string> users, string[] items, Dictionary<(string, string), float> r, Random random)
    {
        // Item numbers of a shard are in the order of arrival: any order.
        string[] numbered = [.. items.OrderBy(_ => random.Next())];
        var builder = new PairBlock.Builder();
        foreach (string user in users)
        {
            int[] own = [.. Enumerable.Range(0, numbered.Length).Where(i => r.ContainsKey((user, numbered[i])))];
            builder.Add(user, own, [.. own.Select(i => r[(user, numbered[i])])]);
        }
        return builder.Build(numbered.Length, i => numbered[i]);
    }
}
