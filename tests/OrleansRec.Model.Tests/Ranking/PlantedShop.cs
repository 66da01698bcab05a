using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Items with planted fields, their candidates best first, and lists made of them.</summary>
internal sealed class PlantedShop
{
    public PlantedShop(IReadOnlyList<ItemFacts> facts, Func<int, float>? score = null)
    {
        Facts = facts;
        Items = ItemColumns.Of(facts);
        score ??= row => facts.Count - row;
        Candidates = [.. Enumerable.Range(0, facts.Count).Select(row => new ScoredRow(row, score(row))).OrderByDescending(c => c.Score).ThenBy(c => facts[c.Row].Id, StringComparer.Ordinal)];
    }

    public IReadOnlyList<ItemFacts> Facts { get; }

    public ItemColumns Items { get; }

    public ScoredRow[] Candidates { get; }

    /// <summary>n items "i00", "i01", …, the first with the highest score.</summary>
    public static PlantedShop Of(int count, Action<int, ItemFacts>? set = null, Func<int, float>? score = null) => new(
        [.. Enumerable.Range(0, count).Select(n =>
        {
            var facts = new ItemFacts($"i{n:D2}");
            set?.Invoke(n, facts);
            return facts;
        })],
        score);

    public RankRequest Request(int k) => new(Items, k, new RuleInputs(1_000)) { RowOf = RowOf };

    public int RowOf(string id) => Facts.ToList().FindIndex(f => f.Id == id);

    public RankedList List(RankRequest request, params ListRule[] rules) =>
        ListRanking.Of(request, new RuleSet(rules).Compile(RuleFields.Of(Items)), new KnownCandidates(Candidates));

    public string Ids(int k, params ListRule[] rules) => Ids(List(Request(k), rules));

    public static string Ids(RankedList list) => string.Join(" ", list.Entries.Select(e => e.ItemId[1..].TrimStart('0') is { Length: > 0 } n ? n : "0"));
}
