using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Ranking;

/// <summary>How a boost, a bury or fatigue changes a score.</summary>
internal sealed class ScoreRule(CompiledRule rule)
{
    /// <summary>The largest factor of a boost; its inverse is the smallest of a bury.</summary>
    public const double FactorMax = 1000;

    /// <summary>The largest addend of a boost; its negative the smallest of a bury.</summary>
    public const double AddendMax = 1e6;

    private readonly bool _isBoost = rule.Rule.Kind == RuleKind.Boost;
    private readonly bool _isFactor = rule.Rule.Addend is null;

    public string Name => rule.Rule.Name;

    public RuleKind Kind => rule.Rule.Kind;

    public CompiledRule Compiled => rule;

    /// <summary>A score after the rule; s · f, and s / f below zero, so that a boost raises every score; or s + a.</summary>
    /// <param name="score">The score before.</param>
    /// <param name="amount">Factor or addend; NaN: the rule has no effect.</param>
    public double Apply(double score, double amount)
    {
        if (double.IsNaN(amount))
            return score;
        if (!_isFactor)
            return score + (_isBoost ? Math.Clamp(amount, 0, AddendMax) : Math.Clamp(amount, -AddendMax, 0));
        double factor = _isBoost ? Math.Clamp(amount, 1, FactorMax) : Math.Clamp(amount, 1 / FactorMax, 1);
        return score >= 0 ? score * factor : score / factor;
    }

    /// <summary>The most that the rule can make of a score.</summary>
    /// <param name="score">The score before.</param>
    /// <param name="amount">Its amount where that is the same for all items; else null.</param>
    public double AtMost(double score, double? amount) => _isBoost ? Apply(score, amount ?? (_isFactor ? FactorMax : AddendMax)) : score;
}

/// <summary>A boost, a bury or fatigue with the values of a request.</summary>
internal sealed class BoundScoreRule(CompiledRule compiled, RankRequest request)
{
    private readonly ScoreRule _rule = new(compiled);
    private readonly BoundExpression? _when = compiled.When?.Bind(request.Inputs);
    private readonly BoundExpression? _amount = compiled.Amount?.Bind(request.Inputs);
    private ulong[]? _holds;

    public string Name => _rule.Name;

    public RuleKind Kind => _rule.Kind;

    public double Apply(double score, double amount) => _rule.Apply(score, amount);

    public double AtMost(double score) => _when is { IsConstant: true, Constant: not true } ? score : _rule.AtMost(score, _amount?.Constant as double?);

    /// <summary>Amounts for some items; NaN where the rule is not about an item.</summary>
    public void Amounts(ReadOnlySpan<int> rows, Span<double> into)
    {
        if (_amount is null)
            Fatigue(rows, into);
        else if (_amount.Constant is double amount)
            into.Fill(amount);
        else
            _amount.FillNumbers(request.Items, rows, into);
        if (_when is null)
            return;
        if (_holds is null)
            _when.Fill(request.Items, _holds = new ulong[RowWords.CountOf(request.Items.Count)], request.Cache);
        for (int n = 0; n < rows.Length; n++)
            if (!RowWords.Has(_holds, rows[n]))
                into[n] = double.NaN;
    }

    private void Fatigue(ReadOnlySpan<int> rows, Span<double> into)
    {
        for (int n = 0; n < rows.Length; n++)
            into[n] = request.Impressions?.Invoke(rows[n]) is > 0 and int times ? Math.Pow(compiled.Rule.PerImpression!.Value, times) : double.NaN;
    }
}
