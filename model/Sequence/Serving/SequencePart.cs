using System.Collections.Concurrent;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Sequence.Serving;

/// <summary>A user's history as a query against the items' embeddings.</summary>
/// <param name="items">The items that were read, oldest first.</param>
/// <param name="state">The state after the last of them, shape (d).</param>
/// <param name="past">The past that amounts are told of.</param>
public sealed class SequenceQuery(int[] items, float[] state, PastItem[] past) : PartQuery
{
    /// <summary>The items that were read, oldest first.</summary>
    public ReadOnlySpan<int> Items => items;

    /// <summary>The state after the last of them, shape (d).</summary>
    public ReadOnlySpan<float> State => state;

    /// <summary>The past that amounts are told of.</summary>
    public ReadOnlySpan<PastItem> Past => past;

    /// <summary>The state without all events of each item of the past, made when the first row is explained.</summary>
    internal float[]?[] Without { get; } = new float[past.Length][];
}

/// <summary>A sequence model as a part of a score: the score of item i is ⟨state, e_i⟩, its embedding's product with the state after the user's last item.</summary>
/// <remarks>Rows are the items of one version, in its order; the best are found by the same exact index as those of the factors. Safe for many callers.</remarks>
public sealed class SequencePart : ISparsePart
{
    /// <summary>The name of the part.</summary>
    public const string PartName = "sequence";

    /// <summary>Encodings that users keep at once; one more takes the place of the one that was made longest ago. At d = 64, n = 50 and one block some 250 MB.</summary>
    public const int EncodingsMax = 10_000;

    private readonly string[] _ids;
    private readonly Func<string, int> _rowOf;
    private readonly SequenceEncoder _encoder;
    private readonly float[] _embeddings;
    private readonly ItemIndex _index;
    private readonly double[] _gram;
    private readonly KeptEncoding?[] _kept = new KeptEncoding?[EncodingsMax];
    private readonly ConcurrentBag<EncodedHistory> _histories = [];
    private readonly ConcurrentBag<EncoderScratch> _scratches = [];
    private int _next;

