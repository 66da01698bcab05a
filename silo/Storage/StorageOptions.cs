using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Silo.Storage;

/// <summary>Settings of the data folder; configuration section <see cref="Section"/>.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Storage";

    /// <summary>The data folder. Made where it is missing.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Folder { get; set; } = "";

    /// <summary>P for a new folder; for an existing one it must be what the folder was made with, or null.</summary>
    [Range(1, 1024)]
    public int? UserShards { get; set; }

    /// <summary>Q for a new folder; for an existing one it must be what the folder was made with, or null.</summary>
    [Range(1, 1024)]
    public int? ItemShards { get; set; }

    /// <summary>Writes that may wait for the writer thread; one more is refused with <c>OverloadedException</c>.</summary>
    /// <value>Default 8,192. More rides out longer stalls of the disk and costs memory.</value>
    [Range(1, 1_000_000)]
    public int QueuedWritesMax { get; set; } = 8192;

    /// <summary>Bytes that may wait for the writer thread; a write beyond them is refused with <c>OverloadedException</c>.</summary>
    /// <value>Default 128 MB. A single write is always let in when nothing waits.</value>
    [Range(1, int.MaxValue)]
    public int QueuedBytesMax { get; set; } = 128 << 20;

    /// <summary>Bytes of batches that share one commit; what is over waits for the next.</summary>
    /// <value>Default 8 MB. More costs latency of the writes that come in meanwhile.</value>
    [Range(1, int.MaxValue)]
    public int CommitBytesMax { get; set; } = 8 << 20;

    /// <summary>Connections for reading, which is how many reads run at once.</summary>
    /// <value>Default 4.</value>
    [Range(1, 64)]
    public int ReadConnectionsMax { get; set; } = 4;

    /// <summary>Reads that may wait for a connection; one more is refused with <c>OverloadedException</c>.</summary>
    /// <value>Default 4,096.</value>
    [Range(1, 1_000_000)]
    public int ReadsWaitingMax { get; set; } = 4096;

    /// <summary>Only for the test that proves that the power-cut harness sees a loss; anything but FULL gives up durability.</summary>
    [RegularExpression("FULL|NORMAL|OFF")]
    public string TestSynchronous { get; set; } = "FULL";
}
