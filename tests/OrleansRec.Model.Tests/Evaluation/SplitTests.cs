namespace OrleansRec.Model.Tests;

/// <summary>What each split holds out, that nothing is lost or in both parts, and that the order of the input does not matter.</summary>
public sealed class SplitTests
{
    /// <summary>User n has n items, n = 1 … 12; the time of item i is 100 − i, so that the last by time is the first by name.</summary>
    private static readonly Interaction[] All =
        [.. from user in Enumerable.Range(1, 12) from item in Enumerable.Range(0, user) select new Interaction($"u{user:D2}", $"i{item:D2}", item, 100 - item)];

    public static TheoryData<string> Splits() => ["random", "per-user", "time-per-user", "time", "leave-last", "leave-random", "fold"];

    private static SplitParts Of(string split, IEnumerable<Interaction> all, int seed = 1) => split switch
    {
        "random" => Split.Random(all, 0.2, seed),
        "per-user" => Split.RandomPerUser(all, 0.2, seed),
        "time-per-user" => Split.ByTimePerUser(all, 0.2),
        "time" => Split.ByTime(all, 95),
        "leave-last" => Split.LeaveOneOut(all, LeftOut.Last, seed),
        "leave-random" => Split.LeaveOneOut(all, LeftOut.Random, seed),
        _ => Split.KFold(all, 5, seed)[3],
    };

    private static int[] TestCounts(SplitParts parts) => [.. Enumerable.Range(1, 12).Select(u => parts.Test.Count(p => p.UserId == $"u{u:D2}"))];

    [Theory, MemberData(nameof(Splits))]
    public void AnySplit_EveryPairIsInExactlyOnePart(string split)
    {
        var parts = Of(split, All);
        Assert.NotEmpty(parts.Test);
        Assert.Equal(All, parts.Train.Concat(parts.Test).OrderBy(p => p.UserId).ThenBy(p => p.ItemId));
    }

    [Theory, MemberData(nameof(Splits))]
    public void AnySplit_OfShuffledInput_IsTheSame(string split)
    {
        var shuffled = All.ToArray();
        new Random(9).Shuffle(shuffled);
        SplitParts parts = Of(split, All), again = Of(split, shuffled);
        Assert.Equal(parts.Train, again.Train);
        Assert.Equal(parts.Test, again.Test);
    }

    [Theory]
    [InlineData("random"), InlineData("per-user"), InlineData("leave-random"), InlineData("fold")]
    public void RandomSplit_OfAnotherSeed_IsAnother(string split) => Assert.NotEqual(Of(split, All, 1).Test, Of(split, All, 2).Test);

    [Fact]
    public void Random_AFifth_HoldsOutTheFloorOfIt() => Assert.Equal(15, Split.Random(All, 0.2, 1).Test.Count); // of 78

    [Fact]
    public void Random_29HundredthsOf100_Is29() =>
        Assert.Equal(29, Split.Random(Enumerable.Range(0, 100).Select(n => new Interaction("u", $"i{n}", 1, 0)), 0.29, 1).Test.Count);

    [Fact]
    public void RandomPerUser_AFifth_IsTheFloorForUsersWithFiveItems() =>
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2], TestCounts(Split.RandomPerUser(All, 0.2, 1)));

    [Fact]
    public void RandomPerUser_ItemsMin_IsTheCallers() =>
        Assert.Equal([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6], TestCounts(Split.RandomPerUser(All, 0.5, 1, itemsMin: 2)));

    [Fact]
    public void RandomPerUser_OverManySeeds_HoldsOutEveryItemEquallyOften()
    {
        var counts = new int[10];
        for (int seed = 0; seed < 2000; seed++)
        {
            foreach (var pair in Split.RandomPerUser(All.Where(p => p.UserId == "u10"), 0.2, seed).Test)
                counts[(int)pair.Value]++;
        }
        // 2,000 draws of 2 from 10: 400 each, deviation 18; five of those are far outside chance.
        Assert.All(counts, count => Assert.InRange(count, 310, 490));
    }

    [Fact]
    public void ByTimePerUser_HoldsOutTheLatest()
    {
        var parts = Split.ByTimePerUser(All, 0.2);
        Assert.Equal(["i00", "i01"], parts.Test.Where(p => p.UserId == "u12").Select(p => p.ItemId));
    }

    [Fact]
    public void ByTime_TheCutItself_IsHeldOut()
    {
        var parts = Split.ByTime(All, 95);
        Assert.Equal(95, parts.Test.Min(p => p.TimeMs));
        Assert.Equal(94, parts.Train.Max(p => p.TimeMs));
    }

    [Fact]
    public void LeaveOneOut_Last_IsTheLatestOfUsersWithTwoItems()
    {
        var parts = Split.LeaveOneOut(All, LeftOut.Last, 1);
        Assert.Equal([0, .. Enumerable.Repeat(1, 11)], TestCounts(parts));
        Assert.All(parts.Test, p => Assert.Equal("i00", p.ItemId));
    }

    [Fact]
    public void LeaveOneOut_Last_AtEqualTimes_IsTheLastById() =>
        Assert.Equal("c", Split.LeaveOneOut([new("u", "b", 1, 5), new("u", "c", 1, 5), new("u", "a", 1, 5)], LeftOut.Last, 1).Test.Single().ItemId);

    [Fact]
    public void KFold_HoldsOutEachPairOnceInPartsOfEqualSize()
    {
        var folds = Split.KFold(All, 5, 1);
        Assert.Equal([15, 15, 16, 16, 16], folds.Select(f => f.Test.Count).Order());
        Assert.Equal(All, folds.SelectMany(f => f.Test).OrderBy(p => p.UserId).ThenBy(p => p.ItemId));
        Assert.All(folds, f => Assert.Empty(f.Train.Intersect(f.Test)));
    }

    [Fact]
    public void AnySplit_MistakesOfTheCaller_Throw()
    {
        Assert.Contains("user 'u' has item 'i' twice", Assert.Throws<ArgumentException>(() => Split.Random([new("u", "i", 1, 1), new("u", "i", 2, 2)], 0.5, 1)).Message);
        foreach (double fraction in (double[])[0, 1, -0.1, double.NaN])
            Assert.Throws<ArgumentOutOfRangeException>(() => Split.Random(All, fraction, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.KFold(All, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.KFold(All, 79, 1));
    }
}
