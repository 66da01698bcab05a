namespace OrleansRec.Model.Tests.Scale;

/// <summary>Goal: a sweep's time follows from operations, bytes and calls. Method: rates of one, so that each part can be counted by hand.</summary>
public sealed class SweepSecondsTests
{
    private static readonly AlsOptions rank1 = new() { Rank = 1 };
    private static readonly ClusterRates ones = new(1, 1, 1, 1, 1, 1);

    [Fact]
    public void Of_OneSilo_IsOperationsAndCheckpoint()
    {
        // 10 pairs and 4 + 2 rows: 2 · 10 · 1 + 6 · (1/3 + 3) operations; two rows of a float are stored.
        SweepSeconds all = SweepSeconds.Of(TrainingLayout.Even(4, 2, 1, 1, silos: 1), 10, rank1, ones);
        Assert.Equal(20 + 6 * (1 / 3.0 + 3), all.Solve, 1e-9);
        Assert.Equal((0, 0, 8), (all.Pull, all.Tell, all.Store));
        Assert.Equal(all.Solve + 8, all.Total);
    }

    [Fact]
    public void Of_TwoSilos_HalvesTheSolveAndAddsTheWire()
    {
        TrainingLayout layout = TrainingLayout.Even(4, 2, 2, 2, silos: 2);
        SweepSeconds one = SweepSeconds.Of(TrainingLayout.Even(4, 2, 2, 2, silos: 1), 10, rank1, ones), two = SweepSeconds.Of(layout, 10, rank1, ones);
        Assert.Equal(one.Solve / 2, two.Solve, 1e-9);
        // Half of six floats, and one remote chunk for each side and silo.
        Assert.Equal(3 * 4 + 2, two.Pull, 1e-9);
        Traffic told = SweepTraffic.Begin(layout, rank1) + SweepTraffic.Report(layout, rank1);
        Assert.Equal(told.RemoteBytes + told.RemoteCalls, two.Tell, 1e-9);
        Assert.Equal(one.Store, two.Store);
    }

    [Fact]
    public void Of_UnevenLayout_WaitsForTheSiloWithMostRows()
    {
        var layout = new TrainingLayout([3, 1], [1, 1], [0, 1], [0, 1], 0);
        double operations = 10 + 4 * (1 / 3.0 + 3), items = 10 + 2 * (1 / 3.0 + 3);
        Assert.Equal(operations * 0.75 + items * 0.5, SweepSeconds.Of(layout, 10, rank1, ones).Solve, 1e-9);
    }
}
