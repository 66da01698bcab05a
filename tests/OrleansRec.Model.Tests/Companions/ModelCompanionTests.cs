using System.Buffers;
using OrleansRec.Model.Baskets;
using OrleansRec.Model.Blobs;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Content;
using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Popularity;

namespace OrleansRec.Model.Tests.Companions;

/// <summary>Builds the companion of a planted shop, and holds it to what is planted, to the path of an evaluation, to its bytes, and to their damage.</summary>
public sealed class ModelCompanionTests
{
    private static readonly ModelCompanion Companion = CompanionBuilder.Build(TwoTastes.Source());

    private static byte[] Bytes(ModelCompanion companion)
    {
        var into = new ArrayBufferWriter<byte>();
        CompanionCoding.Write(companion, into);
        return into.WrittenSpan.ToArray();
    }

    private static CompanionParts Parts(ModelCompanion companion) => CompanionParts.Over(companion, TwoTastes.ItemIds, TwoTastes.ItemIds, TwoTastes.Features());

    private static string[] Best(IScorePart part, UserSignals signals, int n) => [.. BlockLists.Best(part, part.Prepare(signals), n, []).Select(s => s.ItemId)];

    [Fact]
    public void Build_PlantedBaskets_FindsWhatIsBoughtTogether()
    {
        var together = Parts(Companion).Together;
        for (int pair = 0; pair < TwoTastes.Items / 4; pair++)
        {
            Assert.Equal(["i" + (4 * pair + 2)], Best(together, TwoTastes.Signals(4 * pair), 1));
            Assert.Equal(["i" + (4 * pair + 1)], Best(together, TwoTastes.Signals(4 * pair + 3), 1));
        }
    }

    [Fact]
    public void Build_PlantedTastes_NeighboursAndContentStayWithinTheKind()
    {
        var parts = Parts(Companion);
        foreach (var part in (IScorePart[])[parts.Neighbours, parts.Content!])
            Assert.All(Best(part, TwoTastes.Signals(5, 13), 8), id => Assert.Equal(1, TwoTastes.NumberOf(id) % 2));
    }

    [Fact]
    public void Build_LastDay_MakesItsItemTrendingThoughOthersHaveMoreEvents()
    {
        var parts = Parts(Companion);
        Assert.Equal(["i0"], Best(parts.Find("trending")!, TwoTastes.Signals(), 1));
        int[] events = new int[TwoTastes.Items];
        foreach (string user in TwoTastes.UserIds)
            foreach (int item in TwoTastes.VisitsOf(user).Select(v => v.Item).Distinct())
                events[item]++;
        Assert.Equal(TwoTastes.ItemIds.Select(id => events[TwoTastes.NumberOf(id)]), Companion.Likers);
    }

    [Fact]
    public void Build_Twice_AndOnManyThreads_GivesTheSameBytes()
    {
        byte[] bytes = Bytes(Companion);
        Assert.Equal(bytes, Bytes(CompanionBuilder.Build(TwoTastes.Source())));
        Assert.Equal(bytes, Bytes(CompanionBuilder.Build(TwoTastes.Source(), workers: 3)));
    }

    [Fact]
    public void Build_EveryPart_IsThatOfAnEvaluation()
    {
        var (source, ids) = (TwoTastes.Source(), TwoTastes.ItemIds);
        var set = OfflineSet.Of(new(
            [.. TwoTastes.UserIds.SelectMany(u => TwoTastes.VisitsOf(u).Select(v => new Interaction(u, "i" + v.Item, 1, TwoTastes.Start + v.Day * HistoryReading.DayMs + 1)).DistinctBy(p => p.ItemId))], []));
        var options = source.Options;
        var terms = TermWeights.Of(source.Features.OfType<ItemFeatures>(), new());
        var vectors = Array.ConvertAll(source.Features, f => terms.VectorOf(f!));
        double[] counts = StandardFits.UserCounts(set);
        NeighbourBlock Block(string name, NeighbourTable table) => new(name, table, ids, ids, Companion.ReadingOf(name));
        IScorePart[] evaluated =
        [
            new PopularityPart("popular", ids, counts, PopularityPart.ScaleOf(counts)),
            Block(ModelCompanion.ItemItem, ItemNeighbours.Build(set.ByUser, ids, options.Neighbours, 0, ids.Length)),
            new ContentPart(ids, vectors, id => Array.IndexOf(ids, id) is >= 0 and var row ? vectors[row] : null, Companion.ReadingOf("content")),
        ];
        var parts = Parts(CompanionCoding.Read(Bytes(Companion)));
        foreach (var part in evaluated)
            foreach (var signals in (UserSignals[])[TwoTastes.Signals(), TwoTastes.Signals(3, 8, 21)])
            {
                var own = parts.Find(part.Name)!;
                float[] expected = new float[ids.Length], scores = new float[ids.Length];
                var (asked, query) = (part.Prepare(signals), own.Prepare(signals));
                part.Score(asked, expected);
                own.Score(query, scores);
                Assert.Equal(expected, scores);
                Assert.Equal(asked.Scale, query.Scale, 1e-12);
            }
    }