    /// <summary>Makes ready: packs the weights and indexes the embeddings.</summary>
    /// <param name="parameters">The model; kept, and not to be changed.</param>
    /// <param name="itemIds">Id of each item, shape (V); kept.</param>
    /// <param name="rowOf">The row of an item, or −1.</param>
    public SequencePart(SequenceParameters parameters, string[] itemIds, Func<string, int> rowOf)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(itemIds);
        if (itemIds.Length != parameters.Layout.ItemCount)
            throw new ArgumentException($"The model has {parameters.Layout.ItemCount} items; got {itemIds.Length} ids.", nameof(itemIds));
        (_ids, _rowOf, _encoder, _embeddings) = (itemIds, rowOf, new(parameters), parameters.Items.ToArray());
        _index = new(_embeddings, Width);
        _gram = new double[Width * Width];
        GramMatrix.AddUpper(_embeddings, Width, _gram);
        GramMatrix.Mirror(_gram, Width);
    }

    /// <inheritdoc/>
    public string Name => PartName;

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _ids;

    /// <summary>Encodes histories for this part.</summary>
    public SequenceEncoder Encoder => _encoder;

    private int Width => _encoder.Parameters.Layout.Options.Width;

    /// <summary>Reads the past in the order of time, each item once; without any item of the model the query has no scale.</summary>
    public PartQuery Prepare(UserSignals signals)
    {
        int[] read = ItemsOf(signals, _rowOf);
        return Query(read, StateOf(read), signals.Past.ToArray());
    }

    /// <summary>The items of a past in the order of time; those of one moment by the hash of their ids, an order that says nothing: where ids ascend within an order, a model would learn just that.</summary>
    /// <param name="signals">The past.</param>
    /// <param name="rowOf">The row of an item, or −1.</param>
    public static int[] ItemsOf(UserSignals signals, Func<string, int> rowOf)
    {
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(rowOf);
        var items = new List<(int Row, long TimeMs, ulong Hash)>(signals.Past.Length);
        for (int n = 0; n < signals.Past.Length; n++)
            if (signals.Past[n].Value > 0 && rowOf(signals.Past[n].ItemId) is >= 0 and int row)
                items.Add((row, signals.Past[n].TimeMs, signals.Hashes[n]));
        items.Sort(static (a, b) => a.TimeMs != b.TimeMs ? a.TimeMs.CompareTo(b.TimeMs) : a.Hash.CompareTo(b.Hash));
        return [.. items.Select(i => i.Row)];
    }

    /// <summary>The query of a history that is encoded already.</summary>
    /// <param name="items">The items that were read, oldest first.</param>
    /// <param name="state">The state after the last of them.</param>
    /// <param name="past">The past that amounts are told of.</param>
    public SequenceQuery Query(int[] items, float[] state, PastItem[] past)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new(items, state, past) { Scale = items.Length == 0 ? 0 : QueryScale.Of(_gram, state, _ids.Length) };
    }

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores) => ItemScan.Scores(((SequenceQuery)query).State, _embeddings, 0, scores);

    /// <inheritdoc/>
    public void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        ReadOnlySpan<float> state = ((SequenceQuery)query).State;
        for (int n = 0; n < rows.Length; n++)
            scores[n] = ItemScan.Score(state, _embeddings, rows[n], Width, 0);
    }

    /// <inheritdoc/>
    /// <remarks>Scores below 0 count too: they are products, and only their order says something.</remarks>
    public int Best(PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best) =>
        _index.Select(((SequenceQuery)query).State, _embeddings, 0, excluded, _ids, best);

    /// <summary>What each item of the past adds: by how much the score falls when all its events are left out of the window and the rest is encoded anew. Not a share of the score; the offset is what they leave.</summary>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        var asked = (SequenceQuery)query;
        double score = ItemScan.Score(asked.State, _embeddings, row, Width, 0), sum = 0;
        int[] window = asked.Items[HistoryWindow.Start(asked.Items.Length, _encoder.Parameters.Layout.Options.Length)..].ToArray();
        amounts.Clear();
        for (int n = 0; n < asked.Past.Length; n++)
        {
            int left = _rowOf(asked.Past[n].ItemId);
            if (left < 0 || Array.IndexOf(window, left) < 0)
                continue;
            float[] without = asked.Without[n] ??= StateOf([.. window.Where(item => item != left)]);
            sum += amounts[n] = score - ItemScan.Score(without, _embeddings, row, Width, 0);
        }
        return score - sum;
    }

    /// <summary>Counts a kept encoding, and drops the one whose place it takes.</summary>
    internal void TakePlace(KeptEncoding kept)
    {
        int place = (int)((uint)Interlocked.Increment(ref _next) % EncodingsMax);
        if (Interlocked.Exchange(ref _kept[place], kept) is { } before && before != kept)
            before.Drop(this);
    }

    /// <summary>Brings an encoding to a history: by the items that it has more where it is the same before them, else anew.</summary>
    internal void Continue(EncodedHistory history, ReadOnlySpan<int> items)
    {
        EncoderScratch scratch = _scratches.TryTake(out var free) ? free : _encoder.CreateScratch();
        int known = history.HistoryLength, start = HistoryWindow.Start(known, _encoder.Parameters.Layout.Options.Length);
        if (known > 0 && known <= items.Length && history.Window.SequenceEqual(items[start..known]))
            foreach (int item in items[known..])
                _encoder.Append(item, history, scratch);
        else
            _encoder.Encode(items, history, scratch);
        _scratches.Add(scratch);
    }

    private float[] StateOf(int[] items)
    {
        EncodedHistory history = _histories.TryTake(out var free) ? free : _encoder.CreateHistory();
        Continue(history, items);
        float[] state = history.State.ToArray();
        _histories.Add(history);
        return state;
    }
}
