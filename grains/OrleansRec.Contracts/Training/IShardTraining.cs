using Orleans;
using Orleans.Concurrency;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>The part of a user shard that trains; the same grain as <see cref="IUserShardGrain"/>, by the same key.</summary>
/// <remarks>
/// <see cref="Freeze"/>, <see cref="MapItems"/>, <see cref="SolveUsers"/> and <see cref="Measure"/> start work and return; the end is reported to the coordinator. Each is
/// idempotent by (version, attempt, phase, sweep): asked again for work that is done, the shard reports again. A new attempt begins anew, because what a
/// shard did in an earlier one may stand on rows that have changed since.
/// </remarks>
[Alias("rec.user-shard-training")]
public interface IUserShardTraining : IGrainWithStringKey
{
    /// <summary>Fixes the pairs to train on: every event up to the watermark, or up to now where it is −1.</summary>
    [AlwaysInterleave, Alias("freeze")]
    Task Freeze(FreezeCommand command, CancellationToken cancellation = default);

    /// <summary>How many pairs this shard has with each item of one item shard, from a first item on.</summary>
    [AlwaysInterleave, Alias("column-sizes")]
    Task<ColumnSizes> GetColumnSizes(long version, int attempt, int itemShard, int firstItem, CancellationToken cancellation = default);

    /// <summary>Pairs of this shard with the items of one item shard, by item.</summary>
    [AlwaysInterleave, Alias("columns")]
    Task<ColumnChunk> GetColumns(long version, int attempt, int itemShard, int firstItem, CancellationToken cancellation = default);

    /// <summary>Learns which row each item has.</summary>
    [AlwaysInterleave, Alias("map-items")]
    Task MapItems(MapCommand command, CancellationToken cancellation = default);

    /// <summary>Solves this shard's users against the items of the last sweep.</summary>
    [AlwaysInterleave, Alias("solve-users")]
    Task SolveUsers(SolveCommand command, CancellationToken cancellation = default);

    /// <summary>Compares the items after the last sweep with the current version, on the shard's held-out users; the command's sweep is one after the last.</summary>
    [AlwaysInterleave, Alias("measure")]
    Task Measure(SolveCommand command, CancellationToken cancellation = default);

    /// <summary>A chunk of the users solved in a sweep.</summary>
    [AlwaysInterleave, Alias("user-factors")]
    Task<FactorChunk> GetUserFactors(long version, int attempt, int sweep, int firstRow, CancellationToken cancellation = default);

    /// <summary>Forgets the training.</summary>
    [AlwaysInterleave, Alias("release")]
    Task Release(long version, CancellationToken cancellation = default);

    /// <summary>A page of what this shard's users did, up to a watermark.</summary>
    /// <remarks>Keeps nothing between two pages. An event that is taken back meanwhile, and a user who is erased, are in no later page.</remarks>
    [AlwaysInterleave, Alias("histories")]
    Task<HistoryPage> GetHistories(HistoryQuery query, CancellationToken cancellation = default);
}

/// <summary>The part of an item shard that trains; the same grain as <see cref="IItemShardGrain"/>, by the same key.</summary>
[Alias("rec.item-shard-training")]
public interface IItemShardTraining : IGrainWithStringKey
{
    /// <summary>Pulls this shard's columns from every user shard and orders them.</summary>
    [AlwaysInterleave, Alias("gather")]
    Task Gather(GatherCommand command, CancellationToken cancellation = default);

    /// <summary>The ids of the shard's rows, in order, from a first row on.</summary>
    [AlwaysInterleave, Alias("row-ids")]
    Task<RowIdChunk> GetRowIds(long version, int attempt, int firstRow, CancellationToken cancellation = default);

    /// <summary>Takes start values (sweep 0) or the checkpoint of a sweep.</summary>
    [AlwaysInterleave, Alias("take-start")]
    Task TakeStart(StartCommand command, CancellationToken cancellation = default);

    /// <summary>Solves this shard's items against the users of the same sweep and writes a checkpoint.</summary>
    [AlwaysInterleave, Alias("solve-items")]
    Task SolveItems(SolveCommand command, CancellationToken cancellation = default);

    /// <summary>A chunk of the items after a sweep; sweep 0 is the start values.</summary>
    [AlwaysInterleave, Alias("item-factors")]
    Task<FactorChunk> GetItemFactors(long version, int attempt, int sweep, int firstRow, CancellationToken cancellation = default);

