using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Serving;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>The sequence model as a part of a score: scores are products with the embeddings, reasons are scores of shorter histories, and a kept encoding has the bits of a new one.</summary>
public sealed class SequencePartTests
{
    private const int ItemCount = 80;

    private static readonly string[] Ids = PlantedSequences.Ids(ItemCount);

    private static readonly SequencePart Part = Make(seed: 4);

    [Fact]
    public void Score_AnyHistory_IsTheProductWithEachEmbedding()
    {
        PartQuery query = Part.Prepare(Signals(3, 9, 9 + 1, 40));
        var scores = new float[ItemCount];
        Part.Score(query, scores);
        int[] rows = [70, 3, 12];
        var some = new float[3];
        Part.ScoreRows(query, rows, some);
        Assert.Equal(Array.ConvertAll(rows, row => scores[row]), some);
        var best = new ScoredRow[5];
        var excluded = new ulong[2];
        OrleansRec.Model.Items.RowWords.Set(excluded, Enumerable.Range(0, ItemCount).MaxBy(row => scores[row]), true);
        Assert.Equal(5, Part.Best(query, excluded, best));
        Assert.Equal(scores.OrderDescending().Skip(1).Take(5), best.Select(b => b.Score));
        Assert.Equal(Math.Sqrt(scores.Average(s => (double)s * s)), query.Scale, 1e-6);
    }

    /// <summary>An order whose ids ascend must not teach that ids ascend.</summary>
    [Fact]
    public void ItemsOf_ItemsOfOneMoment_AreNotInTheOrderOfTheirIds()
    {
        var signals = new UserSignals(Enumerable.Range(0, 40).Select(n => new PastItem(Ids[n], 1, n < 20 ? 1 : 2)));
        int[] items = SequencePart.ItemsOf(signals, id => Array.IndexOf(Ids, id));
        Assert.Equal(Enumerable.Range(0, 20), items[..20].Order());
        Assert.Equal(items[..20].OrderBy(row => IdHash.Of(Ids[row])), items[..20]);
        Assert.InRange(items[..20].Zip(items[1..20]).Count(p => p.First < p.Second), 4, 15);
    }

    [Fact]
    public void Prepare_NothingOfTheModel_HasNoScale()
    {
        Assert.Equal(0, Part.Prepare(new([])).Scale);
        Assert.Equal(0, Part.Prepare(new([new("no such item", 1, 5), new(Ids[3], -1, 6)])).Scale);
    }

    [Fact]
    public void Explain_EachItemOfThePast_IsTheChangeOfTheScoreWithoutIt()
    {
        int[] items = [3, 9, 40, 41, 42, 3, 5, 60, 61, 62, 63];
        UserSignals signals = Signals([.. items.Distinct()]);
        SequenceQuery query = Part.Query(items, StateOf(items), signals.Past.ToArray());
        var amounts = new double[signals.Past.Length];
        double offset = Part.Explain(query, 17, amounts), score = Score(StateOf(items), 17);
        Assert.Equal(score, offset + amounts.Sum(), 1e-6);
        int[] window = items[HistoryWindow.Start(items.Length, 8)..];
        for (int n = 0; n < amounts.Length; n++)
        {
            int left = Array.IndexOf(Ids, signals.Past[n].ItemId);
            double without = window.Contains(left) ? Score(StateOf([.. window.Where(item => item != left)]), 17) : score;
            Assert.Equal(score - without, amounts[n], 1e-6);
        }
        Assert.Contains(amounts, a => a == 0);
        Assert.Contains(amounts, a => a != 0);
    }

    /// <summary>What happens to a history: more items, a late one, one taken back, another model; always the bits of a new encoding.</summary>
    [Fact]
    public void KeptEncoding_HistoryGrowsOrChanges_HasTheBitsOfANewOne()
    {
        var random = new Random(3);
        SequencePart other = Make(seed: 5);
        var kept = new KeptEncoding();
        List<int> items = [];
        for (int step = 0; step < 600; step++)
        {
            int kind = random.Next(10);
            if (kind < 7 || items.Count == 0)
                items.Add(random.Next(ItemCount));
            else if (kind == 7)
                items.Insert(random.Next(items.Count), random.Next(ItemCount));
            else if (kind == 8)
                items.RemoveAt(random.Next(items.Count));
            SequencePart part = random.Next(8) == 0 ? other : Part;
            Assert.Equal(StateOf([.. items], part), kept.StateOf(part, [.. items]));
        }
    }

    [Fact]
    public void KeptEncoding_MoreUsersThanAreKept_StaysRight()
    {
        SequencePart part = Make(seed: 6);
        var first = new KeptEncoding();
        float[] before = first.StateOf(part, [1, 2, 3]);
        for (int user = 0; user <= SequencePart.EncodingsMax; user++)
            new KeptEncoding().StateOf(part, [user % ItemCount]);
        Assert.False(first.IsKept);
        Assert.Equal(before, first.StateOf(part, [1, 2, 3]));
        Assert.True(first.IsKept);
    }

    private static SequencePart Make(int seed)
    {
        var options = new SequenceOptions { Width = 12, Heads = 2, Length = 8, HiddenMultiple = 2, Seed = seed };
        return new(SequenceParameters.Start(options, ItemCount), Ids, id => Array.IndexOf(Ids, id));
    }

    private static UserSignals Signals(params int[] items) => new(items.Select((item, n) => new PastItem(Ids[item], 1, n)));

    private static float[] StateOf(int[] items, SequencePart? part = null)
    {
        SequenceEncoder encoder = (part ?? Part).Encoder;
        EncodedHistory history = encoder.CreateHistory();
        encoder.Encode(items, history, encoder.CreateScratch());
        return history.State.ToArray();
    }

    private static double Score(float[] state, int item)
    {
        ReadOnlySpan<float> row = Part.Encoder.Parameters.Items.Span.Slice(item * state.Length, state.Length);
        double sum = 0;
        for (int i = 0; i < state.Length; i++)
            sum += state[i] * row[i];
        return sum;
    }
}
