using System.ComponentModel.DataAnnotations;
using OrleansRec.Model;

namespace OrleansRec.Grains.Hosting;

/// <summary>Bounds of a silo's copies of the model and the catalogue. Configuration section "Serving".</summary>
public sealed class ServingOptions
{
    /// <summary>How old a silo's knowledge of the current version, and of items whose shard is on another silo, may be. Changes made on the silo itself show at once.</summary>
    /// <value>250 ms by default. Smaller asks the directory more often.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan StalenessPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long lists wait for the news of an item shard on another silo before they go on from what is known of it: the silo may be lost.</summary>
    /// <value>1 s by default. Less shows older prices and stock sooner when a silo is busy.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan RefreshTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How old the popularity of items whose shard is on another silo may be: counts are no part of the catalogue's version.</summary>
    /// <value>30 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan PopularityPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long lists that go by popularity wait for counters that are not whole, right after a folder is opened and where no version has counts to stand in for them; then they go by what is counted.</summary>
    /// <value>2 s by default, from the first such list on. More shows fewer short lists after the start of a large shop; 0 waits for nothing.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan CountsWaitMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of one published version, its factors and the index that is built over them, that a silo copies. A larger model is refused when it is published.</summary>
    /// <value>2 GiB by default. The last version but one stays beside it for readers under way.</value>
    [Range(1, long.MaxValue)]
    public long ModelCopyBytesMax { get; set; } = 2L << 30;

    /// <summary>Clusters of items that a personal list is looked for in; 0: in all items, exactly. For catalogues of a million items and more whose factors the exact index prunes badly.</summary>
    /// <value>0 by default. There are about 2√n clusters of n items. A larger number finds more of the exact list and takes in proportion longer; docs/PERFORMANCE.md has recall and time.
    /// Any number above 0 costs the codes of the factors once more in memory, and some microseconds an item when a version is taken over.</value>
    [Range(0, ClusteredIndex.ClustersMax)]
    public int ApproximateProbes { get; set; }

    /// <summary>Factor bytes up to which a user's grain scans the copy itself; above it the scoring workers do, of which there are as many as processors.</summary>
    /// <value>64 MiB by default, a few milliseconds. Larger saves calls and lets more long scans share the processors.</value>
    [Range(0, long.MaxValue)]
    public long InlineScanBytesMax { get; set; } = 64L << 20;
}

/// <summary>Bounds of the model directory. Configuration section "Models".</summary>
public sealed class ModelDirectoryOptions
{
    /// <summary>Versions held; the oldest beyond it go, the current one never.</summary>
    /// <value>3 by default. Each costs items × width × 4 bytes on disk.</value>
    [Range(1, 100)]
    public int VersionsKept { get; set; } = 3;
}
