namespace OrleansRec.Silo.Compute;

/// <summary>When a growing heap is compacted: the rule alone, values in, values out.</summary>
/// <remarks>
/// A compaction stops the process for a time in proportion to what is alive, about 0.2 s for 250 MB. So it is made only where what is committed has grown by a share since the last one, which keeps
/// the cost of all together in proportion to the growth; at moments at which much was let go; and only of heaps between <see cref="CommittedBytesMin"/> and
/// <see cref="CommittedBytesMax"/>: below there is little to win, above it would stop for too long, and the collector's own rules hold alone.
/// <para>A busy server commits at once again what a compaction gave back, for requests under way. Where less than a quarter of what came since the last compaction is still there after this one, the next is made
/// for twice the growth, and so on; once it was data that grew, for the least growth again. So under a load of any length compactions become rare, and do not take the time of the requests.</para>
/// </remarks>
/// <param name="CommittedAfter">Bytes that the collector held of the system just after the last compaction; 0 before the first.</param>
/// <param name="GrowthFactor">The next compaction is made for so many times the least growth: a power of two.</param>
public readonly record struct CompactionPace(long CommittedAfter, int GrowthFactor)
{
    /// <summary>Less than this is left to the collector.</summary>
    public const long CommittedBytesMin = 256L << 20;

    /// <summary>More than this is left to the collector.</summary>
    public const long CommittedBytesMax = 1L << 30;

    /// <summary>The least growth that a compaction is made for: several times what the youngest generation takes.</summary>
    public const long GrowthBytesMin = 20L << 20;

    /// <summary>The least growth as a part of what is committed.</summary>
    public const int GrowthPart = 20;

    /// <summary>Growth by so many times the least is reached by no heap within the bounds.</summary>
    public const int GrowthFactorMax = 64;

    public static CompactionPace Begin => new(0, 1);

    /// <summary>Whether a heap should be compacted.</summary>
    /// <param name="committed">Bytes that the collector holds of the system.</param>
    /// <param name="isReleased">Whether much was let go since the last compaction.</param>
    public bool IsDue(long committed, bool isReleased) =>
        committed is >= CommittedBytesMin and <= CommittedBytesMax
        && (isReleased || committed - CommittedAfter >= GrowthFactor * Math.Max(GrowthBytesMin, CommittedAfter / GrowthPart));

    /// <summary>What holds after a compaction.</summary>
    /// <param name="before">Bytes committed before it.</param>
    /// <param name="after">Bytes committed after it.</param>
    /// <param name="isReleased">Whether it was made because much was let go: what grows now is something else.</param>
    public CompactionPace After(long before, long after, bool isReleased) =>
        new(after, isReleased || 4 * (after - CommittedAfter) >= before - CommittedAfter ? 1 : Math.Min(2 * GrowthFactor, GrowthFactorMax));
}
