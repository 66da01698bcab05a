using OrleansRec.Model.Items;

namespace OrleansRec.Model.Ranking;

/// <summary>A promote or floor rule, or the steadiness of a list, with the items that it is about.</summary>
internal sealed class GroupRule
{
    private const double Tolerance = 1e-9;

    private readonly ulong[] _members;
    private readonly bool _isFloor;
    private readonly int _available;

    public GroupRule(CompiledRule rule, RankRequest request, ReadOnlySpan<ulong> eligible)
    {
        (Name, Kind, Share) = (rule.Rule.Name, rule.Rule.Kind, rule.Rule.Share!.Value);
        _isFloor = Kind == RuleKind.Floor;
        _members = new ulong[RowWords.CountOf(request.Items.Count)];
        rule.When!.Bind(request.Inputs).Fill(request.Items, _members, request.Cache);
        _available = CountOf(_members, eligible);
    }

    public GroupRule(SteadyRows steady, RankRequest request, ReadOnlySpan<ulong> eligible)
    {
        (Name, Kind, Share) = (SteadyRows.Rule, RuleKind.Promote, steady.Share);
        _members = new ulong[RowWords.CountOf(request.Items.Count)];
        foreach (int row in steady.Rows)
            if (row >= 0)
                RowWords.Set(_members, row, true);
        _available = CountOf(_members, eligible);
    }

    public string Name { get; }

    public RuleKind Kind { get; }

    public double Share { get; }

    /// <summary>Members that a list of k needs, at most, as far as there are eligible ones.</summary>
    public int Needed(int k) => Math.Min(_available, (int)Math.Ceiling(Share * k));

    public bool Has(int row) => RowWords.Has(_members, row);

    /// <summary>
    /// Whether the next place must go to a member: as soon as one more does not exceed the share of the places so far; and, of a floor, as late as the share of all can still be reached.
    /// </summary>
    /// <param name="position">The place, from 1.</param>
    /// <param name="k">Places in all.</param>
    /// <param name="before">Rows at the places before.</param>
    /// <param name="pins">Rows pinned at places.</param>
    public bool IsDue(int position, int k, IReadOnlyList<int> before, IReadOnlyDictionary<int, int> pins)
    {
        double has = 0;
        for (int n = 0; n < before.Count; n++)
            if (Has(before[n]))
                has += Weight(n + 1);
        if (has + Weight(position) <= Share * Through(position) + Tolerance)
            return true;
        double ahead = 0;
        for (int later = position + 1; later <= k; later++)
            if (!pins.TryGetValue(later, out int pinned) || Has(pinned))
                ahead += Weight(later);
        return _isFloor && has + ahead < Share * Through(k) - Tolerance;
    }

    public GroupExposure Exposure(IReadOnlyList<int> rows)
    {
        double exposure = 0;
        int entries = 0;
        for (int n = 0; n < rows.Count; n++)
            if (Has(rows[n]))
            {
                exposure += Attention.Of(n + 1);
                entries++;
            }
        double share = rows.Count == 0 ? 0 : (double)entries / rows.Count, attention = rows.Count == 0 ? 0 : exposure / Attention.Through(rows.Count);
        bool isMet = _isFloor ? attention >= Share - Tolerance : entries >= Math.Floor(Share * rows.Count + Tolerance);
        return new(Name, Share, entries, share, attention, isMet);
    }

    private static int CountOf(ReadOnlySpan<ulong> members, ReadOnlySpan<ulong> eligible)
    {
        int count = 0;
        for (int word = 0; word < members.Length; word++)
            count += System.Numerics.BitOperations.PopCount(members[word] & eligible[word]);
        return count;
    }

    private double Weight(int position) => _isFloor ? Attention.Of(position) : 1;

    private double Through(int position) => _isFloor ? Attention.Through(position) : position;
}