    [Fact]
    public void Trending_OnTheLastDay_IsTheTimelineOfAnEvaluation()
    {
        var random = new Random(3);
        (int, long)[] events = [(0, TwoTastes.Start), .. Enumerable.Range(0, 500).Select(_ => (random.Next(TwoTastes.Items), TwoTastes.Start + random.Next(30) * HistoryReading.DayMs + random.Next(1000)))];
        long last = TwoTastes.Start + 29 * HistoryReading.DayMs;
        var timeline = new PopularityTimeline(TwoTastes.ItemIds, events, 7);
        var trending = new TrendingPart(TwoTastes.ItemIds, [.. Enumerable.Range(0, TwoTastes.Items)], DailyCounts.Of(TwoTastes.Items, events, last), 7);
        var (asked, query) = (timeline.Prepare(new([], last + HistoryReading.DayMs)), trending.Prepare(new([], last)));
        float[] expected = new float[TwoTastes.Items], scores = new float[TwoTastes.Items];
        timeline.Score(asked, expected);
        trending.Score(query, scores);
        Assert.All(expected.Zip(scores), p => Assert.Equal(p.First, p.Second, 1e-5));
        Assert.Equal(asked.Scale, query.Scale, 1e-6);
        trending.Score(trending.Prepare(new([], last + 7 * HistoryReading.DayMs)), scores);
        Assert.All(expected.Zip(scores), p => Assert.Equal(Math.Log(1 + (Math.Exp(p.First) - 1) / 2), p.Second, 1e-5));
    }

    [Fact]
    public void SparseParts_RowsAndBest_AreThoseOfTheWholeScore()
    {
        string[] block = [.. TwoTastes.ItemIds.Append("new1").OrderBy(id => id, StringComparer.Ordinal).Where((_, n) => n % 3 != 0), "new0"];
        ItemFeatures?[] features = Array.ConvertAll(block, id => id[0] == 'n' ? TwoTastes.Described(id, 0) : TwoTastes.Described(id, TwoTastes.NumberOf(id) % 2));
        var parts = CompanionParts.Over(Companion, TwoTastes.ItemIds, block, features);
        ulong[] excluded = [0b10100110];
        foreach (var part in parts.All)
        {
            var query = part.Prepare(OwnedSignals());
            float[] all = new float[block.Length], some = new float[4];
            part.Score(query, all);
            int[] rows = [block.Length - 1, 3, 0, 7];
            part.ScoreRows(query, rows, some);
            Assert.Equal(rows.Select(row => all[row]), some);
            var best = new ScoredRow[block.Length];
            int count = part.Best(query, excluded, best);
            var expected = new ScoredRow[block.Length];
            int above = BlockLists.Select(all, excluded, block, expected);
            Assert.Equal(expected[..above].Where(e => e.Score > 0), best[..count]);
            int few = part.Best(query, excluded, best.AsSpan(0, 2));
            Assert.Equal(expected[..Math.Min(2, count)], best[..few]);
        }
    }

    private static UserSignals OwnedSignals()
    {
        var signals = TwoTastes.Signals(2, 3, 17, 30);
        long day = HistoryReading.DayMs;
        return new(signals.Past.ToArray(), signals.NowMs, "somebody")
        {
            Purchases = [("i3", [signals.NowMs - 20 * day, signals.NowMs - 10 * day]), ("i8", [signals.NowMs - 9 * day, signals.NowMs - 6 * day, signals.NowMs - 3 * day]), ("i17", [signals.NowMs])],
        };
    }

    [Fact]
    public void OwnItems_BuyAgainByThePeriod_RecentByTheMoment_ExplainedByTheItem()
    {
        var (parts, signals) = (Parts(Companion), OwnedSignals());
        var again = parts.Find("buy-again")!;
        var query = again.Prepare(signals);
        var best = new ScoredRow[10];
        Assert.Equal(["i8", "i3"], best[..again.Best(query, [], best)].Select(b => TwoTastes.ItemIds[b.Row]));
        var amounts = new double[4];
        Assert.Equal(0, again.Explain(query, TwoTastes.Row(3), amounts));
        Assert.Equal(2.0 / 3, amounts[1], 1e-6);
        Assert.Equal(0.75, again.Explain(query, TwoTastes.Row(8), amounts), 1e-6);
        var recent = parts.Find("recently-viewed")!;
        query = recent.Prepare(signals);
        Assert.Equal(["i30", "i17", "i3", "i2"], best[..recent.Best(query, [], best)].Select(b => TwoTastes.ItemIds[b.Row]));
        var some = new float[3];
        recent.ScoreRows(query, [TwoTastes.Row(30), TwoTastes.Row(5), TwoTastes.Row(30)], some);
        Assert.Equal((some[0], 0f), (some[2], some[1]));
        Assert.Equal(Math.Pow(2, -37.0 / 7), some[0], 1e-6);
    }

