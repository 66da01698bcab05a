using System.Buffers.Binary;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>SQLite's write-ahead log, read as bytes: a header, then frames, each a page with a header, chained by checksums.</summary>
/// <remarks>
/// Layout (sqlite.org/fileformat2.html#walformat), all numbers big-endian: header: mark, version, page size, checkpoints, two salts, two sums. Frame:
/// page number, pages of the database after a commit or 0, the two salts, two sums over its first eight bytes and the page, going on from the sums before it.
/// The words that are summed are little-endian or big-endian by the mark's last bit.
/// </remarks>
internal sealed class LogFile
{
    public const int HeaderBytes = 32, FrameHeaderBytes = 24, FrameBytes = FrameHeaderBytes + PageChecksum.PageBytes;

    private const uint Mark = 0x377F0682;
    private const int SummedHeaderBytes = 24;

    private LogFile(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    /// <summary>Whether the header holds; a log without one is empty to SQLite.</summary>
    public bool HasHeader => Bytes.Length >= HeaderBytes
        && (BinaryPrimitives.ReadUInt32BigEndian(Bytes) & ~1u) == Mark
        && BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(8)) == PageChecksum.PageBytes
        && Add((0, 0), Bytes.AsSpan(0, SummedHeaderBytes)) == StoredAt(HeaderBytes - 8);

    public ulong Salts => SaltsOf(Bytes);

    /// <summary>Frames that fit into the file's length.</summary>
    public int FrameRoom => Math.Max(0, (Bytes.Length - HeaderBytes) / FrameBytes);

    /// <summary>Frames that hold, one after the other from the first.</summary>
    public int GoodFrames { get; private set; }

    /// <summary>Frames up to the last commit among those: what SQLite takes in.</summary>
    public int CommittedFrames { get; private set; }

    public static LogFile Read(string path) => Parse(File.Exists(path) ? File.ReadAllBytes(path) : []);

    public static LogFile Parse(byte[] bytes)
    {
        var log = new LogFile(bytes);
        log.Scan();
        return log;
    }

    public static ulong SaltsOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt64BigEndian(header[16..]);

    public static ulong FrameSaltsOf(ReadOnlySpan<byte> frameHeader) => BinaryPrimitives.ReadUInt64BigEndian(frameHeader[8..]);

    public static long PlaceOf(int frame) => HeaderBytes + (long)frame * FrameBytes;

    public uint PageOf(int frame) => BinaryPrimitives.ReadUInt32BigEndian(Frame(frame));

    public bool EndsCommit(int frame) => PagesAfter(frame) != 0;

    /// <summary>Pages of the store after the commit that a frame ends; 0 where it ends none.</summary>
    public uint PagesAfter(int frame) => BinaryPrimitives.ReadUInt32BigEndian(Frame(frame)[4..]);

    /// <summary>The page in a frame.</summary>
    public ReadOnlySpan<byte> PageIn(int frame) => Frame(frame)[FrameHeaderBytes..];

    /// <summary>Whether a frame holds, given the sums that the file has before it.</summary>
    public bool Holds(int frame)
    {
        var at = Frame(frame);
        return FrameSaltsOf(at) == Salts && PageOf(frame) != 0 && SumsOf(frame, at) == StoredAt((int)PlaceOf(frame) + 16);
    }

    /// <summary>Looks on from the first frame that did not hold, after one was mended.</summary>
    public void Scan()
    {
        if (!HasHeader)
            return;
        while (GoodFrames < FrameRoom && Holds(GoodFrames))
        {
            if (EndsCommit(GoodFrames++))
                CommittedFrames = GoodFrames;
        }
    }

    /// <summary>The one bit of the header that must be turned for it and the first frame to hold, from the file's first; −1 where there is none.</summary>
    public int FindFlippedHeaderBit()
    {
        for (int bit = 0; bit < HeaderBytes * 8 && Bytes.Length >= HeaderBytes; bit++)
        {
            PageChecksum.Turn(Bytes, bit);
            bool holds = HasHeader && (FrameRoom == 0 || Holds(0));
            PageChecksum.Turn(Bytes, bit);
            if (holds)
                return bit;
        }
        return -1;
    }

