using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Model.Hybrid;

/// <summary>A part of a score as one list uses it.</summary>
/// <param name="Part">The part; its rows are the first rows of the list's items.</param>
/// <param name="Query">What it made of the user.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Factor">What its scores are multiplied by: the weight, over the query's scale where the blend is scaled; 0 where it has no signal.</param>
/// <param name="Candidates">How many of its best items become candidates.</param>
/// <param name="Source">What an entry is said to come from where this part adds most to it.</param>
public sealed record CandidatePart(ISparsePart Part, PartQuery Query, double Weight, double Factor, int Candidates, string Source);

/// <summary>Candidates of a blended list: the best of each part, scored by all parts, best first; behind them the rungs of the ladder.</summary>
/// <remarks>
/// score = bias + Σ_p factor_p · score_p. Where one part alone has a factor, more of its items are searched for as more are drawn, so the list is exact; of several parts the candidates
/// are the union of the best <see cref="CandidatePart.Candidates"/> of each. An item of a rung scores below all of these, an integer less for each place.
/// Cost: one search a part, and candidates · parts for the scores. Not safe for several callers: a list makes its own, and disposes of it when it is made.
/// </remarks>
public sealed partial class HybridCandidates : ICandidates, IDisposable
{
    private readonly IReadOnlyList<CandidatePart> _parts;
    private readonly IPartScores[] _scores;
    private readonly IReadOnlyList<LadderRung> _ladder;
    private readonly Func<int, string> _idAt;
    private readonly ulong[] _left;
    private readonly double _bias;
    private readonly Dictionary<int, (string Source, bool IsBlended)> _given = [];
    private readonly bool _isEveryRowScored;
    private Blended[]? _blended;
    private int _drawn, _rung, _rungRow, _laddered;
    private ReadOnlyMemory<int>? _rungRows;
    private double _floor = double.PositiveInfinity;

    /// <summary>Makes ready; nothing is searched before the first draw.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="bias">Added to every blended score.</param>
    /// <param name="ladder">The rungs, in their order.</param>
    /// <param name="eligible">One bit a row; only these are candidates, shape (⌈n / 64⌉).</param>
    /// <param name="idAt">Id of a row: ties of scores are in the order of ids.</param>
    /// <param name="isEveryRowScored">Whether every eligible row is scored, as where the caller names the candidates.</param>
    public HybridCandidates(
        IReadOnlyList<CandidatePart> parts, double bias, IReadOnlyList<LadderRung> ladder, ReadOnlySpan<ulong> eligible, Func<int, string> idAt, bool isEveryRowScored = false)
    {
        (_parts, _bias, _ladder, _idAt, _isEveryRowScored) = (parts, bias, ladder, idAt, isEveryRowScored);
        _left = eligible.ToArray();
        _scores = [.. parts.Select(p => p.Part.Open(p.Query))];
    }

    /// <summary>Gives back what the parts have lent. Scores can still be asked for.</summary>
    public void Dispose()
    {
        foreach (IPartScores scores in _scores)
            scores.Dispose();
    }

    /// <summary>What an item that was drawn comes from; null for one that was not.</summary>
    public string? SourceOf(int row) => _given.GetValueOrDefault(row).Source;

    /// <summary>Whether an item was drawn for its blended score, and not from a rung.</summary>
    public bool IsBlended(int row) => _given.GetValueOrDefault(row).IsBlended;

    /// <summary>The blended score of a row, whether it was drawn or not: bias + Σ_p factor_p · score_p; null where no part says anything of it.</summary>
    public double? ScoreOf(int row)
    {
        double sum = 0;
        bool isKnown = false;
        foreach (PartAmount part in PartsOf(row))
            (sum, isKnown) = (sum + part.Amount, isKnown || part.Amount != 0);
        return isKnown ? _bias + sum : null;
    }

    /// <inheritdoc/>
    public int Draw(Span<ScoredRow> into)
    {
        int count = DrawBlended(into);
        return count + DrawLadder(into[count..]);
    }

    /// <summary>What each part adds to the score of a row; with the bias they sum to it.</summary>
    /// <param name="row">A row.</param>
    public PartAmount[] PartsOf(int row)
    {
        Span<float> score = stackalloc float[1];
        var amounts = new PartAmount[_parts.Count];
        for (int p = 0; p < amounts.Length; p++)
        {
            CandidatePart part = _parts[p];
            double own = 0;
            if (part.Factor != 0 && row < part.Part.ItemIds.Length)
            {
                _scores[p].ScoreRows([row], score);
                own = part.Factor * score[0];
            }
            amounts[p] = new(part.Part.Name, part.Weight, part.Weight == 0 ? 0 : own / part.Weight, own);
        }
        return amounts;
    }

    private int DrawBlended(Span<ScoredRow> into)
    {
        if (into.IsEmpty || (_blended is not null && _drawn == _blended.Length && !MayHaveMore))
            return 0;
        if (_blended is null || (_drawn + into.Length > _blended.Length && MayHaveMore))
            Search(_drawn + into.Length);
        int count = Math.Min(into.Length, _blended!.Length - _drawn);
        for (int n = 0; n < count; n++)
        {
            (int row, float score, string source) = _blended[_drawn++];
            into[n] = new(row, score);
            RowWords.Set(_left, row, false);
            _given[row] = (source, true);
            _floor = score;
        }
        return count;
    }