    [Fact]
    public void Over_NewItem_IsFoundByItsContentAlone()
    {
        string[] block = [.. TwoTastes.ItemIds, "new"];
        var parts = CompanionParts.Over(Companion, TwoTastes.ItemIds, block, [.. TwoTastes.Features(), TwoTastes.Described("new", 1)]);
        foreach (var part in parts.All)
        {
            var (scores, query) = (new float[block.Length], part.Prepare(TwoTastes.Signals(1, 5, 9)));
            part.Score(query, scores);
            Assert.Equal(part.Name == "content", scores[^1] > 0);
            Assert.Equal(scores[^1], part.Explain(query, block.Length - 1, new double[3]) + (part.Name == "content" ? scores[^1] : 0), 1e-6);
        }
        Assert.Throws<ArgumentException>(() => CompanionParts.Over(Companion, block, block, new ItemFeatures?[block.Length]));
        Assert.Throws<ArgumentException>(() => CompanionParts.Over(Companion, TwoTastes.ItemIds, block, TwoTastes.Features()));
    }

    [Fact]
    public void Ridge_NewItemsOfAKind_GetFactorsThatUsersOfTheKindLike()
    {
        var source = TwoTastes.Source();
        var foldIn = new FoldIn(source.Als, source.ItemFactors, TwoTastes.Items, source.Gram, 0);
        var (garden, kitchen) = (new float[source.Als.Width], new float[source.Als.Width]);
        Companion.Ridge!.Predict(Companion.Terms.VectorOf(TwoTastes.Described("new1", 0)), garden);
        Companion.Ridge.Predict(Companion.Terms.VectorOf(TwoTastes.Described("new2", 1)), kitchen);
        var x = new float[source.Als.Width];
        int[] past = [.. ((int[])[8, 10, 16]).Select(TwoTastes.Row).Order()];
        foldIn.Solve(past, [1, 1, 1], x, foldIn.CreateScratch());
        double liked = System.Numerics.Tensors.TensorPrimitives.Dot<float>(x, garden), other = System.Numerics.Tensors.TensorPrimitives.Dot<float>(x, kitchen);
        Assert.True(liked > 3 * Math.Abs(other), $"{liked} and {other}");
    }

    [Fact]
    public void Learn_PlantedTastes_BlendBeatsTheFactorisationAndIsTheDefault()
    {
        Assert.NotNull(Companion.Quality);
        Assert.True(Companion.Quality.IsBetter, Companion.Quality.ToString());
        Assert.NotEqual(ModelCompanion.FactorsAlone, Companion.Weights);
        Assert.Equal(6, Companion.Weights.Weights.Count);
        Assert.NotNull(Companion.Sigmoid);
        var heldOut = CompanionBuilder.Build(TwoTastes.Source(heldOutShare: 0.5));
        Assert.True(heldOut.Quality!.IsBetter, heldOut.Quality.ToString());
        Assert.True(heldOut.Likers.Sum() < Companion.Likers.Sum());
    }

    [Fact]
    public void Learn_TooFewUsers_LeavesTheFactorisationAlone()
    {
        foreach (var options in (CompanionOptions[])[new() { LearnUsersMin = 10_000 }, new() { LearnUsersMin = 20, LearnEventsMax = 10 }])
        {
            var built = CompanionBuilder.Build(TwoTastes.Source(options: options));
            Assert.Equal((ModelCompanion.FactorsAlone, null, null), (built.Weights, built.Quality, built.Sigmoid));
        }
    }

    [Fact]
    public void Build_WithoutCatalogue_HasNoContentAndNoRidge()
    {
        var built = CompanionBuilder.Build(TwoTastes.Source(isKnown: _ => false));
        Assert.Null(built.Ridge);
        Assert.Null(CompanionParts.Over(built, TwoTastes.ItemIds, TwoTastes.ItemIds, new ItemFeatures?[TwoTastes.Items]).Content);
        Assert.Equal(0, built.Weights.Of("content"));
        Assert.Equal(Bytes(built), Bytes(CompanionCoding.Read(Bytes(built))));
    }

