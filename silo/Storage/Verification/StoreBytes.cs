using System.Buffers.Binary;
using OrleansRec.Silo.Storage.Pages;
using static OrleansRec.Silo.Storage.Verification.FolderVerification;

namespace OrleansRec.Silo.Storage.Verification;

/// <summary>The bytes of a store that nobody has open: witness, log and pages, each by its own checksum, without SQLite.</summary>
internal sealed class StoreBytes(string database, FolderReport report)
{
    private const int FormatPlace = 60;

    private readonly string logPath = database + CommitWitness.LogSuffix;
    private readonly List<(string Path, long Place, int Bit)> mendable = [];
    private LogFile log = LogFile.Parse([]);
    private byte[] witness = [];

    /// <summary>Rows cannot be read, or would not be those that were acknowledged.</summary>
    public bool IsUnreadable { get; private set; }

    public void Check()
    {
        log = LogFile.Read(logPath);
        var witnessed = CheckWitness();
        CheckLog(witnessed);
        if (!File.Exists(database) || new FileInfo(database).Length == 0)
            Lost(database, "the store's file is missing or empty");
        else
            CheckPages();
    }

    /// <summary>Turns back the bits that were found.</summary>
    public void Repair()
    {
        foreach (var (path, place, bit) in mendable)
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            byte[] one = new byte[1];
            RandomAccess.Read(file, one, place);
            one[0] ^= (byte)(1 << bit);
            RandomAccess.Write(file, one, place);
            RandomAccess.FlushToDisk(file);
            report.Add(FindingKind.Note, $"{Path.GetFileName(path)} byte {place}", null, "was put back as it was written");
        }
        if (mendable.Any(bit => bit.Path == logPath))
            IsUnreadable = false;
    }

    private WitnessedCommit? CheckWitness()
    {
        string path = CommitWitness.PathOf(logPath);
        witness = CommitWitness.ReadFile(logPath);
        if (!File.Exists(path))
            return null;
        var witnessed = CommitWitness.Newest(witness, out string? problem);
        if (problem is not null)
            report.Add(FindingKind.Mendable, Path.GetFileName(path), "the witness of the log", $"{problem}; the next commits write it anew");
        return witnessed;
    }

    private void CheckLog(WitnessedCommit? witnessed)
    {
        List<long> bits;
        foreach (long place in LogGuard.Mend(log, witness, out bits))
            report.Add(FindingKind.Mendable, $"{Path.GetFileName(logPath)} byte {place}", FrameAt(place), "one bit is turned; the next start turns it back");
        mendable.AddRange(bits.Select(bit => (logPath, bit / 8, (int)(bit % 8))));
        IsUnreadable = bits.Count > 0;
        report.LogFrames = log.CommittedFrames;
        CheckSums();
        if (File.Exists(database) && LogGuard.Loss(log, witnessed, database, logPath) is { } loss)
            Lost(logPath, loss);
    }

    /// <summary>After a power cut the second sums of the last frames may be missing; nothing else needs them.</summary>
    private void CheckSums()
    {
        for (int frame = 0; frame < log.CommittedFrames && witness.Length > 0; frame++)
        {
            if (FrameSums.Find(witness, frame, log.Salts) is null)
                report.Add(FindingKind.Note, Path.GetFileName(CommitWitness.PathOf(logPath)), $"the second sum of frame {Text(frame + 1)} of the log", "is not there");
        }
    }

    private string FrameAt(long place) => place < LogFile.HeaderBytes ? "the header of the log"
        : $"frame {Text((place - LogFile.HeaderBytes) / LogFile.FrameBytes + 1)} of the log, page {Text(log.PageOf((int)((place - LogFile.HeaderBytes) / LogFile.FrameBytes)))}";

    private void CheckPages()
    {
        using var file = File.OpenHandle(database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var store = new StorePages(file, log);
        byte[] first = store.Read(1);
        report.Format = BinaryPrimitives.ReadUInt32BigEndian(first.AsSpan(FormatPlace));
        report.Pages = store.Length / PageChecksum.PageBytes;
        if (!DatabaseHeader.IsSealed(first))
        {
            report.Add(FindingKind.Note, DataFolder.DatabaseName, null, $"format {Text(report.Format)} has no page checksums; its rows are checked");
            return;
        }
        if (store.FirstMissing() is not null || store.Length % PageChecksum.PageBytes != 0)
            Lost(database, $"the file ends at byte {Text(store.Length)}; it should have {Text(store.Count)} pages of {PageChecksum.PageBytes} bytes");
        var free = store.FreeLeaves();
        report.FreePages = free.Count;
        byte[] page = new byte[PageChecksum.PageBytes];
        for (long number = 1; number <= report.Pages; number++)
        {
            RandomAccess.Read(file, page, (number - 1) * PageChecksum.PageBytes);
            if (!PageChecksum.Holds(number, page))
                Tell(number, page, isFree: free.Contains((uint)number) || number > store.Count, isOld: store.IsInLog((uint)number));
        }
    }

    private void Tell(long number, byte[] page, bool isFree, bool isOld)
    {
        string place = $"{DataFolder.DatabaseName} page {Text(number)}";
        if (isFree)
            return;
        int bit = PageChecksum.FindFlippedBit(number, page);
        if (isOld)
            report.Add(FindingKind.Note, place, null, "does not match its checksum; the log has a newer version of it");
        else if (bit >= 0)
        {
            report.Add(FindingKind.Mendable, $"{place} byte {bit / 8}", null, "one bit is turned; the page is read as it was written");
            mendable.Add((database, (number - 1) * PageChecksum.PageBytes + bit / 8, bit % 8));
        }
        else
            report.Add(FindingKind.Damage, place, null, "does not match its checksum and is not read");
    }

    private void Lost(string path, string message)
    {
        IsUnreadable = true;
        report.Add(FindingKind.Damage, Path.GetFileName(path), null, message);
    }
}