    /// <summary>Takes one epoch of the sequence model and writes a checkpoint.</summary>
    [AlwaysInterleave, Alias("learn-epoch")]
    Task LearnEpoch(LearnCommand command, CancellationToken cancellation = default);

    /// <summary>Makes the last sweep's items readable as a published version, durably.</summary>
    [AlwaysInterleave, Alias("prepare")]
    Task Prepare(PrepareCommand command, CancellationToken cancellation = default);

    /// <summary>Deletes the blocks of a version that is held no more.</summary>
    [AlwaysInterleave, Alias("discard")]
    Task Discard(long version, CancellationToken cancellation = default);

    /// <summary>Forgets the training, published block excepted.</summary>
    [AlwaysInterleave, Alias("release")]
    Task Release(long version, CancellationToken cancellation = default);
}

/// <summary>Fix the pairs.</summary>
[GenerateSerializer, Immutable, Alias("rec.freeze")]
public sealed record FreezeCommand(long Version, int Attempt, TrainingPlan Plan, long Watermark);

/// <summary>Gather the columns; <paramref name="UserRows"/> holds the rows of each user shard, shape (P).</summary>
[GenerateSerializer, Immutable, Alias("rec.gather")]
public sealed record GatherCommand(long Version, int Attempt, TrainingPlan Plan, int[] UserRows);

/// <summary>Map the items; <paramref name="ItemRows"/> holds the rows of each item shard, shape (Q).</summary>
[GenerateSerializer, Immutable, Alias("rec.map")]
public sealed record MapCommand(long Version, int Attempt, int[] ItemRows);

/// <summary>Take start values (sweep 0) or a checkpoint.</summary>
[GenerateSerializer, Immutable, Alias("rec.start")]
public sealed record StartCommand(long Version, int Attempt, int Sweep);

/// <summary>Solve one side.</summary>
/// <param name="Version">Which training.</param>
/// <param name="Attempt">Which attempt at it.</param>
/// <param name="Sweep">1 … Sweeps.</param>
/// <param name="Gram">Gram matrix of the other side, row-major, shape (k, k); empty when explicit.</param>
/// <param name="OtherRows">Rows of each shard of the other side.</param>
/// <param name="GlobalMean">μ when explicit.</param>
[GenerateSerializer, Immutable, Alias("rec.solve")]
public sealed record SolveCommand(long Version, int Attempt, int Sweep, double[] Gram, int[] OtherRows, double GlobalMean);

/// <summary>Publish the last sweep's rows as version <paramref name="Version"/>.</summary>
/// <param name="Version">Which training.</param>
/// <param name="Attempt">Which attempt at it.</param>
/// <param name="Sweep">The last sweep.</param>
/// <param name="Companion">The models beside the factors, which the shard that is told of them builds; null for the other shards.</param>
[GenerateSerializer, Immutable, Alias("rec.prepare")]
public sealed record PrepareCommand(long Version, int Attempt, int Sweep, CompanionCommand? Companion = null);

/// <summary>Build the models beside the factors of a version.</summary>
/// <param name="Plan">The training's plan.</param>
/// <param name="Watermarks">The last record of each user shard that is trained on, shape (P).</param>
/// <param name="ItemRows">Rows of each item shard, shape (Q).</param>
/// <param name="Gram">YᵀY, row-major, shape (k, k); empty when explicit.</param>
/// <param name="GlobalMean">μ when explicit.</param>
/// <param name="AtMs">When the training was started: milliseconds since 1970-01-01 UTC.</param>
/// <param name="SequenceEpochs">Epochs of both courses of the sequence model; 0 where there is none.</param>
/// <param name="SequenceChosen">Epochs of its second course.</param>
[GenerateSerializer, Immutable, Alias("rec.companion")]
public sealed record CompanionCommand(
    TrainingPlan Plan, long[] Watermarks, int[] ItemRows, double[] Gram, double GlobalMean, long AtMs, int SequenceEpochs = 0, int SequenceChosen = 0);

/// <summary>Take an epoch of the sequence model.</summary>
/// <param name="Version">Which training.</param>
/// <param name="Attempt">Which attempt at it.</param>
/// <param name="Number">The epoch, counted over both courses, from 1.</param>
/// <param name="IsChoosing">Whether it is one of the course that chooses the number of epochs.</param>
/// <param name="Epoch">Its number in its course, from 1.</param>
/// <param name="Source">What is trained on; no Gram matrix.</param>
[GenerateSerializer, Immutable, Alias("rec.learn")]
public sealed record LearnCommand(long Version, int Attempt, int Number, bool IsChoosing, int Epoch, CompanionCommand Source);

