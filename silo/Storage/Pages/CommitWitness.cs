using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>Where the log of a store stood after a commit.</summary>
/// <param name="Salts">The two numbers by which SQLite tells one filling of the log from the next.</param>
/// <param name="FrameCount">Frames up to the commit's last.</param>
/// <param name="Page">The page that its last frame holds.</param>
/// <param name="PageSum">CRC-32C of that page without its last eight bytes, which differ in log and database.</param>
internal readonly record struct WitnessedCommit(ulong Salts, uint FrameCount, uint Page, uint PageSum)
{
    public static uint SumOf(ReadOnlySpan<byte> page) => CommitWitness.Sum(page[..(PageChecksum.PageBytes - PageChecksum.Bytes)]);
}

/// <summary>
/// A small file beside the log that says how far it was synced. SQLite takes a log that was cut off, or of which a frame is damaged, for one that ends
/// there; with the witness the next start knows that more was acknowledged.
/// </summary>
/// <remarks>
/// Written after each commit into two places in turn, and synced only before the log begins again or is copied into the database. So after
/// the end of a process it knows the last commit, and after a power cut it may know an earlier one, but never one that is no longer in the log or
/// the database. Each place: mark, number, salts, frames, page, sum of the page, CRC-32C of these.
/// </remarks>
internal sealed class CommitWitness : IDisposable
{
    public const string LogSuffix = "-wal";
    public const string Suffix = "-commits";
    public const int PlaceBytes = 512, PlaceCount = 2, FileBytes = PlaceBytes * PlaceCount;

    private const uint Mark = 0x4F526377;
    private const int RecordBytes = 40;

    private static readonly object gate = new();
    private static readonly Dictionary<string, CommitWitness> open = [];

    private readonly string logPath;
    private readonly byte[] record = new byte[PlaceBytes];
    private byte[] encodedSums = new byte[64 * FrameSums.EntryBytes];
    private SafeFileHandle? file;
    private ulong number;
    private bool isUnsynced;
    private int sharers;

    private CommitWitness(string logPath) => this.logPath = logPath;

    public static string PathOf(string logPath) => logPath[..^LogSuffix.Length] + Suffix;

    /// <summary>The one of this process for a log; each <see cref="Leave"/> gives it back.</summary>
    public static CommitWitness Share(string logPath)
    {
        lock (gate)
        {
            if (!open.TryGetValue(logPath, out var witness))
                open[logPath] = witness = new(logPath);
            witness.sharers++;
            return witness;
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            if (--sharers > 0)
                return;
            open.Remove(logPath);
        }
        Dispose();
    }

    public void Dispose()
    {
        lock (record)
        {
            file?.Dispose();
            file = null;
        }
    }

    /// <summary>Notes a commit. A disk that does not take it leaves the witness at an earlier one, which it can always be.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="firstFrame">Number of its first frame, from 0.</param>
    /// <param name="sums">The second sum of each of its frames.</param>
    public void Write(WitnessedCommit commit, int firstFrame, ReadOnlySpan<uint> sums)
    {
        lock (record)
        {
            try
            {
                file ??= Open();
                WriteSums(commit.Salts, firstFrame, sums);
                Encode(++number, commit);
                RandomAccess.Write(file, record, (long)(number % PlaceCount) * PlaceBytes);
                isUnsynced = true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // No room for 1,024 bytes, which are there from the first commit on: the commit itself stands.
            }
        }
    }

