using System.Buffers;

namespace OrleansRec.Model;

/// <summary>The best of very many rows, nearly: only the clusters of rows whose direction suits the query are looked at.</summary>
/// <remarks>
/// Rows are dealt to about 2√n clusters by direction (k-means on the sphere). A cluster promises its leader: the mean direction times the length of its longest row. The clusters
/// that promise most are searched as <see cref="ItemIndex"/> searches all; so scores are those of the plain scan, and what may be missing are rows of other clusters. Immutable.
/// </remarks>
public sealed unsafe class ClusteredIndex
{
    /// <summary>Clusters, at most.</summary>
    public const int ClustersMax = 8_192;

    private const int RowsPerSample = 32, Rounds = 6, AssignedTogether = 4_096;

    private readonly ItemCodes? codes;
    private readonly int[] firstBlocks = [];
    private readonly float[] leaders = [];
    private readonly string[] names = [];
    private readonly ItemIndex? promises;
    private readonly int width;

    /// <param name="items">Row-major, shape (n, width), finite.</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="inverseNorms">From <see cref="TopK.InverseNorms"/>, shape (n).</param>
    public ClusteredIndex(ReadOnlySpan<float> items, int width, ReadOnlySpan<float> inverseNorms)
    {
        this.width = width;
        int count = inverseNorms.Length, clusters = ClustersOf(count);
        if (count < ItemIndex.RowsMin)
            return;
        names = [.. Enumerable.Range(0, clusters).Select(c => c.ToString("D5", System.Globalization.CultureInfo.InvariantCulture))];
        float[] centres = Centres(items, inverseNorms, clusters);
        int[] partOf = Assign(items, centres);
        codes = ItemCodes.Of(items, width, inverseNorms, partOf, clusters, out firstBlocks);
        if (codes is null)
            return;
        leaders = centres;
        for (int c = 0; c < clusters; c++)
        {
            double longest = firstBlocks[c] < firstBlocks[c + 1] ? codes.Bound(firstBlocks[c]).Norm : 0;
            foreach (ref float x in leaders.AsSpan(c * width, width))
                x = (float)(x * longest);
        }
        promises = new ItemIndex(leaders, width);
    }

    /// <summary>How many clusters so many rows are dealt to.</summary>
    public static int ClustersOf(long rowCount) => (int)Math.Clamp(2 * Math.Sqrt(rowCount), 1, ClustersMax);

    /// <summary>Bytes that an index of so many rows takes, at most.</summary>
    public static long BytesOf(long rowCount, int width)
    {
        int clusters = ClustersOf(rowCount);
        // A cluster's last block may be nearly empty.
        return rowCount < ItemIndex.RowsMin ? 0
            : ItemCodes.BytesOf(rowCount, width, ItemCodes.BlocksOf(rowCount) + clusters) + clusters * (width * 4L + 32) + ItemIndex.BytesOf(clusters, width);
    }

    /// <summary>The best rows of the clusters that promise most.</summary>
    /// <param name="query">Shape (width), finite.</param>
    /// <param name="items">The matrix that the index was made of.</param>
    /// <param name="offset">Added to each score.</param>
    /// <param name="excluded">One bit a row; empty: none is left out.</param>
    /// <param name="ids">Id of each row, shape (n).</param>
    /// <param name="probes">How many clusters are searched.</param>
    /// <param name="best">Receives the best, best first; its length is k.</param>
    /// <returns>k; or −1 where only an exact search can answer: too few rows in those clusters, or a query that promises nothing.</returns>
    public int Select(
        ReadOnlySpan<float> query, ReadOnlySpan<float> items, float offset, ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids, int probes, Span<ScoredRow> best)
    {
        TopK.RequireShapes(query, items, width, ids);
        TopK.RequireExcluded(excluded, ids.Length);
        if (codes is null || best.IsEmpty || !float.IsFinite(offset))
            return -1;
        int* coded = stackalloc int[codes.Groups];
        if (!QueryCode.TryMake(query, new(coded, codes.Groups), out QueryCode code))
            return -1;
        ScoredRow[] rented = ArrayPool<ScoredRow>.Shared.Rent(Math.Min(probes, names.Length));
        Span<ScoredRow> chosen = rented.AsSpan(0, Math.Min(probes, names.Length));
        promises!.Select(query, leaders, 0, [], names, chosen);
        var scores = new ItemScores(query, items, width, offset);
        var heap = new BestRows(best, ids);
        var search = new CodeSearch(codes, coded, code, width, givesUp: false);
        foreach (ScoredRow cluster in chosen)
            search.Take(firstBlocks[cluster.Row], firstBlocks[cluster.Row + 1], scores, excluded, ref heap);
        ArrayPool<ScoredRow>.Shared.Return(rented);
        return heap.IsFull ? heap.Sort() : -1;
    }

    /// <summary>Mean directions of a sample's clusters, by a few rounds of k-means on the sphere; every round's sums are in the order of rows.</summary>
    private float[] Centres(ReadOnlySpan<float> items, ReadOnlySpan<float> inverseNorms, int clusters)
    {
        int count = inverseNorms.Length, step = Math.Max(1, count / (clusters * RowsPerSample));
        var sample = new float[(count + step - 1) / step * width];
        for (int n = 0; n * step < count; n++)
            System.Numerics.Tensors.TensorPrimitives.Multiply(items.Slice(n * step * width, width), inverseNorms[n * step], sample.AsSpan(n * width, width));
        var centres = new float[clusters * width];
        int sampled = sample.Length / width;
        for (int c = 0; c < clusters; c++)
            sample.AsSpan((int)((long)c * sampled / clusters) * width, width).CopyTo(centres.AsSpan(c * width, width));
        var sums = new double[centres.Length];
        for (int round = 0; round < Rounds; round++)
        {
            int[] nearest = Assign(sample, centres);
            Array.Clear(sums);
            for (int n = 0; n < sampled; n++)
                for (int j = 0; j < width; j++)
                    sums[nearest[n] * width + j] += sample[n * width + j];
            Normalise(sums, centres);
        }
        return centres;
    }

    private void Normalise(double[] sums, float[] centres)
    {
        for (int first = 0; first < sums.Length; first += width)
        {
            double squares = 0;
            for (int j = 0; j < width; j++)
                squares += sums[first + j] * sums[first + j];
            // A cluster that lost all its rows keeps its place.
            if (squares > 0)
                for (int j = 0; j < width; j++)
                    centres[first + j] = (float)(sums[first + j] / Math.Sqrt(squares));
        }
    }

    /// <summary>The centre that each row points to most.</summary>
    private int[] Assign(ReadOnlySpan<float> rows, float[] centres)
    {
        var index = new ItemIndex(centres, width);
        var nearest = new int[rows.Length / width];
        var best = new ScoredRow[AssignedTogether];
        var counts = new int[AssignedTogether];
        var offsets = new float[AssignedTogether];
        for (int first = 0; first < nearest.Length; first += AssignedTogether)
        {
            int count = Math.Min(AssignedTogether, nearest.Length - first);
            index.SelectMany(
                rows.Slice(first * width, count * width), centres, offsets.AsSpan(0, count), [], names, best.AsSpan(0, count), counts.AsSpan(0, count));
            for (int n = 0; n < count; n++)
                nearest[first + n] = best[n].Row;
        }
        return nearest;
    }
}
