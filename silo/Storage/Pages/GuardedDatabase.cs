using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static OrleansRec.Silo.Storage.Pages.SqliteNative;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>Reads and writes of a store's file: pages are sealed on their way out, and tried, and mended where one bit is wrong, on their way in.</summary>
internal sealed unsafe class GuardedDatabase(Methods* original, string path, bool isSealed) : GuardedFile(original, path)
{
    /// <summary>False for a file of a format before the checksums, which is read as it is until it is migrated.</summary>
    private readonly bool isSealed = isSealed;

    public static void Fill(Methods* table)
    {
        table->Read = &Read;
        table->Write = &Write;
        table->Characteristics = &Characteristics;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(OpenFile* file, byte* buffer, int count, long offset)
    {
        var state = (GuardedDatabase)GuardedVfs.StateOf(file);
        int code = state.Original->Read(file, buffer, count, offset);
        if (code != Ok || !state.isSealed || !IsPage(count, offset))
            return code;
        long number = offset / PageChecksum.PageBytes + 1;
        var page = new Span<byte>(buffer, count);
        return PageChecksum.Holds(number, page) || state.IsGood(number, page) ? Ok : DataFault;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(OpenFile* file, byte* buffer, int count, long offset)
    {
        var state = (GuardedDatabase)GuardedVfs.StateOf(file);
        if (state.isSealed && IsPage(count, offset))
            PageChecksum.Seal(offset / PageChecksum.PageBytes + 1, new(buffer, count));
        return state.Original->Write(file, buffer, count, offset);
    }

    /// <summary>Without "may read parts of pages", which would pass the checksums by.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Characteristics(OpenFile* file) => GuardedVfs.StateOf(file).Original->Characteristics(file) & ~PartialReads;

    private static bool IsPage(int count, long offset) => count == PageChecksum.PageBytes && offset % PageChecksum.PageBytes == 0;

    private bool IsGood(long number, Span<byte> page)
    {
        // A page that the file was extended by and that was free again before it was ever written.
        if (!page.ContainsAnyExcept((byte)0))
            return true;
        int bit = PageChecksum.FindFlippedBit(number, page);
        if (bit >= 0)
            PageChecksum.Turn(page, bit);
        PageFaults.Report(new(Path, number, bit));
        return bit >= 0;
    }
}

/// <summary>What must be known of a store's file before its first page is read.</summary>
internal static unsafe class DatabaseHeader
{
    public const int Bytes = 100;

    private const int ReservedPlace = 20, FormatPlace = 60, ApplicationPlace = 68;

    /// <summary>Whether the pages of the file bear checksums: a new one's will. Either of two signs is enough, so that a flipped bit in one does not hide it.</summary>
    public static bool IsSealed(OpenFile* file, Methods* methods)
    {
        long size;
        if (methods->Size(file, &size) != Ok)
            return false;
        if (size == 0)
            return true;
        Span<byte> header = stackalloc byte[Bytes];
        fixed (byte* start = header)
            return size >= Bytes && methods->Read(file, start, Bytes, 0) == Ok && IsSealed(header);
    }

    public static bool IsSealed(ReadOnlySpan<byte> header) => header[ReservedPlace] == PageChecksum.Bytes
        || (Number(header, ApplicationPlace) == StoreSchema.ApplicationId && Number(header, FormatPlace) >= FolderMigrations.FirstSealedFormat);

    private static uint Number(ReadOnlySpan<byte> header, int place) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(header[place..]);
}
