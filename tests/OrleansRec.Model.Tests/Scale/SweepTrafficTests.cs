namespace OrleansRec.Model.Tests.Scale;

/// <summary>Goal: what a sweep is said to send follows from who holds what. Method: layouts small enough to count by hand; the cluster suite holds it against real silos.</summary>
public sealed class SweepTrafficTests
{
    private static readonly AlsOptions rank64 = new() { Rank = 64 };

    [Fact]
    public void Of_OneShardASide_IsTheWorkedExample()
    {
        Traffic all = SweepTraffic.Of(TrainingLayout.Even(1, 1, 1, 1, silos: 1), new() { Rank = 1 });

        // Begin: 96, one double, one integer. Report: 95, a node of three doubles.
        Assert.Equal(new Traffic(4, 0, 2 * (96 + 9 + 2 + 95 + 13 + 27), 0), all);
    }

    [Fact]
    public void Pull_TwoSilos_EachTakesWhatItLacks()
    {
        // 256 rows of 64 floats are one chunk: 2,560 users in 4 shards are 3 chunks each, 1,024 items in 2 shards 2 chunks each.
        Traffic pull = SweepTraffic.Pull(TrainingLayout.Even(2_560, 1_024, 4, 2, silos: 2), rank64);

        Assert.Equal((4 * 3 + 2 * 2, 4 * 3 + 2 * 2), (pull.Calls, pull.RemoteCalls));
        Assert.Equal(3_584 * 256 + pull.Calls * SweepTraffic.PullBytes, pull.Bytes);
        Assert.Equal(pull.Bytes, pull.RemoteBytes);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 3 * 1_100_000L * 256 / 4)]
    [InlineData(100, 99 * 1_100_000L * 256 / 100)]
    public void PulledBytesMax_MoreSilos_TendsToAllFactorsAndNeverFalls(int silos, long bytes) =>
        Assert.Equal(bytes, SweepTraffic.PulledBytesMax(TrainingLayout.Even(1_000_000, 100_000, 100, 100, silos), rank64));

    [Fact]
    public void Report_RangeThatIsNoSubtree_SendsANodeForEachPart()
    {
        // Three shards own 342, 341 and 341 buckets: 5, 7 and 5 nodes, for each side.
        Traffic report = SweepTraffic.Report(TrainingLayout.Even(3, 3, 3, 3, silos: 3), rank64);
        int nodes = Enumerable.Range(0, 3).Sum(s => BucketTree.NodeCount(Buckets.OfShard(s, 3)));

        Assert.Equal((6, 4), (report.Calls, report.RemoteCalls));
        Assert.Equal(2 * (3 * 95 + nodes * (13 + (64 * 64 + 2) * 9)), report.Bytes);
    }

    [Fact]
    public void Begin_Explicit_SendsNoGram()
    {
        TrainingLayout layout = TrainingLayout.Even(10, 10, 2, 2, silos: 1);
        Assert.Equal(4 * (96 + 2 * 2), SweepTraffic.Begin(layout, new() { Objective = Objective.Explicit }).Bytes);
        Assert.Equal(4 * (96 + 2 * 2 + 64 * 64 * 9), SweepTraffic.Begin(layout, rank64).Bytes);
    }

    [Fact]
    public void Even_RowsAndSilos_AreDealtToTheLast()
    {
        TrainingLayout layout = TrainingLayout.Even(100, 7, 3, 4, silos: 2);
        Assert.Equal([33, 33, 34], layout.UserRows);
        Assert.Equal([1, 2, 2, 2], layout.ItemRows);
        Assert.Equal([0, 0, 1], layout.UserSilos);
        Assert.Equal([0, 0, 1, 1], layout.ItemSilos);
        Assert.Equal(2, layout.SiloCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingLayout.Even(1, 1, 1, 1, silos: 0));
    }
}
