using System.Text;
using OrleansRec.Contracts;

namespace OrleansRec.Simulation.Tests.Disk;

/// <summary>
/// Goal: a store that does not keep what it says is found, and the product's, which does, is not accused. Method: the product's log store under a disk that cuts the power in
/// the middle of commits as disks may, and under one that loses what it was told to keep.
/// </summary>
public sealed class SqliteDiskTests
{
    private const string Stream = "default/users/0";

    [Fact]
    public void Tear_InTheMiddleOfWrites_KeepsWhatWasDurableAndTheWriteWhollyOrNotAtAll()
    {
        var checks = NewChecks();
        var random = SimulatedRandom.For(1, "cuts");
        using var disk = new SqliteDisk(checks, new PowerCut(random).Cut);
        long epoch = Open(disk), last = 0;
        for (int n = 0; n < 60 && checks.First is null; n++)
        {
            for (int kept = random.Below(3); kept > 0; kept--)
                disk.Do(Append(disk, epoch, ++last));
            disk.Tear(n % 4 == 3 ? Snapshot(disk, epoch, last) : Append(disk, epoch, last + 1));
            // What came of it is read as a shard does that starts again.
            epoch = Open(disk);
            last = Math.Max(last, disk.Read(Stream, 0, int.MaxValue, false).LastOrDefault()?.LastSequence ?? 0);
        }

        Assert.True(checks.First is null, $"{checks.First}");
        Assert.True(disk.Cuts is { Kept: > 5, Lost: > 5 }, $"{disk.Cuts}");
        Assert.True(disk.Cuts.Kept + disk.Cuts.Lost == 60, $"{disk.Cuts}");
    }

    [Fact]
    public void Tear_DiskLosesACommitThatItWasToldToKeep_IsFound()
    {
        var checks = NewChecks();
        FolderFiles? earlier = null;
        // The files of the first cut come back with the second, and what was acknowledged in between is gone.
        using var disk = new SqliteDisk(checks, (before, _) => earlier ??= before);
        long epoch = Open(disk);
        disk.Tear(Append(disk, epoch, 1));
        disk.Do(Append(disk, epoch, 1));
        Assert.Null(checks.First);

        disk.Tear(Append(disk, epoch, 2));

        Assert.Equal(CheckNames.StoreIsItsModel, checks.First?.Check);
    }

    [Fact]
    public void Tear_FirstOpeningOfAStream_CountsItsEpochWhereItWasKept()
    {
        var checks = NewChecks();
        using var disk = new SqliteDisk(checks, (_, after) => after);
        disk.Tear(new(Stream, async store => await store.Open(Stream), () => disk.Open(Stream, null!, default)));

        Assert.Equal(2, Open(disk));
        Assert.Equal((1, 0), disk.Cuts);
        Assert.Null(checks.First);
    }

    [Fact]
    public void Do_WriterThatWasFencedOff_IsRefusedByBoth()
    {
        var checks = NewChecks();
        using var disk = new SqliteDisk(checks, new PowerCut(SimulatedRandom.For(1, "cuts")).Cut);
        long earlier = Open(disk), epoch = Open(disk);

        Assert.Throws<FencedException>(() => disk.Do(Append(disk, earlier, 1)));
        Assert.Throws<FencedException>(() => disk.CheckOwner(Stream, earlier));
        disk.Do(Append(disk, epoch, 1));

        Assert.Single(disk.Read(Stream, 0, int.MaxValue, false));
        Assert.Null(checks.First);
    }

    [Fact]
    public void Seeds_EveryEighth_RunOnTheStoreAndCutItsPower()
    {
        var range = new SeedRange();

        range.Run(1, 2 * SimulationPlan.SqliteEvery, Environment.ProcessorCount, null, result => result.Violation is null);

        Assert.Equal(2, range.OnSqlite);
        Assert.True(range.PowerCuts.Kept + range.PowerCuts.Lost > 0, "no write was cut");
    }

    private static Checks NewChecks() => new(new EventTrace(new SimulatedClock()));

    private static long Open(SqliteDisk disk) =>
        ((LogOpening)disk.Do(new(Stream, async store => await store.Open(Stream), () => disk.Open(Stream, null!, default)))!).Epoch;

    private static DiskWrite Append(SimulatedDisk disk, long epoch, long sequence)
    {
        // Longer than a page now and then.
        var batch = new LogBatch(Stream, epoch, sequence, 1, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"record {sequence} ", 1 + (int)(sequence * 37 % 600)))));
        return DiskWrite.Of(Stream, store => store.Append(batch), () => disk.Append(batch));
    }

    private static DiskWrite Snapshot(SimulatedDisk disk, long epoch, long through)
    {
        byte[] content = [.. Enumerable.Range(0, 20_000).Select(n => (byte)(n * through))];
        return DiskWrite.Of(
            Stream, store => store.WriteSnapshot(Stream, epoch, through, content, compact: true), () => disk.WriteSnapshot(Stream, epoch, through, content, compact: true));
    }
}
