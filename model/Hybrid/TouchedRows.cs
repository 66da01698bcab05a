using System.Numerics;
using System.Runtime.Intrinsics;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Hybrid;

/// <summary>Scores of the rows that a query touches: an array of zeros, and the rows that are not zero any more. Where a query touches many, the array alone.</summary>
/// <remarks>Lent by a part and given back clean, so a query costs what it touches. One array of floats, ints and bits a block for each caller at once.</remarks>
internal sealed class TouchedRows(int rowCount)
{
    /// <summary>From this share of the rows on, a pass over all of them costs less than a note of each.</summary>
    private const int DenseShare = 4;

    private readonly float[] _scores = new float[rowCount];
    private readonly int[] _rows = new int[rowCount];
    private readonly ulong[] _isTouched = new ulong[RowWords.CountOf(rowCount)];
    private int _count;
    private bool _isDense;

    /// <summary>Begins a query.</summary>
    /// <param name="additions">How many additions there will be.</param>
    public void Begin(long additions) => _isDense = additions >= Math.Max(1, rowCount / DenseShare);

    /// <summary>Adds to the scores of rows: amount · weights.</summary>
    /// <param name="rows">Rows, each once.</param>
    /// <param name="weights">Shape as <paramref name="rows"/>.</param>
    /// <param name="amount">What each weight is multiplied by.</param>
    public void Add(ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, float amount)
    {
        float[] scores = _scores;
        weights = weights[..rows.Length];
        if (_isDense)
            for (int n = 0; n < rows.Length; n++)
                scores[rows[n]] += amount * weights[n];
        else
            for (int n = 0; n < rows.Length; n++)
            {
                Note(rows[n]);
                scores[rows[n]] += amount * weights[n];
            }
    }

    /// <summary>Scores of some rows.</summary>
    public void Read(ReadOnlySpan<int> rows, Span<float> scores)
    {
        for (int n = 0; n < rows.Length; n++)
            scores[n] = _scores[rows[n]];
    }

    /// <summary>The best of the rows that score above 0.</summary>
    public int Best(ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids, Span<ScoredRow> best)
    {
        TopK.RequireExcluded(excluded, ids.Length);
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ids);
        if (_isDense)
            OfferAll(excluded, ref heap);
        else
            foreach (int row in _rows.AsSpan(0, _count))
                Offer(row, excluded, ref heap);
        return heap.Sort();
    }

    /// <summary>Back to zeros.</summary>
    public void Clear()
    {
        if (_isDense)
            Array.Clear(_scores);
        foreach (int row in _rows.AsSpan(0, _count))
        {
            _scores[row] = 0;
            _isTouched[row >> 6] = 0;
        }
        (_count, _isDense) = (0, false);
    }

    private void Note(int row)
    {
        ulong bit = 1UL << row;
        if ((_isTouched[row >> 6] & bit) != 0)
            return;
        _isTouched[row >> 6] |= bit;
        _rows[_count++] = row;
    }

    private void Offer(int row, ReadOnlySpan<ulong> excluded, ref BestRows heap)
    {
        if (_scores[row] > 0 && _scores[row] >= heap.Threshold && (excluded.IsEmpty || !RowWords.Has(excluded, row)))
            heap.Offer(row, _scores[row]);
    }

    private void OfferAll(ReadOnlySpan<ulong> excluded, ref BestRows heap)
    {
        int first = 0;
        for (; first <= _scores.Length - Vector256<float>.Count; first += Vector256<float>.Count)
        {
            Vector256<float> scores = Vector256.Create(_scores.AsSpan(first));
            Vector256<float> mayEnter = Vector256.GreaterThan(scores, Vector256<float>.Zero) & Vector256.GreaterThanOrEqual(scores, Vector256.Create(heap.Threshold));
            for (uint bits = mayEnter.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                Offer(first + BitOperations.TrailingZeroCount(bits), excluded, ref heap);
        }
        for (; first < _scores.Length; first++)
            Offer(first, excluded, ref heap);
    }
}

/// <summary>Lends <see cref="TouchedRows"/> of one block; there are never more than there were callers at once.</summary>
internal sealed class TouchedRowsPool(int rowCount)
{
    private readonly System.Collections.Concurrent.ConcurrentBag<TouchedRows> _free = [];

    /// <summary>All zero; give it back.</summary>
    public TouchedRows Take() => _free.TryTake(out var rows) ? rows : new(rowCount);

    /// <summary>Cleans and keeps it.</summary>
    public void Return(TouchedRows rows)
    {
        rows.Clear();
        _free.Add(rows);
    }
}
