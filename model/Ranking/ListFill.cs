using System.Numerics;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Ranking;

/// <summary>Fills the places of one page from the candidates that are drawn, from the first place to the last.</summary>
internal sealed class ListFill
{
    private readonly RankRequest _request;
    private readonly IReadOnlyList<CompiledRule> _active;
    private readonly IReadOnlyList<GroupRule> _groups;
    private readonly CandidatePool _pool;
    private readonly PinPlaces _pins;
    private readonly Caps _caps;
    private readonly ulong[] _free;
    private readonly bool[] _isGone;
    private readonly Diversity? _diversity;
    private readonly List<int> _rows = [];
    private int _first;

    public ListFill(
        RankRequest request, IReadOnlyList<CompiledRule> active, IReadOnlyList<GroupRule> groups, CandidatePool pool, PinPlaces pins, Caps caps, ReadOnlySpan<ulong> eligible)
    {
        (_request, _active, _groups, _pool, _pins, _caps) = (request, active, groups, pool, pins, caps);
        _free = eligible.ToArray();
        _isGone = new bool[pool.Items.Count];
        foreach (int row in pins.Rows.Values)
        {
            caps.Add(row);
            RowWords.Set(_free, row, false);
        }
        if (request.Similarity is { } similarity && active.FirstOrDefault(r => r.Rule.Kind == RuleKind.Diversity) is { } diversity)
        {
            DiversityRule = diversity.Rule.Name;
            _diversity = new(diversity.Rule.Lambda!.Value, similarity, pool.Items);
        }
    }

    /// <summary>Rows that are not pinned, in their order.</summary>
    public List<int> Chosen { get; } = [];

    /// <summary>By row: what chose it, and with what probability.</summary>
    public Dictionary<int, (RuleEffect Effect, double Propensity)> Choices { get; } = [];

    private string DiversityRule { get; } = "";

    /// <summary>Fills the places; ends where no candidate is left.</summary>
    public void Run()
    {
        for (int place = 1; place <= _request.K; place++)
        {
            bool isPinned = _pins.Rows.TryGetValue(place, out int row);
            if (!isPinned && (row = Choose(place)) < 0)
                return;
            _rows.Add(row);
            if (isPinned)
                continue;
            Chosen.Add(row);
            RowWords.Set(_free, row, false);
            _caps.Add(row);
        }
    }

    private int Choose(int place)
    {
        foreach (GroupRule group in _groups)
            if (group.IsDue(place, _request.K, _rows, _pins.Rows) && Best(group) is >= 0 and int due)
            {
                Choices[due] = (new(group.Name, group.Kind, 0), 1);
                return due;
            }
        int best = Best(null);
        foreach (CompiledRule rule in _active)
            if (rule.Rule.Kind == RuleKind.Exploration && rule.Rule.Positions!.Contains(place + _request.Earlier.Count) && Explore(rule, place, best) is >= 0 and int explored)
                return explored;
        if (best >= 0 && _diversity is not null && _pool.Items[_first].Row != best)
            Choices[best] = (new(DiversityRule, RuleKind.Diversity, 0), 1);
        return best;
    }

    /// <summary>The best candidate that may take the next place; −1 where there is none.</summary>
    private int Best(GroupRule? group)
    {
        int best = -1, seen = 0;
        double most = double.NegativeInfinity;
        for (int index = _first; index < _pool.Items.Count && seen < Diversity.WindowMax; index++)
        {
            int row = _pool.Items[index].Row;
            // What a cap keeps out stays out: caps only fill.
            _isGone[index] = _isGone[index] || !RowWords.Has(_free, row) || !_caps.Fits(row);
            if (_isGone[index])
            {
                if (index == _first)
                    _first++;
                continue;
            }
            if (group?.Has(row) == false)
                continue;
            if (_diversity is null)
                return row;
            seen++;
            if (_diversity.ValueOf(index, _rows) is double value && value > most)
                (best, most) = (row, value);
        }
        return best;
    }

    /// <summary>Fills a place by chance: with the rule's probability by any eligible item that it is about, each as probable; else by the best. −1 where it is about none.</summary>
    private int Explore(CompiledRule rule, int place, int best)
    {
        List<int> pool = Explorable(rule);
        if (pool.Count == 0)
            return -1;
        var dice = new RankDice(_request.Seed, rule.Rule.Name, place + _request.Earlier.Count);
        double probability = best < 0 ? 1 : rule.Rule.Probability ?? 1;
        int row = dice.Unit() < probability ? pool[dice.Below(pool.Count)] : best;
        double propensity = (row == best ? 1 - probability : 0) + (pool.BinarySearch(row) >= 0 ? probability / pool.Count : 0);
        Choices[row] = (new(rule.Rule.Name, RuleKind.Exploration, 0), propensity);
        return row;
    }

    private List<int> Explorable(CompiledRule rule)
    {
        ulong[] words = [.. _free];
        if (rule.When is { } when)
        {
            var holds = new ulong[words.Length];
            when.Bind(_request.Inputs).Fill(_request.Items, holds, _request.Cache);
            RowWords.And(words, holds);
        }
        var rows = new List<int>();
        for (int word = 0; word < words.Length; word++)
            for (ulong bits = words[word]; bits != 0; bits &= bits - 1)
                if (word * 64 + BitOperations.TrailingZeroCount(bits) is int row && _caps.Fits(row))
                    rows.Add(row);
        return rows;
    }
}
