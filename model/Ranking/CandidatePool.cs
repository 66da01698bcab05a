using OrleansRec.Model.Items;

namespace OrleansRec.Model.Ranking;

/// <summary>A candidate with the score that rules give it.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Base">Its score before.</param>
/// <param name="Score">Its score after.</param>
internal readonly record struct PooledItem(int Row, float Base, double Score);

/// <summary>The eligible candidates drawn so far, best first by the score after rules, then by id.</summary>
internal sealed class CandidatePool
{
    /// <summary>Beyond so many candidates none are drawn for the sake of better scores; for the sake of a list's length all are.</summary>
    public const int DrawnMax = 20_000;

    private const int DrawnAtOnceMin = 64, DrawnAtOncePerK = 4;

    private readonly RankRequest _request;
    private readonly ICandidates _candidates;
    private readonly ulong[] _eligible;
    private readonly BoundScoreRule[] _rules;
    private readonly List<PooledItem> _items = [];
    private int _batch;
    private double _bound = double.PositiveInfinity;

    public CandidatePool(RankRequest request, ICandidates candidates, ulong[] eligible, BoundScoreRule[] rules)
    {
        (_request, _candidates, _eligible, _rules) = (request, candidates, eligible, rules);
        _batch = Math.Max(DrawnAtOnceMin, DrawnAtOncePerK * request.K);
    }

    public IReadOnlyList<PooledItem> Items => _items;

    public int Drawn { get; private set; }

    public bool IsExhausted { get; private set; }

    /// <summary>Whether no candidate that is not drawn can come before one of a score.</summary>
    public bool IsBefore(double score) => IsExhausted || (_rules.Length == 0 && score >= _bound) || score > _bound;

    /// <summary>Draws twice as many as before.</summary>
    public void Draw()
    {
        var drawn = new ScoredRow[_batch];
        int count = _candidates.Draw(drawn);
        IsExhausted = count < _batch;
        Drawn += count;
        _batch *= 2;
        if (count > 0)
            _bound = _rules.Aggregate((double)drawn[count - 1].Score, (score, rule) => rule.AtMost(score));
        ScoredRow[] eligible = [.. drawn.AsSpan(0, count).ToArray().Where(c => RowWords.Has(_eligible, c.Row))];
        int[] rows = Array.ConvertAll(eligible, c => c.Row);
        double[] scores = Scores(rows, Array.ConvertAll(eligible, c => (double)c.Score), null);
        for (int n = 0; n < rows.Length; n++)
            _items.Add(new(rows[n], eligible[n].Score, scores[n]));
        _items.Sort(Compare);
    }

    /// <summary>What the rules do to the score of one item, in their order.</summary>
    public (double Score, List<RuleEffect> Effects) Effects(int row, double score)
    {
        var effects = new List<RuleEffect>();
        return (Scores([row], [score], effects)[0], effects);
    }

    private double[] Scores(int[] rows, double[] scores, List<RuleEffect>? effects)
    {
        var amounts = new double[rows.Length];
        foreach (BoundScoreRule rule in _rules)
        {
            rule.Amounts(rows, amounts);
            for (int n = 0; n < rows.Length; n++)
            {
                double after = rule.Apply(scores[n], amounts[n]);
                if (effects is not null && !double.IsNaN(amounts[n]))
                    effects.Add(new(rule.Name, rule.Kind, after - scores[n]));
                scores[n] = after;
            }
        }
        return scores;
    }

    private int Compare(PooledItem a, PooledItem b)
    {
        int byScore = b.Score.CompareTo(a.Score);
        return byScore != 0 ? byScore : string.CompareOrdinal(_request.Items.IdAt(a.Row), _request.Items.IdAt(b.Row));
    }
}
