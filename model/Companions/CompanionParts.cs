using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Popularity;

namespace OrleansRec.Model.Companions;

/// <summary>The parts of a companion over the rows of one block, which may hold items that the version does not know: those have content, and no more.</summary>
public sealed class CompanionParts
{
    private CompanionParts(ModelCompanion companion, IReadOnlyList<ISparsePart> parts, NeighbourBlock neighbours, NeighbourBlock together, ContentPart? content) =>
        (Companion, All, Neighbours, Together, Content) = (companion, parts, neighbours, together, content);

    /// <summary>What they are made of.</summary>
    public ModelCompanion Companion { get; }

    /// <summary>All parts but the factorisation, each under its name.</summary>
    public IReadOnlyList<ISparsePart> All { get; }

    /// <summary>Item-item neighbours.</summary>
    public NeighbourBlock Neighbours { get; }

    /// <summary>Bought together.</summary>
    public NeighbourBlock Together { get; }

    /// <summary>Content; null where nothing is known of any item.</summary>
    public ContentPart? Content { get; }

    /// <summary>Makes the parts of a block.</summary>
    /// <param name="companion">The companion of the version.</param>
    /// <param name="versionIds">Ids of the version's rows.</param>
    /// <param name="blockIds">Ids of the block's rows, each once, shape (n).</param>
    /// <param name="features">What is known of each row of the block; null for nothing, shape (n).</param>
    /// <param name="contentOf">The content of an item of a past that is not in the block; null: such an item has none.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the companion belongs to other rows.</exception>
    public static CompanionParts Over(
        ModelCompanion companion, string[] versionIds, string[] blockIds, IReadOnlyList<ItemFeatures?> features, Func<string, SparseVector?>? contentOf = null)
    {
        ArgumentNullException.ThrowIfNull(companion);
        if (versionIds.Length != companion.ItemCount || ModelCompanion.HashOf(versionIds) != companion.ItemsHash)
            throw new ArgumentException($"The companion of version {companion.Version} has {companion.ItemCount} items, other ones than the {versionIds.Length} given.", nameof(versionIds));
        if (features.Count != blockIds.Length)
            throw new ArgumentException($"{blockIds.Length} rows need as many descriptions; got {features.Count}.", nameof(features));
        int[] itemOf = ItemsOf(versionIds, blockIds);
        NeighbourBlock Block(string name, NeighbourTable table) => new(
            name, Cut(table, itemOf), blockIds, versionIds, companion.ReadingOf(name), SourceSizes.Of([table], versionIds, companion.ItemCount));
        NeighbourBlock neighbours = Block(ModelCompanion.ItemItem, companion.Neighbours), together = Block(ModelCompanion.BoughtTogether, companion.Together);
        double[] likers = Array.ConvertAll(companion.Likers, n => (double)n);
        List<ISparsePart> parts =
        [
            new PopularityPart("popular", blockIds, Array.ConvertAll(itemOf, item => item < 0 ? 0 : likers[item]), PopularityPart.ScaleOf(likers)),
            new TrendingPart(blockIds, itemOf, companion.Days, companion.TrendingHalfLifeDays), neighbours, together,
            new BuyAgainPart(blockIds, companion.ItemCount, new()), new RecentlyViewedPart(blockIds, companion.ItemCount, companion.TrendingHalfLifeDays),
        ];
        ContentPart? content = ContentOf(companion, blockIds, features, contentOf);
        if (content is not null)
            parts.Add(content);
        return new(companion, parts, neighbours, together, content);
    }

    /// <summary>The part of a name, or null.</summary>
    public ISparsePart? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    private static ContentPart? ContentOf(ModelCompanion companion, string[] blockIds, IReadOnlyList<ItemFeatures?> features, Func<string, SparseVector?>? contentOf)
    {
        var vectors = new SparseVector[blockIds.Length];
        var rowOf = new Dictionary<string, int>(blockIds.Length, StringComparer.Ordinal);
        bool isKnown = false;
        for (int row = 0; row < vectors.Length; row++)
        {
            vectors[row] = features[row] is { } known ? companion.Terms.VectorOf(known) : SparseVector.Zero;
            isKnown |= vectors[row].Keys.Length > 0;
            rowOf.Add(blockIds[row], row);
        }
        return isKnown ? new(blockIds, vectors, id => rowOf.TryGetValue(id, out int row) ? vectors[row] : contentOf?.Invoke(id), companion.ReadingOf("content")) : null;
    }

    private static int[] ItemsOf(string[] versionIds, string[] blockIds)
    {
        if (versionIds.AsSpan().SequenceEqual(blockIds))
            return [.. Enumerable.Range(0, versionIds.Length)];
        var rows = new Dictionary<string, int>(versionIds.Length, StringComparer.Ordinal);
        for (int row = 0; row < versionIds.Length; row++)
            rows.Add(versionIds[row], row);
        return Array.ConvertAll(blockIds, id => rows.GetValueOrDefault(id, -1));
    }

    /// <summary>The rows of a table that a block has; an item that the version does not know has no neighbours.</summary>
    private static NeighbourTable Cut(NeighbourTable table, int[] itemOf)
    {
        var starts = new int[itemOf.Length + 1];
        for (int row = 0; row < itemOf.Length; row++)
            starts[row + 1] = starts[row] + (itemOf[row] < 0 ? 0 : table.Starts[itemOf[row] + 1] - table.Starts[itemOf[row]]);
        var (neighbours, weights) = (new int[starts[^1]], new float[starts[^1]]);
        for (int row = 0; row < itemOf.Length; row++)
        {
            if (itemOf[row] < 0)
                continue;
            table.NeighboursOf(itemOf[row]).CopyTo(neighbours.AsSpan(starts[row]));
            table.WeightsOf(itemOf[row]).CopyTo(weights.AsSpan(starts[row]));
        }
        return new(starts, neighbours, weights);
    }
}
