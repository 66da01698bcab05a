using OrleansRec.Model.Items;

namespace OrleansRec.Model.Ranking;

/// <summary>How many items of each brand, store, category or group a list has, and how many it may have.</summary>
/// <remarks>Of a field with several values the first one counts. An item without a value is under no cap of that field.</remarks>
internal sealed class Caps
{
    private readonly ItemColumns _items;
    private readonly Cap[] _caps;

    public Caps(RankRequest request, IReadOnlyList<CompiledRule> active)
    {
        _items = request.Items;
        _caps = [.. active.Where(r => r.Rule.Kind == RuleKind.Cap).Select(r => new Cap(r.Rule, ColumnOf(r.Rule.Field!)))];
        foreach (Cap cap in _caps)
            if (cap.IsAcrossPages)
                foreach (int row in request.Earlier)
                    cap.Add(GroupOf(cap, row), 1);
    }

    public int Count => _caps.Length;

    public int MostOf(int cap) => _caps[cap].Most;

    /// <summary>What a cap counts an item as; −1: nothing.</summary>
    public int GroupOf(int cap, int row) => GroupOf(_caps[cap], row);

    /// <summary>How many items of a group a list may still take.</summary>
    public int LeftOf(int cap, int group) => _caps[cap].Most - _caps[cap].Taken(group);

    /// <summary>Whether an item may still be added.</summary>
    public bool Fits(int row) => Full(row) is null;

    /// <summary>The cap that does not let an item in; null where all do.</summary>
    public string? Full(int row)
    {
        foreach (Cap cap in _caps)
            if (GroupOf(cap, row) is >= 0 and int group && cap.Taken(group) >= cap.Most)
                return cap.Name;
        return null;
    }

    public void Add(int row) => Change(row, 1);

    public void Remove(int row) => Change(row, -1);

    private void Change(int row, int by)
    {
        foreach (Cap cap in _caps)
            cap.Add(GroupOf(cap, row), by);
    }

    private int GroupOf(Cap cap, int row) => cap.Column < 0 || row < 0 ? -1 : _items.LabelAt(cap.Column, row);

    private int ColumnOf(string field) =>
        RuleSet.CapAttribute(field, _items.Fields) is { } attribute ? _items.Table.AttributeColumn(attribute) : _items.Fields.IndexOf(field);

    private sealed class Cap(ListRule rule, int column)
    {
        private readonly Dictionary<int, int> _taken = [];

        public string Name => rule.Name;

        public int Most { get; } = rule.Most!.Value;

        public int Column => column;

        public bool IsAcrossPages { get; } = (rule.Across ?? (rule.Field == "group" ? CapScope.List : CapScope.Page)) == CapScope.List;

        public int Taken(int group) => _taken.GetValueOrDefault(group);

        public void Add(int group, int by)
        {
            if (group >= 0)
                _taken[group] = Taken(group) + by;
        }
    }
}
