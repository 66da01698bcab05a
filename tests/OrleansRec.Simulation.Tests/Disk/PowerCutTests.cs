using System.Buffers.Binary;

namespace OrleansRec.Simulation.Tests.Disk;

/// <summary>Goal: a power cut leaves only what a disk may hold. Method: logs made by hand, whose bytes tell which commit they are of, cut by many seeds.</summary>
public sealed class PowerCutTests
{
    private const string Log = "store.db-wal", Database = "store.db", Witness = "store.db-commits";
    private const int HeaderBytes = 32, FrameBytes = 24 + 4096;

    [Fact]
    public void Cut_LogGrewByTwoCommits_HoldsTheFirstWheneverItHoldsAnyOfTheSecond()
    {
        FolderFiles before = Files(commits: 1), after = Files(commits: 3);
        bool cutsFirst = false, cutsSecond = false, cutsNone = false;
        for (ulong seed = 0; seed < 100; seed++)
        {
            byte[] left = new PowerCut(SimulatedRandom.For(seed, "cut")).Cut(before, after)[Log];

            int known = HeaderBytes + FrameBytes;
            Assert.True(left.AsSpan(0, known).SequenceEqual(before[Log]), $"seed {seed} lost a commit from before the write");
            bool hasFirst = left.Length >= known + FrameBytes && left.AsSpan(known, FrameBytes).SequenceEqual(after[Log].AsSpan(known, FrameBytes));
            bool hasOfSecond = left.Length > known + FrameBytes && left.AsSpan(known + FrameBytes).ContainsAnyExcept((byte)0);
            Assert.True(hasFirst || !hasOfSecond, $"seed {seed} has some of the second commit, and not the whole first");
            cutsFirst |= !hasFirst;
            cutsSecond |= hasFirst && left.Length < after[Log].Length;
            cutsNone |= left.AsSpan().SequenceEqual(after[Log]);
        }
        Assert.True(cutsFirst && cutsSecond && cutsNone, "some cut never happened");
    }

    [Fact]
    public void Cut_NoCommitWasKept_LeavesTheWitnessAsItWas()
    {
        FolderFiles before = Files(commits: 1), after = Files(commits: 2);
        for (ulong seed = 0; seed < 100; seed++)
        {
            FolderFiles left = new PowerCut(SimulatedRandom.For(seed, "cut")).Cut(before, after);
            if (!left[Log].AsSpan().SequenceEqual(after[Log]))
                Assert.Equal(before[Witness], left[Witness]);
        }
    }

    [Fact]
    public void Cut_LogWasMovedIntoTheDatabase_LeavesAllFilesFromOneMoment()
    {
        FolderFiles before = Files(commits: 3), after = Files(commits: 1);
        after[Database] = [9, 9, 9];
        for (ulong seed = 0; seed < 20; seed++)
        {
            FolderFiles left = new PowerCut(SimulatedRandom.For(seed, "cut")).Cut(before, after);
            FolderFiles moment = left[Database].Length == 3 ? after : before;
            Assert.All(moment.Names, name => Assert.Equal(moment[name], left[name]));
        }
    }

    private static FolderFiles Files(int commits)
    {
        byte[] log = new byte[HeaderBytes + commits * FrameBytes];
        log.AsSpan(0, HeaderBytes).Fill(0xFF);
        for (int commit = 0; commit < commits; commit++)
        {
            Span<byte> frame = log.AsSpan(HeaderBytes + commit * FrameBytes, FrameBytes);
            frame.Fill((byte)(commit + 1));
            // The number of pages after the commit, which marks its last frame.
            BinaryPrimitives.WriteUInt32BigEndian(frame[4..], 7);
        }
        byte[] witness = new byte[1024];
        witness.AsSpan().Fill((byte)commits);
        return new() { [Database] = [1, 2, 3, 4], [Log] = log, [Witness] = witness };
    }
}
