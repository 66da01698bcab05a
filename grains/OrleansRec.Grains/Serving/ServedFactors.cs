using System.Numerics.Tensors;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;

namespace OrleansRec.Grains.Serving;

/// <summary>What the factorisation is asked: a user's vector under one model.</summary>
/// <param name="user">The user.</param>
/// <param name="signals">The past that it was solved from.</param>
public sealed class ServedQuery(FoldedUser user, UserSignals signals) : PartQuery
{
    public FoldedUser User { get; } = user;

    public UserSignals Signals { get; } = signals;

    /// <summary>The user's equations, factorised when the first item is explained. One caller at a time explains a query.</summary>
    internal FoldScratch? Factorised { get; set; }
}

/// <summary>
/// A published model as a part of a score over the rows of a <see cref="ShopBlock"/>: the score of row i is ⟨query, y_i⟩ + offset. Rows of the model are searched by the silo's exact
/// index; an item that the model does not know has the factors that its content says, or scores 0.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="rowOf">The block's row of an item, or −1.</param>
/// <param name="ids">Ids of the block's rows.</param>
public sealed class ServedFactors(PublishedModel model, Func<string, int> rowOf, string[] ids) : ISparsePart
{
    private volatile BesideRows _beside = BesideRows.None;

    public string Name => ModelCompanion.Factors;

    public ReadOnlySpan<string> ItemIds => ids;

    /// <summary>Folds the past in; a query without scale where no item of it has factors.</summary>
    public PartQuery Prepare(UserSignals signals)
    {
        FoldScratch scratch = model.TakeScratch();
        try
        {
            AddPairs(signals, scratch.Pairs);
            return FoldedUser.Of(model, scratch) is { } user ? Query(user, signals) : new QueryOfNobody();
        }
        catch (ArithmeticException)
        {
            // λ is near the rounding of double beside these weights: there is no vector under this model.
            return new QueryOfNobody();
        }
        finally
        {
            model.Return(scratch);
        }
    }

    /// <summary>The query of a user who is folded in already.</summary>
    /// <param name="user">The user, under this model.</param>
    /// <param name="signals">The past that it was solved from.</param>
    public PartQuery Query(FoldedUser user, UserSignals signals) => new ServedQuery(user, signals) { Scale = QueryScale.Of(model.Info.Gram, user.Vector, model.ItemCount) };

    public void Score(PartQuery query, Span<float> scores)
    {
        FoldedUser user = ((ServedQuery)query).User;
        scores.Clear();
        ItemScan.Scores(user.Query, model.Factors, user.Offset, scores[..model.ItemCount]);
        foreach ((int row, float[] factors) in Beside().Rows)
            scores[row] = TensorPrimitives.Dot(user.Query, factors) + user.Offset;
    }

    public void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        FoldedUser user = ((ServedQuery)query).User;
        for (int n = 0; n < rows.Length; n++)
            scores[n] = rows[n] < model.ItemCount ? ItemScan.Score(user.Query, model.Factors, rows[n], model.Width, user.Offset)
                : Beside().Rows.TryGetValue(rows[n], out float[]? factors) ? TensorPrimitives.Dot(user.Query, factors) + user.Offset : 0;
    }

    public int Best(PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best)
    {
        FoldedUser user = ((ServedQuery)query).User;
        int count = model.Best(user.Query, user.Offset, excluded, best);
        BesideRows beside = Beside();
        if (beside.Rows.Count == 0 || best.IsEmpty)
            return count;
        var all = new List<ScoredRow>(count + 16);
        all.AddRange(best[..count]);
        float least = count < best.Length ? float.NegativeInfinity : best[count - 1].Score;
        foreach ((int row, float[] factors) in beside.Rows)
            if (!RowWords.Has(excluded, row) && TensorPrimitives.Dot(user.Query, factors) + user.Offset is var score && score >= least)
                all.Add(new(row, score));
        all.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(ids[a.Row], ids[b.Row]));
        count = Math.Min(all.Count, best.Length);
        all[..count].CopyTo(best);
        return count;
    }

    /// <summary>Also of an item that the model does not know: the factors that its content says take the place of trained ones.</summary>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        amounts.Clear();
        ReadOnlySpan<float> item = row < model.ItemCount ? model.Row(row) : Beside().Rows.GetValueOrDefault(row);
        if (item.IsEmpty)
            return 0;
        var asked = (ServedQuery)query;
        FoldScratch scratch = asked.Factorised ??= Factorise(asked.Signals);
        ReadOnlySpan<int> rows = scratch.Pairs.Items;
        double[] own = new double[rows.Length], similarities = new double[rows.Length], weights = new double[rows.Length];
        double offset = model.FoldIn.ExplainFactorised(rows, scratch.Pairs.Values, item, own, similarities, weights, scratch.Solver);
        for (int n = 0; n < amounts.Length; n++)
            if (rows.BinarySearch(model.RowOf(asked.Signals.Past[n].ItemId)) is >= 0 and int at)
                amounts[n] = own[at];
        return offset;
    }

    /// <summary>A scratch of its own: it stays as it is while the query is used.</summary>
    private FoldScratch Factorise(UserSignals signals)
    {
        var scratch = new FoldScratch(model.FoldIn.CreateScratch());
        AddPairs(signals, scratch.Pairs);
        model.FoldIn.Factorise(scratch.Pairs.Items, scratch.Pairs.Values, scratch.Solver);
        return scratch;
    }

    private void AddPairs(UserSignals signals, PairValues pairs)
    {
        foreach (PastItem past in signals.Past)
            if (model.RowOf(past.ItemId) is >= 0 and int row)
                pairs.Add(row, past.Value, past.TimeMs);
        pairs.Reduce(PairValue.Sum);
        if (model.Options.Objective == Objective.Implicit)
            pairs.DropZeros();
    }

    private BesideRows Beside()
    {
        if (model.NewItems is not { } items || model.Companion is not { } companion)
            return BesideRows.None;
        NewItemBlock now = items.Now(model, companion);
        BesideRows known = _beside;
        return known.Of == now ? known : _beside = new(now, now.Items.Where(i => rowOf(i.ItemId) >= 0).ToDictionary(i => rowOf(i.ItemId), i => i.Factors));
    }

    private sealed record BesideRows(NewItemBlock Of, Dictionary<int, float[]> Rows)
    {
        public static readonly BesideRows None = new(NewItemBlock.None, []);
    }

    private sealed class QueryOfNobody : PartQuery;
}
