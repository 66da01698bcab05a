namespace OrleansRec.Model.Tests.TopKs;

/// <summary>A factor matrix with its ids and index, and comparisons with the plain scan.</summary>
internal sealed class PlantedItems
{
    private readonly int width;

    private PlantedItems(float[] items, int width, string[] ids) =>
        (Items, this.width, Ids, Index) = (items, width, ids, new ItemIndex(items, width));

    public float[] Items { get; }

    public string[] Ids { get; }

    public ItemIndex Index { get; }

    public static PlantedItems Of(float[] items, int width, Random random)
    {
        string[] ids = [.. Enumerable.Range(0, items.Length / width).Select(n => $"item-{n * 7919L % 100003}")];
        random.Shuffle(ids);
        return new(items, width, ids);
    }

    /// <summary>Rows about a few directions with lengths of a power law, as training makes them; one in ten is another's copy, one in twenty zero.</summary>
    public static PlantedItems Skewed(int count, int width, Random random)
    {
        float[][] tastes = [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, width).Select(_ => Normal(random)).ToArray())];
        var items = new float[count * width];
        for (int row = 0; row < count; row++)
        {
            var into = items.AsSpan(row * width, width);
            if (row > 0 && random.Next(10) == 0)
                items.AsSpan(random.Next(row) * width, width).CopyTo(into);
            else if (random.Next(20) != 0)
            {
                float[] taste = tastes[random.Next(tastes.Length)];
                float length = MathF.Pow(random.NextSingle() + 1e-4f, -0.5f) * 0.1f;
                for (int j = 0; j < width; j++)
                    into[j] = length * (taste[j] + 0.7f * Normal(random));
            }
        }
        return Of(items, width, random);
    }

    /// <summary>Small whole numbers: every score is exact in any order of summing, and ties are many.</summary>
    public static PlantedItems Whole(int count, int width, Random random) =>
        Of([.. Enumerable.Range(0, count * width).Select(_ => (float)random.Next(-2, 3))], width, random);

    public float[] Query(Random random) => [.. Enumerable.Range(0, width).Select(_ => Normal(random))];

    /// <summary>None, a quarter, or nearly all.</summary>
    public ulong[] Excluded(Random random)
    {
        int kind = random.Next(4);
        if (kind == 0)
            return [];
        return [.. Enumerable.Range(0, (Ids.Length + 63) / 64).Select(_ =>
        {
            ulong bits = Bits(random) & Bits(random);
            return kind == 1 ? bits : kind == 2 ? ~bits : ~(bits & Bits(random) & Bits(random) & Bits(random) & Bits(random) & Bits(random));
        })];
    }

    public void CheckSelect(float[] query, float offset, ulong[] excluded, int k)
    {
        ScoredRow[] expected = new ScoredRow[k], best = new ScoredRow[k];
        int count = TopK.Select(query, Items, width, offset, excluded, Ids, expected);
        Assert.Equal(count, Index.Select(query, Items, offset, excluded, Ids, best));
        RequireSame(expected.AsSpan(0, count), best.AsSpan(0, count));
    }

    public void CheckNearest(int row, ulong[] excluded, int k)
    {
        ScoredRow[] expected = new ScoredRow[k], best = new ScoredRow[k];
        int count = TopK.NearestByCosine(row, Items, width, TopK.InverseNorms(Items, width), excluded, Ids, expected);
        Assert.Equal(count, Index.NearestByCosine(row, Items, excluded, Ids, best));
        RequireSame(expected.AsSpan(0, count), best.AsSpan(0, count));
    }

    /// <summary>Queries of this matrix's kind, one in eight of them zero, each with its own excluded rows and offset.</summary>
    public void CheckMany(int count, int k, Random random)
    {
        int words = (Ids.Length + 63) / 64;
        float[] queries = [.. Enumerable.Range(0, count).SelectMany(q => q % 8 == 7 ? new float[width] : Query(random))];
        float[] offsets = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(3))];
        ulong[] excluded = random.Next(3) == 0 ? [] : [.. Enumerable.Range(0, count).SelectMany(_ => Excluded(random) is { Length: > 0 } bits ? bits : new ulong[words])];
        var best = new ScoredRow[count * k];
        var counts = new int[count];
        Index.SelectMany(queries, Items, offsets, excluded, Ids, best, counts);
        for (int q = 0; q < count; q++)
        {
            var expected = new ScoredRow[k];
            int among = TopK.Select(queries.AsSpan(q * width, width), Items, width, offsets[q], excluded.Length == 0 ? [] : excluded.AsSpan(q * words, words), Ids, expected);
            Assert.Equal(among, counts[q]);
            RequireSame(expected.AsSpan(0, among), best.AsSpan(q * k, among));
        }
    }

    public static void RequireSame(ReadOnlySpan<ScoredRow> expected, ReadOnlySpan<ScoredRow> actual)
    {
        for (int n = 0; n < expected.Length; n++)
        {
            Assert.False(float.IsNaN(actual[n].Score));
            Assert.True(
                expected[n].Row == actual[n].Row && BitConverter.SingleToInt32Bits(expected[n].Score) == BitConverter.SingleToInt32Bits(actual[n].Score),
                $"Rank {n + 1} is {expected[n]}; the index says {actual[n]}.");
        }
    }

    private static ulong Bits(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
