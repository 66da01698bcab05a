using System.Buffers.Binary;

namespace OrleansRec.Simulation;

/// <summary>What a disk holds after the power went in the middle of a write: of everything that it had not yet been told to keep any sectors, and the others as they were.</summary>
/// <remarks>
/// SQLite appends the pages of a commit to its log and has the log kept before it says that the commit is durable. So of the commits of one write those before a certain one
/// are there, of that one any sectors, of those after it nothing; or all of them are there. The other file that changes is the witness of the log. It is written after the
/// log was kept, and kept some time later: where all commits are there, it has any sectors of what was written to it. Where SQLite began the log anew or moved it into the
/// database, it had the disk keep one before it touched the other: then the files are taken whole, from before the write or from after it.
/// Worked example: a log of 32 + 2 · 4,120 bytes grows by two commits of one page each. Cut in the second, the first 32 + 3 · 4,120 bytes are there, and of the 4,120 after
/// them some of the nine sectors that they touch.
/// </remarks>
internal sealed class PowerCut(SimulatedRandom random)
{
    private const int SectorBytes = 512, HeaderBytes = 32, FrameHeaderBytes = 24, PageBytes = 4096, FrameBytes = FrameHeaderBytes + PageBytes;
    private const string LogEnd = "-wal";

    /// <summary>The files as the next start finds them.</summary>
    /// <param name="before">As they were before the write, all of it kept.</param>
    /// <param name="after">As they are after it.</param>
    public FolderFiles Cut(FolderFiles before, FolderFiles after)
    {
        var log = after.Names.FirstOrDefault(n => n.EndsWith(LogEnd, StringComparison.Ordinal));
        if (log is null || !HasOnlyGrown(before[log], after[log]) || !before[DatabaseOf(log)].AsSpan().SequenceEqual(after[DatabaseOf(log)]))
            return random.Chance(0.5) ? before : after;
        var commits = CommitEnds(after[log], before[log].Length);
        var cutIn = random.Below(commits.Count + 1);
        var left = new FolderFiles();
        foreach (var name in after.Names)
            left[name] = name == log ? LogCutIn(cutIn, commits, before[log], after[log])
                // The witness tells of a commit only after the log was kept, and here it tells of the last.
                : cutIn < commits.Count ? before[name]
                : Mix(before[name], after[name]);
        return left;
    }

    private static string DatabaseOf(string log) => log[..^LogEnd.Length];

    private static bool HasOnlyGrown(byte[] before, byte[] after) =>
        before.Length >= HeaderBytes && after.Length > before.Length && after.AsSpan(0, before.Length).SequenceEqual(before);

    /// <summary>Where the commits end that were added to a log.</summary>
    private static List<int> CommitEnds(byte[] log, int begin)
    {
        var ends = new List<int>();
        for (var frame = begin; frame + FrameBytes <= log.Length; frame += FrameBytes)
            if (BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(frame + 4)) != 0)
                ends.Add(frame + FrameBytes);
        return ends;
    }

    private byte[] LogCutIn(int commit, List<int> ends, byte[] before, byte[] after)
    {
        if (commit == ends.Count)
            return after;
        var kept = commit == 0 ? before.Length : ends[commit - 1];
        return Mix(after[..kept], after[..ends[commit]]);
    }

    /// <summary>Each sector as it was or as it was written; the file as long as the last of those that were written, or somewhere short of it.</summary>
    private byte[] Mix(byte[] before, byte[] after)
    {
        var mixed = new byte[Math.Max(before.Length, after.Length)];
        before.CopyTo(mixed, 0);
        var length = before.Length;
        for (var sector = 0; sector < after.Length; sector += SectorBytes)
        {
            var end = Math.Min(sector + SectorBytes, after.Length);
            if (!random.Chance(0.5))
                continue;
            after.AsSpan(sector, end - sector).CopyTo(mixed.AsSpan(sector));
            length = Math.Max(length, end);
        }
        return mixed[..length];
    }
}
