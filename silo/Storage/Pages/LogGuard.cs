using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>
/// Looks at the log of a store before SQLite does, which would take a damaged frame for the end of it. What one turned bit damaged is mended; what is
/// gone is said, and the store is refused: SQLite would go on without it, and could mix old pages with new ones.
/// </summary>
internal static class LogGuard
{
    /// <summary>Frames that are mended in one log; a log with more of them has been written over.</summary>
    private const int MendedFramesMax = 64;

    /// <summary>Tries the log of a store that nobody has open.</summary>
    /// <param name="database">The store's file.</param>
    /// <returns>What was mended, for the operator.</returns>
    /// <exception cref="CorruptStoreException">Acknowledged commits are missing; the message says how many frames of them.</exception>
    public static IReadOnlyList<string> Check(string database)
    {
        string logPath = database + CommitWitness.LogSuffix;
        bool isWitnessGone = !File.Exists(CommitWitness.PathOf(logPath));
        byte[] witness = CommitWitness.ReadFile(logPath);
        var witnessed = CommitWitness.Newest(witness, out _);
        RefuseMissing(database, witnessed, logPath);
        var log = LogFile.Read(logPath);
        var mended = Mend(log, witness, out _);
        string? loss = Loss(log, witnessed, database, logPath);
        if (loss is not null && !isWitnessGone)
            throw new CorruptStoreException(loss);
        if (mended.Count > 0)
            Write(mended, log, logPath);
        RefuseCut(database, log);
        if (log.CommittedFrames > 0)
            Witness(log, witnessed, logPath);
        var notes = mended.Select(place => $"'{logPath}' had one bit turned in byte {place}; it was turned back");
        return [.. notes, .. loss is null ? [] : (string[])[$"{loss} It was deleted: the store goes on without them."]];
    }

    /// <summary>What is missing, as a sentence; null where nothing is.</summary>
    public static string? Loss(LogFile log, WitnessedCommit? witnessed, string database, string logPath)
    {
        if (witnessed is not { } commit)
            return HolesBefore(log) is > 0 and var follow ? Broken(log, log.GoodFrames + 1 + follow, logPath) : null;
        if (log.HasHeader && log.Salts == commit.Salts)
            return log.CommittedFrames < commit.FrameCount ? Broken(log, (int)commit.FrameCount, logPath) : null;
        if (log.HasHeader && IsNext(commit.Salts, log.Salts))
            return HolesBefore(log) is > 0 and var follow ? Broken(log, log.GoodFrames + 1 + follow, logPath) : null;
        // Another filling of the log, or none: then all of the witness's is in the database, and its last page shows it.
        return Holds(database, commit) ? null
            : $"'{logPath}' is missing or damaged: it held {commit.FrameCount} frames of acknowledged commits that are not in the store. Put the file back, or restore a backup "
                + $"(./rec restore); to go on without those commits, delete '{CommitWitness.PathOf(logPath)}'.";
    }

    /// <summary>Turns single bits back, in memory, and returns the bytes of the file that changed.</summary>
    /// <param name="log">The log.</param>
    /// <param name="witness">The file of the witness, with the second sums of the frames.</param>
    /// <param name="bits">The bits, from the file's first.</param>
    public static List<long> Mend(LogFile log, ReadOnlySpan<byte> witness, out List<long> bits)
    {
        bits = [];
        var places = new List<long>();
        if (!log.HasHeader && log.Bytes.Length >= LogFile.HeaderBytes)
        {
            int bit = log.FindFlippedHeaderBit();
            if (bit < 0)
                return places;
            PageChecksum.Turn(log.Bytes, bit);
            places.Add(bit / 8);
            bits.Add(bit);
            log.Scan();
        }
        while (log.HasHeader && log.GoodFrames < log.FrameRoom && places.Count < MendedFramesMax)
        {
            int bit = log.FindFlippedBit(log.GoodFrames, FrameSums.Find(witness, log.GoodFrames, log.Salts));
            if (bit < 0)
                break;
            long place = LogFile.PlaceOf(log.GoodFrames);
            PageChecksum.Turn(log.Bytes.AsSpan((int)place, LogFile.FrameBytes), bit);
            places.Add(place + bit / 8);
            bits.Add(place * 8 + bit);
            log.Scan();
        }
        return places;
    }

