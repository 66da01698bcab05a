using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static OrleansRec.Silo.Storage.Pages.SqliteNative;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>Follows what is written to a store's log, and tells the witness of each commit as soon as it is synced, which is before anyone is told that it stands.</summary>
/// <remarks>
/// SQLite writes a frame as its header and then its page. A header that says how long the database is after it ends a commit.
/// </remarks>
internal sealed unsafe class GuardedLog : GuardedFile
{
    private readonly CommitWitness witness;
    private ulong salts;
    private uint page;
    private bool endsCommit;
    private WitnessedCommit? written;

    // Sums of the frames since the last commit, the first of which has this number.
    private readonly List<uint> sums = [];
    private int firstSum;

    public GuardedLog(Methods* original, string path)
        : base(original, path) => witness = CommitWitness.Share(path);

    public static void Fill(Methods* table)
    {
        table->Write = &Write;
        table->Sync = &Sync;
        table->Truncate = &Truncate;
    }

    public override void Dispose() => witness.Leave();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(OpenFile* file, byte* buffer, int count, long offset)
    {
        var log = (GuardedLog)GuardedVfs.StateOf(file);
        var bytes = new ReadOnlySpan<byte>(buffer, count);
        // The log begins again, so everything in it is in the database, and the witness must know the last of it.
        if (offset == 0)
            log.witness.BeginAgain();
        int code = log.Original->Write(file, buffer, count, offset);
        if (code == Ok)
            log.Follow(bytes, offset);
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(OpenFile* file, int flags)
    {
        var log = (GuardedLog)GuardedVfs.StateOf(file);
        int code = log.Original->Sync(file, flags);
        if (code != Ok)
            return code;
        if (log.written is { } commit)
            log.witness.Write(commit, log.firstSum, CollectionsMarshal.AsSpan(log.sums));
        else
            // A checkpoint begins by syncing the log; from here on it writes pages over those that the witness may know.
            log.witness.Flush();
        if (log.written is not null)
            log.sums.Clear();
        log.written = null;
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(OpenFile* file, long size)
    {
        var log = (GuardedLog)GuardedVfs.StateOf(file);
        log.witness.Flush();
        return log.Original->Truncate(file, size);
    }

    private void Follow(ReadOnlySpan<byte> bytes, long offset)
    {
        if (offset == 0 && bytes.Length == LogFile.HeaderBytes)
        {
            salts = LogFile.SaltsOf(bytes);
            written = null;
            sums.Clear();
        }
        else if (bytes.Length == LogFile.FrameHeaderBytes)
        {
            // A writer that goes on with a log that another began reads the salts from its first frame.
            salts = LogFile.FrameSaltsOf(bytes);
            page = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            endsCommit = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != 0;
        }
        else if (bytes.Length == PageChecksum.PageBytes)
        {
            int frame = (int)((offset - LogFile.HeaderBytes) / LogFile.FrameBytes);
            Keep(frame, FrameSums.Of(page, bytes));
            if (endsCommit)
                written = new(salts, (uint)frame + 1, page, WitnessedCommit.SumOf(bytes));
        }
    }

    /// <summary>Frames come one after the other, but for those that a rolled back transaction leaves behind and the next writes over.</summary>
    private void Keep(int frame, uint sum)
    {
        if (sums.Count == 0 || frame < firstSum || frame > firstSum + sums.Count)
        {
            sums.Clear();
            firstSum = frame;
        }
        if (frame - firstSum < sums.Count)
            sums.RemoveRange(frame - firstSum, sums.Count - (frame - firstSum));
        sums.Add(sum);
    }
}
