namespace OrleansRec.Model.Tests.Evaluation;

/// <summary>
/// Goal: versions are compared on something that neither has seen, and only a difference beyond tolerance and chance counts. Method: small histories
/// whose newest item is known, figures made by hand, and ranks counted by sorting.
/// </summary>
public class QualityGateTests
{
    private static readonly QualityRule Rule = new(0.1, UsersMin: 100, Tolerance: 0.02, PublishesAlways: false);

    [Theory]
    [InlineData(3_999, 0)]
    [InlineData(4_000, 0.1)]
    [InlineData(20_000, 0.1)]
    [InlineData(40_000, 0.05)]
    [InlineData(2_000_000, 0.001)]
    public void ShareOf_ShopOfAnySize_HoldsOutNothingOrABoundedNumber(long users, double share) =>
        Assert.Equal(share, HeldOutSample.ShareOf(users, 0.1, 200, 2_000), 9);

    [Fact]
    public void Has_SmallerShare_IsAPartOfALargerOne()
    {
        string[] users = [.. Enumerable.Range(0, 20_000).Select(u => $"user {u}")];
        string[] few = [.. users.Where(u => HeldOutSample.Has(u, 0.01))], many = [.. users.Where(u => HeldOutSample.Has(u, 0.1))];

        Assert.Subset(many.ToHashSet(), few.ToHashSet());
        Assert.InRange(few.Length, 140, 260);
        Assert.InRange(many.Length, 1_800, 2_200);
        Assert.DoesNotContain(users, u => HeldOutSample.Has(u, 0));
    }

    /// <summary>By time, an event that was brought in late with an old time would be held out from a version that had been trained on the one held out before.</summary>
    [Fact]
    public void NewestItem_ItemsComeAgainAndLate_IsTheOneWhoseFirstEventArrivedLast()
    {
        UserRecord record = Record([(1, 100), (2, 200), (3, 300), (4, 400), (5, 50), (2, 900)]);

        Assert.Equal(5, HeldOutSample.NewestItem(record.Through(long.MaxValue)));
        Assert.Equal(-1, HeldOutSample.NewestItem(record.Through(4)));
    }

    [Fact]
    public void NewestItem_TooManyEvents_IsNone() =>
        Assert.Equal(-1, HeldOutSample.NewestItem(Record([.. Enumerable.Range(0, HeldOutSample.EventsMax + 1).Select(e => (e % 7, (long)e))]).Through(long.MaxValue)));

    [Fact]
    public void Gain_AnyQuery_IsThatOfTheRankAmongWhatTheUserDoesNotHave()
    {
        const int items = 40, width = 3;
        var random = new Random(1);
        float[] factors = [.. Enumerable.Range(0, items * width).Select(_ => (float)random.Next(-3, 4))];
        for (int round = 0; round < 300; round++)
        {
            float[] query = [random.Next(-2, 3), random.Next(-2, 3), random.Next(-2, 3)];
            int[] own = [.. Enumerable.Range(0, items).Where(_ => random.Next(4) == 0)];
            int heldOut = Enumerable.Range(0, items).Except(own).ElementAt(random.Next(20));
            int rank = Enumerable.Range(0, items).Except(own).OrderByDescending(Score).ThenBy(i => i).ToList().IndexOf(heldOut) + 1;

            Assert.Equal(rank <= 10 ? 1 / Math.Log2(rank + 1) : 0, HeldOutSample.Gain(query, factors, own, heldOut));

            float Score(int i) => query[0] * factors[i * 3] + query[1] * factors[i * 3 + 1] + query[2] * factors[i * 3 + 2];
        }
        Assert.Equal(0, HeldOutSample.Gain([1, 0, 0], factors, [], -1));
    }

    [Theory]
    [InlineData(0.30, 0.40, true)]
    [InlineData(0.40, 0.30, false)]
    [InlineData(0.395, 0.40, false)]
    public void Of_ManyUsersWithTheSameDifference_IsWorseBeyondTheTolerance(double forNew, double forCurrent, bool isWorse)
    {
        QualityComparison compared = QualityComparison.Of(Sums(200, _ => (forNew, forCurrent)), 7, Rule);

        Assert.Equal((isWorse, isWorse), (compared.IsWorse, compared.IsRefused));
        Assert.Equal((200, 7), (compared.Users, compared.ComparedWith));
        Assert.Equal((forNew, forCurrent), (Math.Round(compared.New, 9), Math.Round(compared.Current, 9)));
        Assert.False(QualityComparison.Of(Sums(200, _ => (forNew, forCurrent)), 7, Rule with { PublishesAlways = true }).IsRefused);
    }

    /// <summary>Ten users of two hundred lose all and nine win all: a tenth of the figure, and no more than chance.</summary>
    [Fact]
    public void Of_DifferenceWithinChance_IsNotWorse()
    {
        QualityComparison compared = QualityComparison.Of(Sums(200, u => u < 10 ? (0, 1) : u < 19 ? (1, 0) : (0, 0)), 1, Rule);

        Assert.True(compared.New < compared.Current * (1 - Rule.Tolerance));
        Assert.False(compared.IsWorse);
    }

    [Fact]
    public void Of_FewUsersOrNoVersionBefore_IsNotWorse()
    {
        Assert.False(QualityComparison.Of(Sums(99, _ => (0.1, 0.9)), 3, Rule).IsWorse);
        Assert.False(QualityComparison.Of(Sums(200, _ => (0.0, 0.9)), 0, Rule).IsWorse);
        Assert.False(QualityComparison.Of(default, 3, Rule).IsWorse);
    }

    private static QualitySums Sums(int users, Func<int, (double New, double Current)> of) =>
        Enumerable.Range(0, users).Select(of).Aggregate(default(QualitySums), (sum, u) => sum.With(u.New, u.Current));

    private static UserRecord Record((int Item, long TimeMs)[] events)
    {
        var record = new UserRecord();
        for (int i = 0; i < events.Length; i++)
            record.Append(new RecordEvent { Item = events[i].Item, Value = 1, TimeMs = events[i].TimeMs, Key = (ulong)i + 1, Sequence = i + 1 });
        return record;
    }
}
