using System.Collections.Concurrent;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>A page that did not match its checksum.</summary>
/// <param name="Path">The file.</param>
/// <param name="Number">The page, from 1.</param>
/// <param name="Bit">The one bit that was wrong and was mended in memory, from the page's first; −1 where more is wrong and the page was refused.</param>
internal readonly record struct PageFault(string Path, long Number, int Bit)
{
    public bool IsMended => Bit >= 0;

    public override string ToString() => IsMended
        ? $"page {Number} of '{Path}' has one bit turned (byte {Bit / 8} of the page); it is read as it was written"
        : $"page {Number} of '{Path}' does not match its checksum";
}

/// <summary>Where the pages that do not match are told: to the read that asked for one, and once to the operator.</summary>
internal static class PageFaults
{
    /// <summary>Mended pages are told once each, up to so many; a disk that goes bad would fill the operator's log.</summary>
    private const int ToldMax = 1000;

    [ThreadStatic]
    private static PageFault? last;

    private static readonly ConcurrentDictionary<(string, long), bool> told = new();

    public static void Report(PageFault fault)
    {
        last = fault;
        if (fault.IsMended && told.Count < ToldMax && told.TryAdd((fault.Path, fault.Number), true))
            Console.Error.WriteLine($"warning: {fault}. Run ./rec verify, and see to the disk.");
    }

    /// <summary>What the last read on this thread met, and forgets it.</summary>
    public static PageFault? Take()
    {
        var taken = last;
        last = null;
        return taken;
    }
}