    /// <summary>The one bit of a frame that must be turned for it to hold, from the frame's first; −1 where there is none, or more than one may be it.</summary>
    /// <param name="frame">Which.</param>
    /// <param name="sum">Its second sum (<see cref="FrameSums"/>); null where it is not known.</param>
    /// <remarks>Tries all 32,960, each going on from the sums before its word: 30 ms.</remarks>
    public int FindFlippedBit(int frame, uint? sum)
    {
        int found = -1;
        foreach (int bit in FlippedBits(frame))
        {
            if (sum is not null && !HasSum(frame, bit, sum.Value))
                continue;
            if (found >= 0)
                return -1;
            found = bit;
        }
        return found;
    }

    private bool HasSum(int frame, int bit, uint sum)
    {
        PageChecksum.Turn(Frame(frame), bit);
        bool has = FrameSums.Of(PageOf(frame), Frame(frame)[FrameHeaderBytes..]) == sum;
        PageChecksum.Turn(Frame(frame), bit);
        return has;
    }

    /// <summary>Every single bit with which SQLite's own sums hold.</summary>
    private List<int> FlippedBits(int frame)
    {
        var found = new List<int>();
        var tried = Frame(frame).ToArray();
        var stored = StoredAt((int)PlaceOf(frame) + 16);
        ulong wrongSalt = FrameSaltsOf(tried) ^ Salts;
        if (wrongSalt != 0)
        {
            if (System.Numerics.BitOperations.PopCount(wrongSalt) == 1 && SumsOf(frame, tried) == stored)
                found.Add(64 + BigEndianBit(wrongSalt));
            return found;
        }
        var whole = SumsOf(frame, tried);
        ulong wrongSum = ((ulong)(whole.First ^ stored.First) << 32) | (whole.Second ^ stored.Second);
        // The next frame goes on from the sums of this one, so where it holds it is not these that are wrong.
        if (System.Numerics.BitOperations.PopCount(wrongSum) == 1 && !(frame + 1 < FrameRoom && Holds(frame + 1)))
            found.Add(128 + BigEndianBit(wrongSum));
        var before = SumsBefore(frame);
        for (int word = 0; word < FrameBytes; word += word == 0 ? FrameHeaderBytes : 8)
        {
            for (int bit = word * 8; bit < word * 8 + 64; bit++)
            {
                PageChecksum.Turn(tried, bit);
                var sums = word == 0 ? Add(Add(before, tried.AsSpan(0, 8)), tried.AsSpan(FrameHeaderBytes)) : Add(before, tried.AsSpan(word));
                PageChecksum.Turn(tried, bit);
                if (sums == stored)
                    found.Add(bit);
            }
            before = Add(before, tried.AsSpan(word, 8));
        }
        return found;
    }

    private Span<byte> Frame(int frame) => Bytes.AsSpan((int)PlaceOf(frame), FrameBytes);

    private static int BigEndianBit(ulong one)
    {
        int bit = System.Numerics.BitOperations.TrailingZeroCount(one);
        return (7 - bit / 8) * 8 + bit % 8;
    }

    private (uint First, uint Second) SumsBefore(int frame) => StoredAt(frame == 0 ? HeaderBytes - 8 : (int)PlaceOf(frame - 1) + 16);

    private (uint First, uint Second) SumsOf(int frame, ReadOnlySpan<byte> at) => Add(Add(SumsBefore(frame), at[..8]), at[FrameHeaderBytes..]);

    private (uint First, uint Second) StoredAt(int place) =>
        (BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(place)), BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(place + 4)));

    private (uint First, uint Second) Add((uint First, uint Second) sums, ReadOnlySpan<byte> bytes)
    {
        bool isBigEndian = (Bytes[3] & 1) != 0;
        var (first, second) = sums;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            first += (isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)) + second;
            second += (isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) + first;
        }
        return (first, second);
    }
}