    /// <summary>One part alone: its order is the list's, and the rows it has found so far need not be all.</summary>
    private bool MayHaveMore { get; set; }

    private void Search(int wanted)
    {
        int[] giving = [.. Enumerable.Range(0, _parts.Count).Where(p => _parts[p].Factor > 0 && _parts[p].Candidates > 0)];
        bool isAlone = !_isEveryRowScored && giving.Length == 1 && _parts.All(p => p.Factor == 0 || p == _parts[giving[0]]);
        // Bits of rows that were drawn are cleared, so a longer search begins behind them.
        ulong[] excluded = Array.ConvertAll(_left, word => ~word);
        var found = new List<int>();
        MayHaveMore = false;
        if (_isEveryRowScored)
            AddEligible(found);
        else
            foreach (int p in giving)
            {
                CandidatePart part = _parts[p];
                int rows = part.Part.ItemIds.Length;
                var best = new ScoredRow[Math.Min(rows, isAlone ? Math.Max(wanted - _drawn, part.Candidates) : part.Candidates)];
                int count = _scores[p].Best(excluded.AsSpan(0, RowWords.CountOf(rows)), best);
                foreach (ScoredRow each in best.AsSpan(0, count))
                    found.Add(each.Row);
                MayHaveMore = isAlone && count == best.Length && count > 0;
            }
        Blended[] scored = Scored(Ascending(found));
        _blended = _blended is null ? scored : [.. _blended.AsSpan(0, _drawn), .. scored];
    }

    private void AddEligible(List<int> found)
    {
        for (int word = 0; word < _left.Length; word++)
            for (ulong bits = _left[word]; bits != 0; bits &= bits - 1)
                found.Add(word * 64 + System.Numerics.BitOperations.TrailingZeroCount(bits));
    }

    /// <summary>The rows once each, ascending.</summary>
    private static int[] Ascending(List<int> found)
    {
        int[] rows = [.. found];
        Array.Sort(rows);
        int count = 0;
        for (int n = 0; n < rows.Length; n++)
            if (count == 0 || rows[count - 1] != rows[n])
                rows[count++] = rows[n];
        return count == rows.Length ? rows : rows[..count];
    }

    private Blended[] Scored(int[] rows)
    {
        var scores = new double[rows.Length];
        var most = new double[rows.Length];
        var sources = new string?[rows.Length];
        var own = new float[rows.Length];
        for (int p = 0; p < _parts.Count; p++)
        {
            CandidatePart part = _parts[p];
            if (part.Factor == 0)
                continue;
            // Rows ascend, so those that the part has come first.
            int end = Array.BinarySearch(rows, part.Part.ItemIds.Length);
            int count = end >= 0 ? end : ~end;
            _scores[p].ScoreRows(rows.AsSpan(0, count), own.AsSpan(0, count));
            for (int n = 0; n < count; n++)
            {
                double amount = part.Factor * own[n];
                scores[n] += amount;
                if (amount > most[n])
                    (most[n], sources[n]) = (amount, part.Source);
            }
        }
        return InOrder(rows, scores, sources);
    }

    /// <summary>The rows that have a score, best first; equal scores by id.</summary>
    private Blended[] InOrder(int[] rows, double[] scores, string?[] sources)
    {
        int count = 0;
        var order = new int[rows.Length];
        var keys = new float[rows.Length];
        for (int n = 0; n < rows.Length; n++)
            if (sources[n] is not null || scores[n] != 0)
                (order[count], keys[count++]) = (n, -(float)(_bias + scores[n]));
        Array.Sort(keys, order, 0, count);
        for (int first = 0, end; first < count; first = end)
        {
            for (end = first + 1; end < count && keys[end] == keys[first];)
                end++;
            if (end - first > 1)
                order.AsSpan(first..end).Sort((a, b) => string.CompareOrdinal(_idAt(rows[a]), _idAt(rows[b])));
        }
        string? ofAll = null;
        var found = new Blended[count];
        for (int n = 0; n < count; n++)
            found[n] = new(rows[order[n]], -keys[n], sources[order[n]] ?? (ofAll ??= SourceOfAll));
        return found;
    }

    /// <summary>Of an item to which no part adds anything above 0.</summary>
    private string SourceOfAll => _parts.MaxBy(p => Math.Abs(p.Factor))!.Source;

    private int DrawLadder(Span<ScoredRow> into)
    {
        int count = 0;
        if (_laddered == 0 && !into.IsEmpty)
            _floor = Math.Floor(Math.Min(_floor, Math.Min(0, _bias)));
        for (; count < into.Length && _rung < _ladder.Count; _rung++, _rungRow = 0, _rungRows = null)
        {
            ReadOnlySpan<int> rows = (_rungRows ??= _ladder[_rung].Find(_left)).Span;
            while (_rungRow < rows.Length && count < into.Length)
            {
                int row = rows[_rungRow++];
                if (!RowWords.Has(_left, row))
                    continue;
                RowWords.Set(_left, row, false);
                _given[row] = (_ladder[_rung].Source, false);
                into[count++] = new(row, (float)(_floor - ++_laddered));
            }
            if (count == into.Length)
                break;
        }
        return count;
    }

    private readonly record struct Blended(int Row, float Score, string Source);
}