    /// <summary>
    /// After a power cut the witness may know an earlier commit than the log holds. SQLite takes the log in next, over the pages by which the witness would
    /// show that its commit was not lost, so it is brought to the last one first.
    /// </summary>
    private static void Witness(LogFile log, WitnessedCommit? witnessed, string logPath)
    {
        int last = log.CommittedFrames - 1;
        var commit = new WitnessedCommit(log.Salts, (uint)last + 1, log.PageOf(last), WitnessedCommit.SumOf(log.PageIn(last)));
        if (commit == witnessed)
            return;
        var witness = CommitWitness.Share(logPath);
        witness.Write(commit, last, [FrameSums.Of(commit.Page, log.PageIn(last))]);
        witness.Flush();
        witness.Leave();
    }

    private static void RefuseMissing(string database, WitnessedCommit? witnessed, string logPath)
    {
        bool isGone = !File.Exists(database), isEmpty = !isGone && new FileInfo(database).Length < PageChecksum.PageBytes;
        if ((isGone || isEmpty) && (witnessed is not null || new FileInfo(logPath) is { Exists: true, Length: > 0 }))
            throw new CorruptStoreException(
                $"'{database}' is {(isGone ? "missing" : "cut short")}, and what stands beside it says that it held acknowledged commits. Put the file back, or restore a backup (./rec restore).");
    }

    /// <summary>SQLite reads a page after the end of the file as one full of zeros.</summary>
    private static void RefuseCut(string database, LogFile log)
    {
        if (!File.Exists(database) || new FileInfo(database).Length == 0)
            return;
        using var file = File.OpenHandle(database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var store = new StorePages(file, log);
        if (DatabaseHeader.IsSealed(store.Read(1)) && store.FirstMissing() is { } missing)
            throw new CorruptStoreException(
                $"'{database}' is cut short: page {missing} of {store.Count} is missing. Put the file back, or restore a backup (./rec restore).");
    }

    /// <summary>Frames that hold after the first that does not, where a commit ends among them and more follows: the frame between was whole once.</summary>
    /// <remarks>
    /// Without a witness a torn end and damage look alike while no later commit shows that the one with the hole had been synced: SQLite syncs
    /// each commit before the next begins.
    /// </remarks>
    private static int HolesBefore(LogFile log)
    {
        int good = 0;
        bool isLater = false;
        if (!log.HasHeader)
            return 0;
        for (int frame = log.GoodFrames + 1; frame < log.FrameRoom && log.Holds(frame); frame++, good++)
            isLater |= frame > log.GoodFrames + 1 && log.EndsCommit(frame - 1);
        return isLater ? good : 0;
    }

    private static string Broken(LogFile log, int frames, string logPath) =>
        $"'{logPath}' is damaged: frame {log.GoodFrames + 1} does not hold, and {frames - log.CommittedFrames} frames of acknowledged commits cannot be read. "
        + $"Restore a backup (./rec restore); to go on without those commits, delete '{CommitWitness.PathOf(logPath)}'.";

    /// <summary>SQLite counts the first salt up each time it begins the log again.</summary>
    private static bool IsNext(ulong salts, ulong later) => (uint)(later >> 32) == (uint)(salts >> 32) + 1;

    private static bool Holds(string database, WitnessedCommit commit)
    {
        using var file = File.OpenHandle(database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var page = new byte[PageChecksum.PageBytes];
        if (RandomAccess.Read(file, page, (commit.Page - 1L) * PageChecksum.PageBytes) != page.Length)
            return false;
        int bit = PageChecksum.FindFlippedBit(commit.Page, page);
        if (bit >= 0)
            PageChecksum.Turn(page, bit);
        return WitnessedCommit.SumOf(page) == commit.PageSum;
    }

    private static void Write(List<long> places, LogFile log, string logPath)
    {
        using var file = File.OpenHandle(logPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        foreach (long place in places)
            RandomAccess.Write(file, log.Bytes.AsSpan((int)place, 1), place);
        RandomAccess.FlushToDisk(file);
    }
}
