using System.Buffers;
using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Ranking;

/// <summary>Which items may appear at all: visible, in stock, in their window, of a kind that is asked for, and let through by every filter.</summary>
public sealed class Eligibility
{
    /// <summary>The kind of an item that has none.</summary>
    public const string DefaultKind = "product";

    private static readonly RuleExpression Visible = Parse("!(item.visible == false)"), InStock = Parse("!(item.stock <= 0)");
    private static readonly RuleExpression InWindow = Parse("!(now < item.from) && !(now >= item.until)");
    private static readonly RuleExpression OfKind = Parse($"item.kind in context.kinds || (!has(item.kind) && \"{DefaultKind}\" in context.kinds)");

    private readonly RankRequest _request;
    private readonly List<(BoundExpression Expression, Rejection Rejection)> _conditions = [];

    /// <summary>The conditions of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rules">Rules, of which the filters count.</param>
    public Eligibility(RankRequest request, CompiledRules rules)
        : this(request, rules.Active(request.Inputs.NowMs, request.Scenario))
    {
    }

    internal Eligibility(RankRequest request, IReadOnlyList<CompiledRule> active)
    {
        _request = request;
        Add(Visible, request.Inputs, new(RejectionReason.Hidden));
        Add(InStock, request.Inputs, new(RejectionReason.Stock));
        Add(InWindow, request.Inputs, new(RejectionReason.Window));
        if (request.Kinds is { } kinds)
            Add(OfKind, new(0, Context: new Dictionary<string, RuleValue> { ["kinds"] = RuleValue.Of(kinds) }), new(RejectionReason.Kind));
        foreach (CompiledRule rule in active)
            if (rule.Rule.Kind == RuleKind.Filter)
                Add(rule.When!, request.Inputs, new(RejectionReason.Filter, rule.Rule.Name));
    }

    /// <summary>Sets the bit of every item that may appear, and clears all others; rows that the request excludes and those on earlier pages may not.</summary>
    /// <param name="into">One bit an item, shape (⌈n / 64⌉).</param>
    public void Fill(Span<ulong> into)
    {
        ItemColumns items = _request.Items;
        RowWords.Fill(into, items.Count);
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(into.Length);
        Span<ulong> holds = rented.AsSpan(0, into.Length);
        foreach (var (expression, _) in _conditions)
        {
            expression.Fill(items, holds, _request.Cache);
            RowWords.And(into, holds);
        }
        ArrayPool<ulong>.Shared.Return(rented);
        if (!_request.Excluded.IsEmpty)
            RowWords.Remove(into, _request.Excluded.Span[..into.Length]);
        foreach (int row in _request.Earlier)
            if (row >= 0)
                RowWords.Set(into, row, false);
    }

    /// <summary>Why an item may not appear; null where it may.</summary>
    /// <param name="row">Its row.</param>
    public Rejection? Reason(int row)
    {
        if ((uint)row >= (uint)_request.Items.Count)
            return new(RejectionReason.Unknown);
        foreach (var (expression, rejection) in _conditions)
            if (!expression.Holds(_request.Items, row))
                return rejection;
        if (!_request.Excluded.IsEmpty && RowWords.Has(_request.Excluded.Span, row))
            return new(RejectionReason.Excluded);
        return _request.Earlier.Contains(row) ? new(RejectionReason.Shown) : null;
    }

    private void Add(RuleExpression expression, RuleInputs inputs, Rejection rejection) => _conditions.Add((expression.Bind(inputs), rejection));

    private static RuleExpression Parse(string text) => RuleExpression.Parse(text, RuleFields.Catalogue, RuleType.Bool);
}