/// <summary>Asks for a page of histories.</summary>
/// <param name="Plan">Says what the types of events add to r.</param>
/// <param name="Watermark">The last record that is read.</param>
/// <param name="AfterUserId">The page begins behind this user in the order of (hash, id); null: with the first.</param>
[GenerateSerializer, Immutable, Alias("rec.history-query")]
public sealed record HistoryQuery(TrainingPlan Plan, long Watermark, string? AfterUserId);

/// <summary>Histories of consecutive users in the order of (hash, id), each in the order of arrival. Users who have not agreed to lists of their own are left out.</summary>
/// <param name="UserIds">Users, shape (n).</param>
/// <param name="Starts">Where each user's events begin, shape (n + 1).</param>
/// <param name="Items">Ids of the items that occur, each once; that of no item is empty.</param>
/// <param name="Sessions">Ids of the sessions that occur, each once.</param>
/// <param name="ItemOf">Index of each event's item, as little-endian int32.</param>
/// <param name="SessionOf">Index of each event's session, −1 for none, as little-endian int32.</param>
/// <param name="Amounts">What each event adds to r, NaN for nothing, as little-endian float32.</param>
/// <param name="TimesMs">When each was, as little-endian int64.</param>
/// <param name="Marks">Of each event: 1 where its user likes the item, 2 where something was bought.</param>
/// <param name="LastUserId">The last user that was looked at; null where there are no more.</param>
[GenerateSerializer, Immutable, Alias("rec.history-page")]
public sealed record HistoryPage(
    string[] UserIds, int[] Starts, string[] Items, string[] Sessions, byte[] ItemOf, byte[] SessionOf, byte[] Amounts, byte[] TimesMs, byte[] Marks, string? LastUserId)
{
    /// <summary>What the shop has said of each user, shape (n); empty where no user of the page has an attribute.</summary>
    [Id(0)] public UserAttribute[][] Attributes { get; init; } = [];
}

/// <summary>Ids of consecutive rows.</summary>
[GenerateSerializer, Immutable, Alias("rec.row-ids")]
public sealed record RowIdChunk(int FirstRow, int TotalRows, string[] Ids);

/// <summary>Consecutive items that a user shard has pairs with, and how many with each; in the order of (hash, id).</summary>
/// <param name="FirstItem">Index of the first among all that the user shard has for this item shard.</param>
/// <param name="TotalItems">How many those are.</param>
/// <param name="Ids">Ids of the items, shape (n).</param>
/// <param name="Pairs">Pairs with each, shape (n).</param>
[GenerateSerializer, Immutable, Alias("rec.column-sizes")]
public sealed record ColumnSizes(int FirstItem, int TotalItems, string[] Ids, int[] Pairs);

/// <summary>Consecutive items of a user shard's pairs with one item shard, in the order of (hash, id).</summary>
/// <param name="FirstItem">Index of the first item among all that the user shard has for this item shard.</param>
/// <param name="TotalItems">How many those are.</param>
/// <param name="Ids">Ids of the items in this chunk, shape (n).</param>
/// <param name="Starts">Where each item's pairs begin in the two arrays below, shape (n + 1).</param>
/// <param name="Rows">User rows within the user shard, ascending within an item, as little-endian int32.</param>
/// <param name="Values">r of each pair, as little-endian float32.</param>
[GenerateSerializer, Immutable, Alias("rec.column-chunk")]
public sealed record ColumnChunk(int FirstItem, int TotalItems, string[] Ids, int[] Starts, byte[] Rows, byte[] Values);

/// <summary>Sums over the held-out users of a shard; see <see cref="QualitySums"/>.</summary>
[GenerateSerializer, Immutable, Alias("rec.shard-quality")]
public sealed record ShardQuality(long Users, double New, double Current, double Squares, long ComparedWith);

/// <summary>One node of the fixed binary tree over buckets: its sum.</summary>
/// <param name="Level">0 is a bucket, 10 the root.</param>
/// <param name="Index">Position within the level.</param>
/// <param name="Values">The sum, in double.</param>
[GenerateSerializer, Immutable, Alias("rec.sum-node")]
public sealed record SumNode(int Level, int Index, double[] Values);
