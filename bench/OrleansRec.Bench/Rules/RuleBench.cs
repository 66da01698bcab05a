using System.Diagnostics;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Model;
using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;
using OrleansRec.Model.Rules.Plans;

namespace OrleansRec.Bench.Rules;

/// <summary>Expressions over 100,000 items, with and without kept bitmaps, and the rule stage of a list of 10.</summary>
internal sealed class RuleBench : IBenchSection
{
    private const int Count = 100_000, K = 10, AttemptCount = 9, Repeats = 100;

    private static readonly string[] Expressions =
    [
        "item.price < user.budget",
        "item.price < 50 && \"c1\" in item.categories && item.stock > 0 && user.country == \"DE\"",
        "item.brand != \"b7\"",
        "item.title.contains(\"99\")",
        "item.price * 2 + item.rating < user.budget",
    ];

    private static readonly RuleInputs Inputs = new(1_000, new Dictionary<string, RuleValue> { ["country"] = RuleValue.Of("DE"), ["budget"] = RuleValue.Of(50) });

    public string Name => "rules";

    public IReadOnlyList<int> Points { get; } = [];

    public Task Measure(BenchRun run)
    {
        if (run.IsCheck)
            return Task.CompletedTask;
        ItemColumns items = Items();
        run.Add(Evaluations(items));
        run.Add(Words());
        run.Add(Lists(items));
        return Task.CompletedTask;
    }

    private static FigureTable Evaluations(ItemColumns items)
    {
        var table = new FigureTable($"Expressions over {Count:N0} items, one thread", "expression", "kept nowhere", "kept", "kept, one item changed", "holds for")
        {
            Note = $"Mean of {Repeats} evaluations with the request's values put in; of {AttemptCount} attempts the median. What depends on the user is never kept.",
        };
        foreach (string text in Expressions)
        {
            RuleExpression expression = RuleExpression.Parse(text, RuleFields.Of(items), RuleType.Bool);
            var words = new ulong[RowWords.CountOf(Count)];
            var cache = new PredicateCache();
            ItemColumns[] versions = [items, items.With(50_000, items.FactsAt(50_000).Set("price", 1))];
            Attempts plain = Mean(_ => expression.Bind(Inputs).Fill(items, words)), kept = Mean(_ => expression.Bind(Inputs).Fill(items, words, cache));
            Attempts changed = Mean(n => expression.Bind(Inputs).Fill(versions[n & 1], words, cache));
            table.Add($"{text}", $"{plain.Text("N1", " µs")}", $"{kept.Text("N1", " µs")}", $"{changed.Text("N1", " µs")}", $"{RowWords.Count(words):N0}");
        }
        return table;
    }

    private static FigureTable Words()
    {
        var random = new Random(2);
        double[] a = [.. Enumerable.Range(0, 64).Select(_ => random.NextDouble())], b = [.. Enumerable.Range(0, 64).Select(_ => random.NextDouble())];
        const int Each = 10_000;
        ulong bits = 0;
        Attempts scalar = Mean(_ =>
        {
            for (int n = 0; n < Each; n++)
                bits ^= NumberComparisonBits<IsLess>.ScalarWord(a, b);
        }), vectors = Mean(_ =>
        {
            for (int n = 0; n < Each; n++)
                bits ^= NumberComparisonBits<IsLess>.Word(a, b);
        });
        var table = new FigureTable("64 comparisons of numbers to bits", "one by one", "by vectors", "times faster") { Note = $"The bits of both, crossed out: {bits}." };
        table.Add($"{scalar.Times(1e3 / Each).Text("N1", " ns")}", $"{vectors.Times(1e3 / Each).Text("N1", " ns")}", $"{scalar.Over(vectors).Text("0.0")}");
        return table;
    }

    private static FigureTable Lists(ItemColumns items)
    {
        var random = new Random(3);
        ScoredRow[] candidates = [.. Enumerable.Range(0, Count).Select(row => new ScoredRow(row, random.NextSingle())).OrderByDescending(c => c.Score)];
        ListRule[] all =
        [
            new() { Name = "filter", Kind = RuleKind.Filter, When = Expressions[1] }, new() { Name = "cap", Kind = RuleKind.Cap, Field = "brand", Most = 2 },
            new() { Name = "boost", Kind = RuleKind.Boost, Factor = "1.2", When = "item.rating > 4" }, new() { Name = "pin", Kind = RuleKind.Pin, Item = "i5", Position = 3 },
        ];
        var table = new FigureTable($"Rule stage of a list of {K} from {Count:N0} candidates, one thread", "rules", "eligibility", "whole stage", "candidates drawn");
        foreach (ListRule[] rules in new ListRule[][] { [], all[1..], all })
        {
            CompiledRules compiled = new RuleSet(rules).Compile(RuleFields.Of(items));
            RankRequest request = new(items, K, Inputs) { Cache = new PredicateCache(), RowOf = id => int.Parse(id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) };
            var eligible = new ulong[RowWords.CountOf(Count)];
            RankedList list = ListRanking.Of(request, compiled, new KnownCandidates(candidates));
            Attempts eligibility = Mean(_ => new Eligibility(request, compiled).Fill(eligible)), stage = Mean(_ => list = ListRanking.Of(request, compiled, new KnownCandidates(candidates)));
            table.Add($"{(rules.Length == 0 ? "none" : string.Join(", ", rules.Select(r => r.Name)))}", $"{eligibility.Text("N1", " µs")}", $"{stage.Text("N1", " µs")}", $"{list.DrawnCount:N0}");
        }
        return table;
    }

    private static ItemColumns Items()
    {
        var random = new Random(1);
        return ItemColumns.Of(Enumerable.Range(0, Count).Select(n => new ItemFacts($"i{n}")
            .Set("title", $"a title of item {n}").Set("brand", $"b{random.Next(500)}").Set("categories", [$"c{random.Next(10)} > d{random.Next(10)}"])
            .Set("price", random.NextDouble() * 100).Set("stock", random.Next(20)).Set("rating", random.NextDouble() * 5)));
    }

    /// <summary>Microseconds of one repeat. The first attempt warms up.</summary>
    private static Attempts Mean(Action<int> act)
    {
        double[] attempts = [.. Enumerable.Range(0, 1 + AttemptCount).Select(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int n = 0; n < Repeats; n++)
                act(n);
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Repeats;
        })];
        return new(attempts[1..]);
    }
}
