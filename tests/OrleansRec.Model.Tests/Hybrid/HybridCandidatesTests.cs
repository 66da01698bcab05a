using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Model.Tests.Hybrid;

/// <summary>Goal: candidates come best first, each once, among the eligible alone, and rungs fill what parts leave. Method: parts of a planted shop beside brute force over all rows.</summary>
public sealed class HybridCandidatesTests
{
    private static readonly string[] _ids = PlantedShop.Pairs.ItemIds;

    private static readonly IReadOnlyList<ISparsePart> _parts = [.. PlantedShop.Parts().OfType<ISparsePart>()];

    [Theory, InlineData(1), InlineData(7), InlineData(60)]
    public void Draw_OnePartAlone_IsItsWholeOrder_HoweverItIsDrawn(int atOnce)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            ulong[] eligible = Eligible(seed);
            var candidates = Of(eligible, [("als", 1.0, 4)], []);
            UserSignals signals = PlantedShop.Signals(seed);
            ISparsePart als = _parts.First(p => p.Name == "als");
            var scores = new float[_ids.Length];
            als.Score(als.Prepare(signals), scores);
            ScoredRow[] expected = [.. Enumerable.Range(0, _ids.Length).Where(row => RowWords.Has(eligible, row)).Select(row => new ScoredRow(row, scores[row]))
                .Where(r => r.Score > 0).OrderByDescending(r => r.Score).ThenBy(r => _ids[r.Row], StringComparer.Ordinal)];
            Assert.Equal(expected, DrawAll(candidates(signals), atOnce).TakeWhile(r => r.Score > 0));
        }
    }

    [Fact]
    public void Draw_SeveralParts_AreTheUnionOfTheirBest_ScoredByAll()
    {
        ulong[] eligible = Eligible(3);
        UserSignals signals = PlantedShop.Signals(3);
        (string Name, double Weight, int Candidates)[] asked = [("als", 1.5, 6), ("item-item", 0.7, 6), ("content", 0.9, 6), ("popular", -0.2, 6)];
        ScoredRow[] drawn = [.. DrawAll(Of(eligible, asked, [])(signals), 5)];
        var expected = new HashSet<int>();
        foreach ((string name, double weight, int count) in asked.Where(a => a.Weight > 0))
        {
            ISparsePart part = _parts.First(p => p.Name == name);
            var best = new ScoredRow[count];
            int found = part.Best(part.Prepare(signals), Array.ConvertAll(eligible, w => ~w), best);
            expected.UnionWith(best.Take(found).Select(b => b.Row));
        }
        Assert.Equal(expected.Order(), drawn.Select(d => d.Row).Order());
        var scores = new double[_ids.Length];
        foreach ((string name, double weight, _) in asked)
        {
            ISparsePart part = _parts.First(p => p.Name == name);
            PartQuery query = part.Prepare(signals);
            var own = new float[_ids.Length];
            part.Score(query, own);
            for (int row = 0; row < own.Length; row++)
                scores[row] += weight / query.Scale * own[row];
        }
        Assert.All(drawn, d => Assert.Equal(scores[d.Row], d.Score, 1e-4));
        Assert.Equal(drawn.OrderByDescending(d => d.Score).Select(d => d.Row), drawn.Select(d => d.Row));
    }

    [Fact]
    public void Draw_Ladder_FillsBelowTheParts_EachRowOnce()
    {
        ulong[] eligible = Eligible(1);
        int[] all = [.. Enumerable.Range(0, _ids.Length)], odd = [.. all.Where(row => row % 2 == 1)];
        var candidates = Of(eligible, [("item-item", 1, 5), ("popular", -1e-9, 0)], [new("first", odd), new("any", all)])(PlantedShop.Signals(1));
        ScoredRow[] drawn = [.. DrawAll(candidates, 9)];

        Assert.Equal(all.Where(row => RowWords.Has(eligible, row)), drawn.Select(d => d.Row).Order());
        Assert.Equal(drawn.OrderByDescending(d => d.Score), drawn);
        string?[] sources = [.. drawn.Select(d => candidates.SourceOf(d.Row))];
        Assert.Equal(["item-item", "first", "any"], sources.Distinct());
        Assert.Equal(sources.OrderBy(s => Array.IndexOf(["item-item", "first", "any"], s)), sources);
        Assert.All(drawn, d => Assert.Equal(candidates.SourceOf(d.Row) == "item-item", candidates.IsBlended(d.Row)));
        Assert.Null(candidates.SourceOf(all.First(row => !RowWords.Has(eligible, row))));
    }

    [Fact]
    public void PartsOf_SumToTheScore()
    {
        var candidates = Of(Eligible(2), [("als", 1.5, 20), ("item-item", 0.7, 20), ("content", 0.9, 20)], [])(PlantedShop.Signals(2));
        foreach (ScoredRow drawn in DrawAll(candidates, 60).ToArray())
            Assert.Equal(drawn.Score, candidates.PartsOf(drawn.Row).Sum(p => p.Amount), 1e-4);
    }

    [Fact]
    public void Draw_EveryRowScored_GivesAllWithASignal_ThenTheRung()
    {
        var eligible = new ulong[1];
        foreach (int row in (int[])[4, 9, 30, 31])
            RowWords.Set(eligible, row, true);
        ISparsePart part = _parts.First(p => p.Name == "item-item");
        UserSignals signals = PlantedShop.Signals(4);
        PartQuery query = part.Prepare(signals);
        var candidates = new HybridCandidates(
            [new(part, query, 1, 1, 1, part.Name)], 0, [new("none", Enumerable.Range(0, _ids.Length).ToArray())], eligible, row => _ids[row], isEveryRowScored: true);
        Assert.Equal([4, 9, 30, 31], DrawAll(candidates, 3).Select(d => d.Row).Order());
    }

    private static Func<UserSignals, HybridCandidates> Of(ulong[] eligible, (string Name, double Weight, int Candidates)[] asked, LadderRung[] ladder) => signals => new(
        [.. asked.Select(a => (Part: _parts.First(p => p.Name == a.Name), Asked: a)).Select(p => (p.Part, p.Asked, Query: p.Part.Prepare(signals)))
            .Select(p => new CandidatePart(p.Part, p.Query, p.Asked.Weight, asked.Length == 1 ? p.Asked.Weight : p.Asked.Weight / p.Query.Scale, p.Asked.Candidates, p.Part.Name))],
        0, ladder, eligible, row => _ids[row]);

    private static ulong[] Eligible(int seed)
    {
        var random = new Random(seed);
        var eligible = new ulong[RowWords.CountOf(_ids.Length)];
        for (int row = 0; row < _ids.Length; row++)
            RowWords.Set(eligible, row, random.NextDouble() < 0.7);
        return eligible;
    }

    private static IEnumerable<ScoredRow> DrawAll(HybridCandidates candidates, int atOnce)
    {
        var drawn = new ScoredRow[atOnce];
        int count;
        do
        {
            count = candidates.Draw(drawn);
            foreach (ScoredRow each in drawn.Take(count))
                yield return each;
        }
        while (count == atOnce);
    }
}