    /// <summary>The log begins again: the sums of its frames are of no use any more.</summary>
    public void BeginAgain()
    {
        Flush();
        lock (record)
        {
            try
            {
                if (file is not null || File.Exists(PathOf(logPath)))
                    RandomAccess.SetLength(file ??= Open(), FileBytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // They are told from new ones by the salts.
            }
        }
    }

    /// <summary>Syncs what was written since the last time.</summary>
    public void Flush()
    {
        lock (record)
        {
            if (!isUnsynced || file is null)
                return;
            try
            {
                RandomAccess.FlushToDisk(file);
                isUnsynced = false;
            }
            catch (IOException)
            {
                // Tried again at the next of these moments; the log's own sync fails where this matters.
            }
        }
    }

    /// <summary>Before the log at a path is deleted.</summary>
    public static void FlushFile(string logPath)
    {
        try
        {
            if (!File.Exists(PathOf(logPath)))
                return;
            using var handle = File.OpenHandle(PathOf(logPath), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            // The sums of its frames go with it.
            RandomAccess.SetLength(handle, Math.Min(RandomAccess.GetLength(handle), FileBytes));
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The file beside a log; empty where there is none.</summary>
    public static byte[] ReadFile(string logPath) => File.Exists(PathOf(logPath)) ? File.ReadAllBytes(PathOf(logPath)) : [];

    /// <summary>The newest of the two places.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="problem">What is wrong with it; null where nothing is.</param>
    public static WitnessedCommit? Newest(ReadOnlySpan<byte> bytes, out string? problem)
    {
        // Empty it is after a power cut before it was first synced.
        problem = bytes.Length is 0 or >= FileBytes ? null : $"is {bytes.Length} bytes long, not {FileBytes} or more";
        (ulong Number, WitnessedCommit Commit)? newest = null;
        for (int place = 0; place < PlaceCount && bytes.Length >= (place + 1) * PlaceBytes; place++)
        {
            var at = bytes.Slice(place * PlaceBytes, PlaceBytes);
            if (!at.ContainsAnyExcept((byte)0))
                continue;
            var whole = Decode(at);
            if (whole is null)
                problem ??= $"does not match its checksum in place {place}";
            if ((whole ?? DecodeMended(at)) is not { } read)
                continue;
            if (newest is null || read.Number > newest.Value.Number)
                newest = read;
        }
        return newest?.Commit;
    }

    public static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (ulong word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);
        return ~crc;
    }

    private void WriteSums(ulong salts, int firstFrame, ReadOnlySpan<uint> sums)
    {
        if (encodedSums.Length < sums.Length * FrameSums.EntryBytes)
            encodedSums = new byte[sums.Length * 2 * FrameSums.EntryBytes];
        for (int n = 0; n < sums.Length; n++)
            FrameSums.Encode(sums[n], firstFrame + n, salts, encodedSums.AsSpan(n * FrameSums.EntryBytes));
        RandomAccess.Write(file!, encodedSums.AsSpan(0, sums.Length * FrameSums.EntryBytes), FrameSums.PlaceOf(firstFrame));
    }

    private SafeFileHandle Open()
    {
        var handle = File.OpenHandle(PathOf(logPath), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[FileBytes];
        int read = RandomAccess.Read(handle, bytes, 0);
        for (int place = 0; place < PlaceCount; place++)
            number = Math.Max(number, Decode(bytes.AsSpan(place * PlaceBytes, PlaceBytes))?.Number ?? 0);
        // Its length once and for all, so that a full disk cannot refuse the two places later.
        if (read < FileBytes)
            RandomAccess.Write(handle, bytes, 0);
        return handle;
    }

    private void Encode(ulong number, WitnessedCommit commit)
    {
        var to = record.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Mark);
        BinaryPrimitives.WriteUInt64LittleEndian(to[4..], number);
        BinaryPrimitives.WriteUInt64LittleEndian(to[12..], commit.Salts);
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], commit.FrameCount);
        BinaryPrimitives.WriteUInt32LittleEndian(to[24..], commit.Page);
        BinaryPrimitives.WriteUInt32LittleEndian(to[28..], commit.PageSum);
        BinaryPrimitives.WriteUInt32LittleEndian(to[RecordBytes..], Sum(to[..RecordBytes]));
    }

    /// <summary>As it was before one bit was turned, if that is all.</summary>
    private static (ulong Number, WitnessedCommit Commit)? DecodeMended(ReadOnlySpan<byte> from)
    {
        var tried = from.ToArray();
        for (int bit = 0; bit < PlaceBytes * 8; bit++)
        {
            PageChecksum.Turn(tried, bit);
            if (Decode(tried) is { } read)
                return read;
            PageChecksum.Turn(tried, bit);
        }
        return null;
    }

    private static (ulong Number, WitnessedCommit Commit)? Decode(ReadOnlySpan<byte> from)
    {
        bool isWhole = BinaryPrimitives.ReadUInt32LittleEndian(from) == Mark
            && BinaryPrimitives.ReadUInt32LittleEndian(from[RecordBytes..]) == Sum(from[..RecordBytes])
            && !from[(RecordBytes + 4)..].ContainsAnyExcept((byte)0);
        return !isWhole ? null : (BinaryPrimitives.ReadUInt64LittleEndian(from[4..]), new(
            BinaryPrimitives.ReadUInt64LittleEndian(from[12..]), BinaryPrimitives.ReadUInt32LittleEndian(from[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[24..]), BinaryPrimitives.ReadUInt32LittleEndian(from[28..])));
    }
}
