using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Popularity;

/// <summary>Scores of items that the user has had to do with.</summary>
/// <param name="Hashes"><see cref="IdHash"/> of each item.</param>
/// <param name="Scores">Its score, above 0.</param>
/// <param name="PastIndex">Which item of the past it is; −1 for none.</param>
public sealed class OwnItemsQuery(ulong[] Hashes, float[] Scores, int[] PastIndex) : PartQuery
{
    /// <summary>Hash of each item.</summary>
    public ulong[] Hashes { get; } = Hashes;

    /// <summary>Its score.</summary>
    public float[] Scores { get; } = Scores;

    /// <summary>Which item of the past it is; −1 for none.</summary>
    public int[] PastIndex { get; } = PastIndex;
}

/// <summary>A part that scores only what the user has had to do with: a query costs the user's own items, whatever the block.</summary>
public abstract class OwnItemsPart : ISparsePart
{
    private readonly string[] _itemIds;
    private readonly Dictionary<ulong, int> _rowOf;
    private readonly int _itemCount;

    /// <summary>Takes the rows of a block.</summary>
    /// <param name="name">The part's name.</param>
    /// <param name="itemIds">Id of each row, shape (n).</param>
    /// <param name="itemCount">Items of the version, for the scale.</param>
    protected OwnItemsPart(string name, string[] itemIds, int itemCount)
    {
        (Name, _itemIds, _itemCount) = (name, itemIds, Math.Max(1, itemCount));
        _rowOf = new(itemIds.Length);
        for (int row = 0; row < itemIds.Length; row++)
            _rowOf.Add(IdHash.Of(itemIds[row]), row);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _itemIds;

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        (ulong Hash, float Score, int Past)[] own = [.. ScoresOf(signals).Where(s => s.Score > 0)];
        double squares = own.Sum(s => (double)s.Score * s.Score);
        return new OwnItemsQuery(Array.ConvertAll(own, s => s.Hash), Array.ConvertAll(own, s => s.Score), Array.ConvertAll(own, s => s.Past)) { Scale = Math.Sqrt(squares / _itemCount) };
    }

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores)
    {
        scores.Clear();
        var asked = (OwnItemsQuery)query;
        for (int n = 0; n < asked.Hashes.Length; n++)
            if (_rowOf.TryGetValue(asked.Hashes[n], out int row))
                scores[row] = asked.Scores[n];
    }

    /// <inheritdoc/>
    public void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        scores.Clear();
        var asked = (OwnItemsQuery)query;
        for (int n = 0; n < asked.Hashes.Length; n++)
            if (_rowOf.TryGetValue(asked.Hashes[n], out int row))
                for (int at = rows.IndexOf(row), from = 0; at >= 0; from += at + 1, at = rows[from..].IndexOf(row))
                    scores[from + at] = asked.Scores[n];
    }

    /// <inheritdoc/>
    public int Best(PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best)
    {
        if (best.IsEmpty)
            return 0;
        var asked = (OwnItemsQuery)query;
        var heap = new BestRows(best, _itemIds);
        for (int n = 0; n < asked.Hashes.Length; n++)
            if (_rowOf.TryGetValue(asked.Hashes[n], out int row) && (excluded.IsEmpty || !RowWords.Has(excluded, row)))
                heap.Offer(row, asked.Scores[n]);
        return heap.Sort();
    }

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        amounts.Clear();
        var asked = (OwnItemsQuery)query;
        int at = Array.IndexOf(asked.Hashes, IdHash.Of(_itemIds[row]));
        if (at < 0 || asked.PastIndex[at] < 0)
            return at < 0 ? 0 : asked.Scores[at];
        amounts[asked.PastIndex[at]] = asked.Scores[at];
        return 0;
    }

    /// <summary>The user's own items, each once, with scores; those of 0 are left out.</summary>
    protected abstract IEnumerable<(ulong Hash, float Score, int Past)> ScoresOf(UserSignals signals);
}

/// <summary>What a user is about to need again, as a part: <see cref="BuyAgain.ScoreOf"/> of the user's purchases; the item itself, in the past, explains it.</summary>
/// <param name="itemIds">Id of each row of the block, shape (n).</param>
/// <param name="itemCount">Items of the version.</param>
/// <param name="options">How.</param>
public sealed class BuyAgainPart(string[] itemIds, int itemCount, BuyAgainOptions options) : OwnItemsPart("buy-again", itemIds, itemCount)
{
    /// <inheritdoc/>
    protected override IEnumerable<(ulong Hash, float Score, int Past)> ScoresOf(UserSignals signals)
    {
        foreach (var (itemId, timesMs) in signals.Purchases)
        {
            ulong hash = IdHash.Of(itemId);
            yield return (hash, (float)BuyAgain.ScoreOf(timesMs, signals.NowMs, options), signals.Hashes.IndexOf(hash));
        }
    }
}

/// <summary>What a user had to do with last, as a part: score(i) = 2^(−(now − t_i)/h); items turned down, and moments after now, are left out.</summary>
/// <param name="itemIds">Id of each row of the block, shape (n).</param>
/// <param name="itemCount">Items of the version.</param>
/// <param name="halfLifeDays">h, in days, &gt; 0.</param>
public sealed class RecentlyViewedPart(string[] itemIds, int itemCount, double halfLifeDays) : OwnItemsPart("recently-viewed", itemIds, itemCount)
{
    /// <inheritdoc/>
    protected override IEnumerable<(ulong Hash, float Score, int Past)> ScoresOf(UserSignals signals)
    {
        for (int n = 0; n < signals.Past.Length; n++)
            if (signals.Past[n] is { Value: > 0 } item && item.TimeMs <= signals.NowMs)
                yield return (signals.Hashes[n], (float)Math.Pow(2, -(signals.NowMs - item.TimeMs) / (halfLifeDays * HistoryReading.DayMs)), n);
    }
}
