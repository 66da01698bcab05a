namespace OrleansRec.Model.Tests;

/// <summary>The three readings of several events on planted ones, and independence of the order of arrival.</summary>
public sealed class PairValuesTests
{
    private static readonly TypeMeanings Weights = TypeMeanings.Of(1, 3);

    private static UserRecord Record(params (int Item, int Type, float Value, long TimeMs)[] events)
    {
        var record = new UserRecord();
        foreach (var (item, type, value, timeMs) in events)
            record.Append(new(record.LastSequence + 1, item, type, -1, value, timeMs, (ulong)record.LastSequence));
        return record;
    }

    private static readonly UserRecord WorkedExample = Record((9, 0, 1, 10), (4, 1, 1, 20), (9, 1, 2, 30));

    [Theory]
    [InlineData(PairValue.Sum, 7f), InlineData(PairValue.Max, 6f), InlineData(PairValue.Last, 6f)]
    public void Take_WorkedExample_GivesTheStatedValues(PairValue how, float nine)
    {
        var pairs = new PairValues();
        pairs.Take(WorkedExample.GetEnumerator(), Weights, how);
        Assert.Equal([4, 9], pairs.Items.ToArray());
        Assert.Equal([3, nine], pairs.Values.ToArray());
    }

    [Fact]
    public void DropZeros_RatingsThatCancel_LeaveOnlyWhatWasSaid()
    {
        var pairs = new PairValues();
        pairs.Take(Record((1, 0, 2, 10), (2, 0, 1, 10), (2, 0, -1, 20), (3, 0, -2, 30)).GetEnumerator(), Weights, PairValue.Sum);

        pairs.DropZeros();

        Assert.Equal([1, 3], pairs.Items.ToArray());
        Assert.Equal([2f, -2f], pairs.Values.ToArray());
    }

    [Fact]
    public void Take_Last_IsTheLatestByTimeThenTheLatestToArrive()
    {
        var pairs = new PairValues();
        pairs.Take(Record((1, 0, 5, 200), (1, 0, 4, 100)).GetEnumerator(), Weights, PairValue.Last);
        Assert.Equal([5f], pairs.Values.ToArray());
        pairs.Take(Record((1, 0, 5, 100), (1, 0, 4, 100)).GetEnumerator(), Weights, PairValue.Last);
        Assert.Equal([4f], pairs.Values.ToArray());
    }

    [Fact]
    public void Take_Max_OfNegativeRatings_IsTheLargest()
    {
        var pairs = new PairValues();
        pairs.Take(Record((1, 0, -5, 1), (1, 0, -2, 2), (1, 0, -3, 3)).GetEnumerator(), Weights, PairValue.Max);
        Assert.Equal([-2f], pairs.Values.ToArray());
    }

    [Fact]
    public void Take_AnotherUser_ForgetsTheLast()
    {
        var pairs = new PairValues();
        pairs.Take(WorkedExample.GetEnumerator(), Weights, PairValue.Sum);
        pairs.Take(Record((2, 0, 1, 1)).GetEnumerator(), Weights, PairValue.Sum);
        Assert.Equal([2], pairs.Items.ToArray());
        pairs.Clear();
        Assert.Equal(0, pairs.Count);
    }

    [Fact]
    public void Take_WithRows_MapsItemsAndLeavesOutThoseWithout()
    {
        int[] rows = [-1, -1, -1, -1, 7, -1, -1, -1, -1, 2];
        var pairs = new PairValues();
        pairs.Take(Record((9, 0, 1, 10), (4, 1, 1, 20), (8, 0, 1, 30)).GetEnumerator(), Weights, PairValue.Sum, rows);
        Assert.Equal([2, 7], pairs.Items.ToArray());
    }

    [Fact]
    public void Take_ThroughAWatermark_LeavesLaterEventsOut()
    {
        var pairs = new PairValues();
        pairs.Take(WorkedExample.Through(2), Weights, PairValue.Sum);
        Assert.Equal([3f, 1f], pairs.Values.ToArray());
    }

    [Fact]
    public void Take_SumOfManySmallValues_IsNotRoundedOnTheWay()
    {
        var pairs = new PairValues();
        pairs.Take(Record([.. Enumerable.Range(0, 10_000).Select(n => (1, 0, 0.1f, (long)n))]).GetEnumerator(), Weights, PairValue.Sum);
        Assert.Equal([1000f], pairs.Values.ToArray());
    }

    /// <summary>
    /// 2²⁴ + 1 lies half-way between two floats. Four times 2⁻³⁰, added first, tip it upwards; added to the large sum one by one, each is lost even in
    /// double, and it falls to 2²⁴.
    /// </summary>
    [Fact]
    public void Take_SumInAnyOrderOfArrival_AddsTheSmallestFirst()
    {
        float small = MathF.Pow(2, -30);
        (int, int, float, long)[] events = [(1, 0, 16_777_216, 1), (1, 0, 1, 2), (1, 0, small, 3), (1, 0, small, 4), (1, 0, small, 5), (1, 0, small, 6)];
        var pairs = new PairValues();
        pairs.Take(Record(events).GetEnumerator(), Weights, PairValue.Sum);
        Assert.Equal([16_777_218f], pairs.Values.ToArray());
        pairs.Take(Record([.. events.Reverse()]).GetEnumerator(), Weights, PairValue.Sum);
        Assert.Equal([16_777_218f], pairs.Values.ToArray());
    }

    /// <summary>0.1 + 0.2 + … in float or in order of arrival gives other last bits for other orders.</summary>
    [Fact]
    public void Take_SumOfShuffledEvents_IsTheSameToTheBit()
    {
        var random = new Random(5);
        var events = Enumerable.Range(0, 500).Select(n => (n % 7, n % 2, (float)(random.NextDouble() * Math.Pow(10, random.Next(-4, 5))), (long)n)).ToArray();
        PairValues first = new(), shuffled = new();
        first.Take(Record(events).GetEnumerator(), Weights, PairValue.Sum);
        for (int round = 0; round < 20; round++)
        {
            random.Shuffle(events);
            shuffled.Take(Record(events).GetEnumerator(), Weights, PairValue.Sum);
            Assert.Equal(first.Values.ToArray(), shuffled.Values.ToArray());
        }
    }
}
