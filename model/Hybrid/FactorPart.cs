namespace OrleansRec.Model.Hybrid;

/// <summary>A user's vector, and the past that it was solved from.</summary>
public sealed class FactorQuery : PartQuery
{
    /// <summary>Multiplied with an item's row, shape (width).</summary>
    public required float[] Query { get; init; }

    /// <summary>Added to each product.</summary>
    public required float Offset { get; init; }

    /// <summary>Item rows of the past that the model knows, ascending.</summary>
    public required int[] Rows { get; init; }

    /// <summary>Value of each.</summary>
    public required float[] Values { get; init; }

    /// <summary>Which item of the past each of them is.</summary>
    public required int[] PastIndex { get; init; }
}

/// <summary>The factorisation as a part: score = x_u · y_i, x_u being solved from the past (fold-in), explained as Hu, Koren and Volinsky (2008, section 5) do.</summary>
/// <remarks>The values of a past are weighed by its age before x_u is solved, where the reading has a half-life. The scale is √(xᵀ·YᵀY·x / I), the exact root of the mean square.</remarks>
public sealed class FactorPart : ISparsePart
{
    private readonly AlsModel _model;
    private readonly string[] _itemIds;
    private readonly HistoryReading _reading;
    private readonly FoldIn _foldIn;
    private readonly System.Collections.Concurrent.ConcurrentBag<FoldInScratch> _scratches = [];
    private readonly ItemIndex? _index;
    private readonly Dictionary<ulong, int> _rowOf;

    /// <summary>Takes a trained model with all its items.</summary>
    /// <param name="model">The model.</param>
    /// <param name="itemIds">Id of each row of its factors.</param>
    /// <param name="reading">How a past is weighed; a power of 1 gives the model the values as it was trained on them.</param>
    /// <param name="index">The index of the factors, where there is one: the best rows are then found without a pass over all.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public FactorPart(AlsModel model, string[] itemIds, HistoryReading reading, ItemIndex? index = null)
    {
        (_model, _itemIds, _reading, _index) = (model, itemIds, reading, index);
        _foldIn = new(model.Options, model.ItemFactors, itemIds.Length, model.Gram, model.GlobalMean);
        _rowOf = Enumerable.Range(0, itemIds.Length).ToDictionary(row => IdHash.Of(itemIds[row]));
    }

    /// <inheritdoc/>
    public string Name => "als";

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _itemIds;

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals)
    {
        var weights = new float[signals.Past.Length];
        _reading.Weigh(signals, weights);
        var known = new List<(int Row, float Value, int Index)>();
        for (int n = 0; n < weights.Length; n++)
            if (weights[n] != 0 && _rowOf.TryGetValue(signals.Hashes[n], out int row))
                known.Add((row, weights[n], n));
        known.Sort((a, b) => a.Row.CompareTo(b.Row));
        int[] rows = [.. known.Select(k => k.Row)];
        float[] values = [.. known.Select(k => k.Value)], x = new float[_model.Options.Width], query = new float[x.Length];
        var scratch = TakeScratch();
        _foldIn.Solve(rows, values, x, scratch);
        _scratches.Add(scratch);
        float offset = _foldIn.Query(x, query);
        return new FactorQuery { Query = query, Offset = offset, Rows = rows, Values = values, PastIndex = [.. known.Select(k => k.Index)], Scale = QueryScale.Of(_model.Gram, x, _itemIds.Length) };
    }

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores)
    {
        var asked = (FactorQuery)query;
        ItemScan.Scores(asked.Query, _model.ItemFactors, asked.Offset, scores);
    }

    /// <inheritdoc/>
    public void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        var asked = (FactorQuery)query;
        for (int n = 0; n < rows.Length; n++)
            scores[n] = ItemScan.Score(asked.Query, _model.ItemFactors, rows[n], _model.Options.Width, asked.Offset);
    }

    /// <inheritdoc/>
    public int Best(PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best)
    {
        var asked = (FactorQuery)query;
        int count = _index is { } index
            ? index.Select(asked.Query, _model.ItemFactors, asked.Offset, excluded, _itemIds, best)
            : TopK.Select(asked.Query, _model.ItemFactors, _model.Options.Width, asked.Offset, excluded, _itemIds, best);
        while (count > 0 && best[count - 1].Score <= 0)
            count--;
        return count;
    }

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        amounts.Clear();
        var asked = (FactorQuery)query;
        int n = asked.Rows.Length;
        double[] own = new double[n], similarities = new double[n], weights = new double[n];
        var scratch = TakeScratch();
        double offset = _foldIn.Explain(asked.Rows, asked.Values, row, own, similarities, weights, scratch);
        _scratches.Add(scratch);
        for (int i = 0; i < n; i++)
            amounts[asked.PastIndex[i]] = own[i];
        return offset;
    }

    private FoldInScratch TakeScratch() => _scratches.TryTake(out var scratch) ? scratch : _foldIn.CreateScratch();
}
