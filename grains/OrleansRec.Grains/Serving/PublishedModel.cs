using System.Collections.Concurrent;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Sequence.Serving;

namespace OrleansRec.Grains.Serving;

/// <summary>One published version, whole and immutable: what a silo folds in and scores with. Safe for any number of readers.</summary>
public sealed class PublishedModel
{
    private readonly string[] ids;
    private readonly float[] factors;
    private readonly Dictionary<string, int> rows;
    private readonly Dictionary<string, TypeWeight> weights;
    private readonly ItemIndex index;
    private readonly ClusteredIndex? clusters;
    private readonly int probes;
    private readonly FoldIn foldIn;
    private readonly ConcurrentBag<FoldScratch> scratches = [];
    private volatile ModelCompanion? companion;
    private volatile CompanionParts? parts;
    private volatile SequencePart? sequence;
    private volatile bool isCompanionDue;

    /// <param name="info">What was published.</param>
    /// <param name="ids">Rows in the order of (hash, id), shape (n).</param>
    /// <param name="factors">Row-major, shape (n, width).</param>
    /// <param name="approximateProbes">See <see cref="Hosting.ServingOptions.ApproximateProbes"/>.</param>
    public PublishedModel(ModelInfo info, string[] ids, float[] factors, int approximateProbes = 0)
    {
        Info = info;
        Options = info.Plan.ToOptions();
        if ((long)ids.Length * Options.Width != factors.Length)
            throw new ArgumentException($"{ids.Length} rows of width {Options.Width} hold {(long)ids.Length * Options.Width} floats; got {factors.Length}.");
        this.ids = ids;
        this.factors = factors;
        rows = new(ids.Length, StringComparer.Ordinal);
        for (int row = 0; row < ids.Length; row++)
            rows.Add(ids[row], row);
        weights = info.Plan.TypeWeights.ToDictionary(w => w.Type, StringComparer.Ordinal);
        index = new(factors, Width);
        probes = approximateProbes;
        clusters = probes > 0 ? new(factors, Width, index.InverseNorms) : null;
        foldIn = new(Options, factors, ids.Length, info.Gram, info.GlobalMean);
    }

    public ModelInfo Info { get; }

    public long Version => Info.Version;

    public AlsOptions Options { get; }

    public int Width => Options.Width;

    public int ItemCount => ids.Length;

    public ReadOnlySpan<string> Ids => ids;

    public ReadOnlyMemory<string> IdsMemory => ids;

    /// <summary>The models beside the factors; null where there are none that can be used, or none yet.</summary>
    public ModelCompanion? Companion => companion;

    /// <summary>The models beside the factors as parts of a score over the version's rows; null where <see cref="Companion"/> is.</summary>
    public CompanionParts? Parts => parts;

    /// <summary>The sequence model; null where the version has none, or none that can be used.</summary>
    public SequencePart? Sequence => sequence;

    /// <summary>The parts of a score beside the factors.</summary>
    public IReadOnlyList<ISparsePart> PartsBeside => sequence is { } own ? [.. parts?.All ?? [], own] : parts?.All ?? [];

    /// <summary>How the parts are blended where nothing else is asked for.</summary>
    public BlendWeights Weights => companion?.Weights ?? (sequence is not null && Info.Plan.Sequence is { IsAlone: true } ? ModelCompanion.SequenceAlone : ModelCompanion.FactorsAlone);

    /// <summary>Items that this version does not know; of the silo that holds it.</summary>
    public NewItems? NewItems { get; private set; }

    /// <summary>Whether the store did not answer when they were read last.</summary>
    public bool IsCompanionDue => isCompanionDue;

    /// <summary>Row-major, shape (ItemCount, Width).</summary>
    public ReadOnlySpan<float> Factors => factors;

    /// <summary>Answers what a scan of <see cref="Factors"/> does, sooner.</summary>
    public ItemIndex Index => index;

    public FoldIn FoldIn => foldIn;

    /// <summary>Bytes of factors and indexes of a version.</summary>
    public static long BytesOf(ModelInfo info, int approximateProbes)
    {
        int width = info.Plan.ToOptions().Width;
        return info.Items * width * sizeof(float) + ItemIndex.BytesOf(info.Items, width) + (approximateProbes > 0 ? ClusteredIndex.BytesOf(info.Items, width) : 0);
    }

    /// <summary>The best rows for a query; exact unless the silo was told to approximate.</summary>
    public int Best(ReadOnlySpan<float> query, float offset, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best) =>
        clusters?.Select(query, factors, offset, excluded, ids, probes, best) is >= 0 and int count ? count : index.Select(query, factors, offset, excluded, ids, best);

    /// <summary>Whether <see cref="Best"/> answers what <see cref="ItemIndex.SelectMany"/> does, to the last bit.</summary>
    public bool IsExact => clusters is null;

    /// <summary>The row of an item, or −1.</summary>
    public int RowOf(string itemId) => rows.GetValueOrDefault(itemId, -1);

    public ReadOnlySpan<float> Row(int row) => factors.AsSpan(row * Width, Width);

    /// <summary>The weight of an event type in r; a type that the plan does not name weighs 1.</summary>
    public float WeightOf(string type) => weights.TryGetValue(type, out TypeWeight weight) ? weight.Weight : 1;

    /// <summary>What one event does to r of its pair; NaN where its type says nothing of a taste.</summary>
    public float AmountOf(string type, float value, long timeMs)
    {
        if (!weights.TryGetValue(type, out TypeWeight weight))
            return value;
        return weight.Weight == 0 ? float.NaN : weight.Weight * value * EventDecay.ShareOf(timeMs, Info.Plan.DecayAtMs, weight.HalfLifeMs);
    }

    /// <summary>Sets the models beside the factors.</summary>
    /// <param name="read">They over the version's rows, or null.</param>
    /// <param name="learned">The sequence model, or null.</param>
    /// <param name="catalogue">Where items come that the version does not know.</param>
    /// <param name="mayComeLater">Whether they are to be read again.</param>
    public void Take(CompanionParts? read, SequencePart? learned, CatalogueCopy catalogue, bool mayComeLater)
    {
        NewItems = read?.Companion.Ridge is null ? null : new(catalogue);
        (parts, companion, sequence, isCompanionDue) = (read, read?.Companion, learned, mayComeLater);
    }

    /// <summary>Work space for <see cref="FoldIn"/> without pairs; give it back. There are never more than there were callers at once.</summary>
    public FoldScratch TakeScratch()
    {
        if (!scratches.TryTake(out FoldScratch? scratch))
            return new(foldIn.CreateScratch());
        scratch.Pairs.Clear();
        return scratch;
    }

    public void Return(FoldScratch scratch) => scratches.Add(scratch);
}
