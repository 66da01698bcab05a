using OrleansRec.Contracts;

namespace OrleansRec.Grains.Serving;

/// <summary>Bounds of a page of several lists.</summary>
public static class PageRules
{
    /// <summary>Lists of one page.</summary>
    public const int BlocksMax = 20;

    /// <summary>Entries of all lists together: as many as one list may have.</summary>
    public const int EntriesMax = RequestRules.KMax;

    /// <exception cref="ArgumentOutOfRangeException">A bound is not kept.</exception>
    public static void Check(RecommendRequest[] blocks)
    {
        if (blocks.Length is < 1 or > BlocksMax)
            throw new ArgumentOutOfRangeException(nameof(blocks), blocks.Length, $"A page has 1 to {BlocksMax} blocks.");
        foreach (RecommendRequest block in blocks)
            RequestRules.Check(block);
        if (blocks.Sum(b => b.K) is > EntriesMax and var entries)
            throw new ArgumentOutOfRangeException(nameof(blocks), entries, $"The blocks of a page have at most {EntriesMax} entries together.");
    }
}