    [Fact]
    public void Coding_RoundTrip_GivesTheSameBytesAndLists()
    {
        byte[] bytes = Bytes(Companion);
        var read = CompanionCoding.Read(bytes);
        Assert.Equal(bytes, Bytes(read));
        Assert.Equal((7, 2, TwoTastes.Items, Companion.ItemsHash, Companion.Read), (read.Version, read.Attempt, read.ItemCount, read.ItemsHash, read.Read));
        Assert.Equal(Companion.Weights.Weights, read.Weights.Weights);
        Assert.Equal(Companion.Readings, read.Readings);
        Assert.Equal((Companion.Sigmoid, Companion.Quality), (read.Sigmoid, read.Quality));
        Assert.Equal(Best(Parts(Companion).Neighbours, TwoTastes.Signals(4), 10), Best(Parts(read).Neighbours, TwoTastes.Signals(4), 10));
    }

    [Fact]
    public void Read_AnyByteChangedOrCut_IsRefusedByName()
    {
        byte[] bytes = Bytes(Companion);
        var random = new Random(9);
        for (int n = 0; n < 400; n++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<CorruptLogException>(() => CompanionCoding.Read(damaged));
            Assert.Throws<CorruptLogException>(() => CompanionCoding.Read(bytes.AsSpan(0, random.Next(bytes.Length))));
        }
    }

    /// <summary>With a checksum that fits, as a writer with a mistake would leave it: the rules alone must hold, and nothing larger than the blob be allocated.</summary>
    [Fact]
    public void Read_ChangedContentUnderAGoodChecksum_IsReadOrRefusedByName()
    {
        byte[] bytes = Bytes(Companion);
        var random = new Random(10);
        int refused = 0;
        for (int n = 0; n < 2_000; n++)
        {
            byte[] damaged = [.. bytes];
            int at = random.Next(BlobWriter.HeaderBytes, n % 2 == 0 ? Math.Min(400, bytes.Length - 12) : bytes.Length - 12);
            damaged[at] = (byte)random.Next(256);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(^4), Crc32C.Of(damaged.AsSpan(..^4)));
            try
            {
                _ = CompanionParts.Over(CompanionCoding.Read(damaged), TwoTastes.ItemIds, TwoTastes.ItemIds, TwoTastes.Features());
            }
            catch (Exception e) when (e is CorruptLogException or ArgumentException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 100, 2_000);
    }

    [Fact]
    public void Histories_MoreEventsThanAreKept_LetHalfOfTheUsersGo_HoweverTheyCome()
    {
        ShopHistories whole = TwoTastes.Histories(), half = TwoTastes.Histories(whole.EventCount - 1), few = TwoTastes.Histories(300);
        Assert.Equal((1, 0.5), (whole.Share, half.Share));
        Assert.InRange(half.UserCount, TwoTastes.Users * 4 / 10, TwoTastes.Users * 6 / 10);
        Assert.InRange(few.EventCount, 100, 300);
        var users = Enumerable.Range(0, whole.UserCount).ToDictionary(whole.UserId);
        for (int user = 0; user < few.UserCount; user++)
            Assert.Equal(whole.Of(users[few.UserId(user)]).ToArray(), few.Of(user).ToArray());
        Assert.Equal(few.Share, CompanionBuilder.Build(TwoTastes.Source(histories: few)).Read.Share);
    }

    [Fact]
    public void HoldOut_NewestOrLastFifth_IsOutOfThePairs()
    {
        var histories = TwoTastes.Histories();
        var newest = HistoryPairs.Of(histories, TwoTastes.Als.EffectivePairValue, true, new(NewestShare: 1));
        var fifth = HistoryPairs.Of(histories, TwoTastes.Als.EffectivePairValue, true, new(LastFifth: true));
        foreach (var pairs in (HistoryPairs[])[newest, fifth])
            for (int user = 0; user < pairs.UserIds.Length; user++)
            {
                int[] items = [.. TwoTastes.VisitsOf(pairs.UserIds[user]).Select(v => TwoTastes.Row(v.Item)).Distinct()];
                int[] held = pairs.HeldOut[user];
                Assert.Equal(items.Order(), pairs.ByUser.Columns(user).ToArray().Concat(held).Order());
                // The last moment has the two items of one basket, or i0 alone where that is new to the user.
                Assert.Equal(pairs == newest || items.Length == 7 ? items[^1..] : items[^2..].Order(), held);
            }
        Assert.Equal(newest.UserIds, HistoryPairs.Of(histories, TwoTastes.Als.EffectivePairValue, true, default).UserIds);
    }

    [Fact]
    public void Sampled_IsTheUsersOfTheLowestHashes()
    {
        ShopHistories whole = TwoTastes.Histories(), half = TwoTastes.Histories(whole.EventCount - 1), sampled = whole.Sampled(0.5);
        Assert.Equal(Enumerable.Range(0, half.UserCount).Select(half.UserId), Enumerable.Range(0, sampled.UserCount).Select(sampled.UserId));
        Assert.Equal(half.Of(3).ToArray(), sampled.Of(3).ToArray());
        Assert.Equal((0.5, 0.25), (sampled.Share, sampled.Sampled(0.5).Share));
    }
}
