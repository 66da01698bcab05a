using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Sequence;

namespace OrleansRec.Model.Companions;

/// <summary>What a companion is built from.</summary>
public sealed record CompanionSource
{
    /// <summary>The version in the making.</summary>
    public required long Version { get; init; }

    /// <summary>The attempt at its training.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>How it was trained.</summary>
    public required AlsOptions Als { get; init; }

    /// <summary>Y after the last sweep, row-major, shape (items, Width).</summary>
    public required float[] ItemFactors { get; init; }

    /// <summary>YᵀY, shape (Width, Width); empty when explicit.</summary>
    public required double[] Gram { get; init; }

    /// <summary>μ when explicit, else 0.</summary>
    public double GlobalMean { get; init; }

    /// <summary>Share of users whose newest item the training has held out; 0: nothing was held out.</summary>
    public double HeldOutShare { get; init; }

    /// <summary>What users did.</summary>
    public required ShopHistories Histories { get; init; }

    /// <summary>What is known of each row of the version; null for nothing, shape (items).</summary>
    public required ItemFeatures?[] Features { get; init; }

    /// <summary>The sequence model of the version; null: there is none.</summary>
    public CompanionSequence? Sequence { get; init; }

    /// <summary>The moment of the training, milliseconds since 1970-01-01 UTC: what came after it is not counted as trending.</summary>
    public required long AtMs { get; init; }

    /// <summary>How.</summary>
    public CompanionOptions Options { get; init; } = new();

    /// <summary>Called between the steps, so that the work can be ended there by an exception.</summary>
    public Action Step { get; init; } = () => { };
}

/// <summary>The sequence model that lists are blended with.</summary>
/// <param name="Options">How it is trained; Epochs is the number that was chosen.</param>
/// <param name="IsAlone">Whether lists are those of the sequence model alone.</param>
public sealed record CompanionSequence(SequenceOptions Options, bool IsAlone);

/// <summary>Builds a companion: the same source gives the same bytes, on one thread or many.</summary>
public static class CompanionBuilder
{
    /// <summary>Builds it.</summary>
    /// <param name="source">What it is built from.</param>
    /// <param name="workers">Threads, ≥ 1.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static ModelCompanion Build(CompanionSource source, int workers = 1)
    {
        Check(source);
        string[] ids = source.Histories.ItemIds;
        var tables = CompanionTables.Of(source, source.Histories, new(NewestShare: source.HeldOutShare), workers);
        var terms = TermWeights.Of(source.Features.OfType<ItemFeatures>(), new());
        var (keys, counts) = terms.Counts(source.Options.TokensMax);
        terms = TermWeights.From(keys, counts, terms.ItemCount, new());
        var vectors = Array.ConvertAll(source.Features, f => f is null ? SparseVector.Zero : terms.VectorOf(f));
        source.Step();
        var companion = new ModelCompanion
        {
            Version = source.Version, Attempt = source.Attempt, ItemCount = ids.Length, ItemsHash = ModelCompanion.HashOf(ids),
            Read = (source.Histories.UserCount, source.Histories.Share), Neighbours = tables.Neighbours, Together = tables.Together, Likers = tables.Likers,
            Days = DailyCounts.Of(ids.Length, CompanionTables.LikesOf(source.Histories), source.AtMs), TrendingHalfLifeDays = source.Options.TrendingHalfLifeDays,
            Segments = SegmentRanks.Of(source.Histories),
            Terms = terms, Ridge = RidgeOf(source, vectors, tables.Pairs), Readings = new Dictionary<string, HistoryReading>(),
            Weights = ModelCompanion.DefaultOf(source.Sequence), Sigmoid = null, Quality = null,
        };
        source.Step();
        return CompanionBlend.Learn(companion, source, vectors, workers);
    }

    /// <summary>From content to factors, over the items with the most pairs.</summary>
    private static ContentFactors? RidgeOf(CompanionSource source, SparseVector[] vectors, HistoryPairs pairs)
    {
        int width = source.Als.Width;
        var counts = new int[vectors.Length];
        int[] columns = [];
        for (int user = 0; user < pairs.ByUser.RowCount; user++)
            foreach (int item in pairs.ByUser.Columns(user, ref columns))
                counts[item]++;
        int[] read = [.. Enumerable.Range(0, vectors.Length).Where(row => vectors[row].Keys.Length > 0 && counts[row] > 0)
            .OrderByDescending(row => counts[row]).ThenBy(row => row).Take(source.Options.RidgeItemsMax).Order()];
        if (read.Length == 0)
            return null;
        var factors = new float[read.Length * width];
        for (int n = 0; n < read.Length; n++)
            source.ItemFactors.AsSpan(read[n] * width, width).CopyTo(factors.AsSpan(n * width));
        return ContentFactors.Fit(Array.ConvertAll(read, row => vectors[row]), factors, width, source.Options.RidgeLambda, Array.ConvertAll(read, row => counts[row]));
    }

    private static void Check(CompanionSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        int items = source.Histories.ItemIds.Length;
        if (source.ItemFactors.Length != (long)items * source.Als.Width)
            throw new ArgumentException($"{items} rows of width {source.Als.Width} hold {(long)items * source.Als.Width} floats; got {source.ItemFactors.Length}.", nameof(source));
        if (source.Features.Length != items)
            throw new ArgumentException($"{items} rows need as many descriptions; got {source.Features.Length}.", nameof(source));
    }
}
