using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>The pages of a store that nobody has open, as SQLite would see them: from the log where that has one, else from the file, mended where one bit is wrong.</summary>
internal sealed class StorePages(SafeFileHandle file, LogFile log)
{
    private const int PageCountPlace = 28, FreelistPlace = 32, TrunkEntriesPlace = 8;
    private const int TrunkEntriesMax = (PageChecksum.PageBytes - PageChecksum.Bytes - TrunkEntriesPlace) / 4;

    private readonly Dictionary<uint, int> newest = Enumerable.Range(0, log.CommittedFrames).GroupBy(log.PageOf).ToDictionary(page => page.Key, page => page.Last());

    /// <summary>Bytes of the file.</summary>
    public long Length { get; } = RandomAccess.GetLength(file);

    /// <summary>How many pages the store has: after the last commit of the log, or as its first page says.</summary>
    public long Count => log.CommittedFrames > 0 ? log.PagesAfter(log.CommittedFrames - 1) : BinaryPrimitives.ReadUInt32BigEndian(Read(1).AsSpan(PageCountPlace));

    public bool IsInLog(uint number) => newest.ContainsKey(number);

    public byte[] Read(uint number)
    {
        byte[] page = new byte[PageChecksum.PageBytes];
        if (newest.TryGetValue(number, out int frame))
        {
            log.PageIn(frame).CopyTo(page);
            return page;
        }
        RandomAccess.Read(file, page, (number - 1L) * PageChecksum.PageBytes);
        if (PageChecksum.FindFlippedBit(number, page) is >= 0 and var bit)
            PageChecksum.Turn(page, bit);
        return page;
    }

    /// <summary>Leaves of the list of free pages: SQLite writes nothing into them and reads nothing from them.</summary>
    public HashSet<uint> FreeLeaves()
    {
        var (free, trunks) = (new HashSet<uint>(), new HashSet<uint>());
        uint trunk = BinaryPrimitives.ReadUInt32BigEndian(Read(1).AsSpan(FreelistPlace));
        while (trunk != 0 && trunk <= Count && trunks.Add(trunk))
        {
            byte[] page = Read(trunk);
            int leaves = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(4)), TrunkEntriesMax);
            for (int leaf = 0; leaf < leaves; leaf++)
                free.Add(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(TrunkEntriesPlace + leaf * 4)));
            trunk = BinaryPrimitives.ReadUInt32BigEndian(page);
        }
        free.ExceptWith(trunks);
        return free;
    }

    /// <summary>The first page that is nowhere: after the end of the file and not in the log, though it holds something. Null where there is none.</summary>
    public uint? FirstMissing()
    {
        var missing = new List<uint>();
        for (long number = Length / PageChecksum.PageBytes + 1; number <= Count; number++)
        {
            if (!IsInLog((uint)number))
                missing.Add((uint)number);
        }
        // A page that was taken and given back before it was ever written is free and nowhere.
        var free = missing.Count == 0 ? [] : FreeLeaves();
        foreach (uint number in missing)
        {
            if (!free.Contains(number))
                return number;
        }
        return null;
    }
}
