using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Azure;

/// <summary>Bounds of a store in Azure blobs.</summary>
public sealed class AzureLogOptions
{
    /// <summary>Bytes of one block: a batch with more is written in parts.</summary>
    /// <value>Default 4 MB, which every version of the service takes.</value>
    [Range(1024, 4 << 20)]
    public int BlockBytesMax { get; set; } = 4 << 20;

    /// <summary>Bytes of a segment of a log; then the next begins. What a snapshot covers is deleted by whole segments, and a segment is read at once.</summary>
    /// <value>Default 32 MB.</value>
    [Range(1 << 10, 1 << 30)]
    public int SegmentBytesMax { get; set; } = 32 << 20;

    /// <summary>Blocks of a segment; the service takes 50,000.</summary>
    [Range(2, 49_000)]
    public int SegmentBlocksMax { get; set; } = 40_000;

    /// <summary>Calls to the service at once.</summary>
    /// <value>Default 64.</value>
    [Range(1, 10_000)]
    public int CallsMax { get; set; } = 64;

    /// <summary>How often a take-over looks again because the writer before it, or another that takes over, came between.</summary>
    /// <value>Default 50; then the store is called unavailable.</value>
    [Range(1, 10_000)]
    public int TakeOverAttemptsMax { get; set; } = 50;
}
