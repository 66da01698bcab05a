using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Grains.Hosting;

/// <summary>Bounds of a user shard. Configuration section "UserShard".</summary>
public sealed class UserShardOptions
{
    /// <summary>Events that may wait for durability in one shard; above it Append throws OverloadedException.</summary>
    /// <value>200,000 by default. Larger takes longer bursts and more memory (about 100 bytes an event).</value>
    [Range(1, 100_000_000)]
    public int PendingEventsMax { get; set; } = 200_000;

    /// <summary>Records in one Append; above it the call is refused.</summary>
    /// <value>50,000 by default.</value>
    [Range(1, 10_000_000)]
    public int AppendEventsMax { get; set; } = 50_000;

    /// <summary>A snapshot is written after so many records since the last one, or a third of the events held where that is more.</summary>
    /// <value>50,000 by default. Larger writes less and replays longer at start: about 1 µs a record, where a snapshot takes 0.1 µs an event.</value>
    [Range(1, int.MaxValue)]
    public int SnapshotRecords { get; set; } = 50_000;

    /// <summary>A shard that nobody appends to writes a snapshot already after so many records.</summary>
    /// <value>5,000 by default, so that a restart after an import finds hardly anything to replay.</value>
    [Range(1, int.MaxValue)]
    public int IdleSnapshotRecords { get; set; } = 5_000;

    /// <summary>A snapshot is written after so many bytes of batches since the last one, or the size of that where it is more.</summary>
    /// <value>32 MiB by default.</value>
    [Range(1, long.MaxValue)]
    public long SnapshotBytes { get; set; } = 32L << 20;

    /// <summary>Changes kept for item shards; item shards are asked for a snapshot, which lets them go, at half of it. At the bound Append throws OverloadedException.</summary>
    /// <value>1,000,000 by default, 56 bytes each.</value>
    [Range(2, int.MaxValue)]
    public int FeedChangesMax { get; set; } = 1_000_000;

    /// <summary>Changes in one feed to an item shard; one record's changes are never split.</summary>
    /// <value>4,096 by default.</value>
    [Range(1, 1_000_000)]
    public int FeedBatchMax { get; set; } = 4096;

    /// <summary>At most so often, while events keep coming, are they passed on to an item shard.</summary>
    /// <value>250 ms by default, as old as lists may know the catalogue. Longer saves calls between shards; popularity and the counts of items lag by as much.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FeedPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a failed feed or snapshot waits for its next attempt.</summary>
    /// <value>1 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often every item shard is asked how far it has seen, whether or not there is anything to send.</summary>
    /// <value>
    /// 30 s by default: a call for each pair of shards. Shorter mends sooner what a split of the directory left uncounted. Where Cluster:Kind is Single it is one day,
    /// whatever is set here: the directory of one silo cannot split.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan FeedCheckPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that an erased user's events stay in the log before a snapshot replaces it.</summary>
    /// <value>1 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan ErasurePeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after it was fenced off an activation may still answer reads, while the store answers: so old may its proof be that it owns its log.</summary>
    /// <value>1 s by default: one small read of the store in that time for each shard that is read from. A commit proves it too.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FenceCheckPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The same while the store does not answer: so long are reads answered without a proof before they are refused.</summary>
    /// <value>10 s by default. Longer serves on through a longer failure of the store; a silo that alone cannot reach it shows old histories for as long.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan UncheckedPeriodMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an event that was erased with its user is refused when it is sent again.</summary>
    /// <value>30 days by default; 8 bytes an event for that time. After it such an event is taken for a new one.</value>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan ErasedRetryPeriod { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Events older than this are taken out, by the time that they say.</summary>
    /// <value>None by default: every age is kept. A clock that is wrong by years takes out as much.</value>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00")]
    public TimeSpan? EventAgeMax { get; set; }

    /// <summary>Of a user with more events than this the oldest are taken out.</summary>
    /// <value>None by default.</value>
    [Range(1, int.MaxValue)]
    public int? EventsPerUserMax { get; set; }

    /// <summary>How often a shard looks for events to take out.</summary>
    /// <value>10 min by default: so long may a user be above the bound. A look costs about 10 ns for each event held.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "30.00:00:00")]
    public TimeSpan RetentionPeriod { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Events taken out between two waits for the disk.</summary>
    /// <value>1,000 by default. More is quicker and holds appends up longer.</value>
    [Range(1, 1_000_000)]
    public int RetentionBatchMax { get; set; } = 1_000;

    /// <summary>Events that a visitor's shard gives away in one step of a merge.</summary>
    /// <value>1,000 by default. More is quicker and holds appends up longer.</value>
    [Range(1, 50_000)]
    public int MergeBatchMax { get; set; } = 1_000;

    /// <summary>A merge that nobody has driven for so long is driven again by the visitor's shard.</summary>
    /// <value>5 s by default. Shorter finishes sooner what a lost silo has left.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan MergeSilencePeriod { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Bounds of an item shard. Configuration section "ItemShard".</summary>
public sealed class ItemShardOptions
{
    /// <summary>Catalogue changes that may wait for durability; above it Put throws OverloadedException.</summary>
    /// <value>100,000 by default.</value>
    [Range(1, 100_000_000)]
    public int PendingItemsMax { get; set; } = 100_000;

    /// <summary>A snapshot is written after so many catalogue records since the last one.</summary>
    /// <value>50,000 by default.</value>
    [Range(1, int.MaxValue)]
    public int SnapshotRecords { get; set; } = 50_000;

    /// <summary>Changes remembered for readers on other silos; one that knows less gets the whole catalogue of the shard.</summary>
    /// <value>4,096 by default.</value>
    [Range(1, 1_000_000)]
    public int ChangesMax { get; set; } = 4096;

    /// <summary>How long a failed attempt waits for the next.</summary>
    /// <value>1 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after it was fenced off an activation may still answer reads, while the store answers: so old may its proof be that it owns its log.</summary>
    /// <value>1 s by default: one small read of the store in that time for each shard. A commit proves it too.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FenceCheckPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The same while the store does not answer: so long are reads answered without a proof before they are refused.</summary>
    /// <value>10 s by default. Longer serves on through a longer failure of the store; a silo that alone cannot reach it shows an old catalogue for as long.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan UncheckedPeriodMax { get; set; } = TimeSpan.FromSeconds(10);
}
