namespace OrleansRec.Model.Ranking;

/// <summary>Which items are pinned to which places of a page, and which pins cannot be.</summary>
internal sealed class PinPlaces
{
    private readonly Dictionary<int, int> _rows = [];
    private readonly Dictionary<int, ListRule> _rules = [];
    private readonly List<LeftOutPin> _leftOut = [];

    /// <summary>Places pins in the order of rules, and counts them in the caps.</summary>
    public PinPlaces(RankRequest request, IReadOnlyList<CompiledRule> active, Eligibility eligibility, Caps caps)
    {
        foreach (CompiledRule rule in active)
        {
            // A pin for another page has no effect on this one.
            int place = rule.Rule.Kind == RuleKind.Pin ? rule.Rule.Position!.Value - request.Earlier.Count : 0;
            if (place < 1 || place > request.K)
                continue;
            int row = request.RowOf?.Invoke(rule.Rule.Item!) ?? -1;
            if (Against(row, place, eligibility, caps) is { } rejection)
                _leftOut.Add(new(rule.Rule.Name, rule.Rule.Item!, rule.Rule.Position!.Value, rejection));
            else
            {
                _rows.Add(place, row);
                _rules.Add(row, rule.Rule);
                caps.Add(row);
            }
        }
    }

    /// <summary>Row by place, from 1.</summary>
    public IReadOnlyDictionary<int, int> Rows => _rows;

    public IReadOnlyList<LeftOutPin> LeftOut => _leftOut;

    public bool Has(int row) => _rules.ContainsKey(row);

    public string RuleOf(int row) => _rules[row].Name;

    /// <summary>Rows of a page: pins at their places and others, in their order, between; where too few others are left, the remaining pins move up.</summary>
    public List<int> Arrange(IReadOnlyList<int> others)
    {
        var rows = new List<int>(others.Count + _rows.Count);
        for (int next = 0; next < others.Count || _rows.ContainsKey(rows.Count + 1);)
            rows.Add(_rows.TryGetValue(rows.Count + 1, out int pinned) ? pinned : others[next++]);
        foreach (var (place, row) in _rows.Where(p => p.Key > rows.Count).OrderBy(p => p.Key).ToArray())
        {
            rows.Add(row);
            if (rows.Count != place)
                _leftOut.Add(new(_rules[row].Name, _rules[row].Item!, _rules[row].Position!.Value, new(RejectionReason.Short)));
        }
        return rows;
    }

    private Rejection? Against(int row, int place, Eligibility eligibility, Caps caps)
    {
        if (row < 0)
            return new(RejectionReason.Unknown);
        if (eligibility.Reason(row) is { } reason)
            return reason;
        if (caps.Full(row) is { } cap)
            return new(RejectionReason.Cap, cap);
        if (_rules.TryGetValue(row, out ListRule? same))
            return new(RejectionReason.Pin, same.Name);
        return _rows.TryGetValue(place, out int other) ? new(RejectionReason.Pin, _rules[other].Name) : null;
    }
}
