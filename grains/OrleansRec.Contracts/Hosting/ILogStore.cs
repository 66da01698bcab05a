using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>Where logs and snapshots are kept: one stream for each shard, one for each block of factors.</summary>
/// <remarks>
/// A stream is a sequence of records numbered from 1. A batch holds consecutive records as one blob. A writer opens a stream and gets an
/// epoch greater than any before; a write with an older epoch, or that does not continue the sequence, is refused with <see cref="FencedException"/>.
/// </remarks>
public interface ILogStore
{
    /// <summary>Takes over a stream for writing: every earlier writer is fenced off.</summary>
    Task<LogOpening> Open(string stream, CancellationToken cancellation = default);

    /// <summary>Appends a batch and completes when it is durable. Batches of one stream become durable in the order of the calls.</summary>
    /// <exception cref="FencedException">Another writer has opened the stream, or the batch does not continue it.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot write; nothing is known of this batch until the stream is opened again.</exception>
    Task Append(LogBatch batch, CancellationToken cancellation = default);

    /// <summary>Completes where the writer with this epoch still owned the stream at some moment after the call was made. One small read.</summary>
    /// <exception cref="FencedException">Another writer has opened the stream, or it was deleted.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default);

    /// <summary>Batches after a record, in order, at least one where there is one, at most about <paramref name="bytesMax"/>; empty at the end.</summary>
    /// <exception cref="CorruptStoreException">A batch does not match its checksum.</exception>
    Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default);

    /// <summary>Replaces the stream's snapshot, wholly or not at all, and, where <paramref name="compact"/>, deletes the batches that it covers.</summary>
    Task WriteSnapshot(string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default);

    /// <summary>Begins to write a snapshot in pieces, so that it need not be in memory whole. Nothing changes before it is completed.</summary>
    /// <remarks>A store that does not say otherwise gathers the pieces and writes them at once.</remarks>
    Task<ISnapshotWriter> BeginSnapshot(string stream, long epoch, CancellationToken cancellation = default) =>
        Task.FromResult<ISnapshotWriter>(new GatheredSnapshot(this, stream, epoch));

    /// <summary>The stream's snapshot, or null.</summary>
    /// <exception cref="CorruptStoreException">A part of it does not match its checksum.</exception>
    Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default);

    /// <summary>Deletes everything in a stream.</summary>
    Task Delete(string stream, CancellationToken cancellation = default);

    /// <summary>Completes when nothing of what was deleted before the call can be read from the medium any more.</summary>
    /// <remarks>A store without a medium has nothing to do.</remarks>
    Task Purge(CancellationToken cancellation = default) => Task.CompletedTask;
}

/// <summary>The result of opening a stream.</summary>
/// <param name="Epoch">The writer's epoch, 1 or more.</param>
/// <param name="LastSequence">The last durable record, counting what only the snapshot holds; 0 where there is none.</param>
/// <param name="SnapshotSequence">Up to which record the snapshot reaches; 0 where there is none.</param>
public readonly record struct LogOpening(long Epoch, long LastSequence, long SnapshotSequence);

/// <summary>Consecutive records as one blob.</summary>
/// <param name="Stream">Which stream.</param>
/// <param name="Epoch">The writer's epoch.</param>
/// <param name="FirstSequence">Number of the first record.</param>
/// <param name="RecordCount">How many records.</param>
/// <param name="Content">The records, encoded. Not changed by anyone after the call.</param>
public sealed record LogBatch(string Stream, long Epoch, long FirstSequence, int RecordCount, ReadOnlyMemory<byte> Content)
{
    /// <summary>A batch of more bytes is a mistake of its writer, whatever it is kept in.</summary>
    public const int BytesMax = 64 << 20;

    /// <summary>Number of the last record.</summary>
    public long LastSequence => FirstSequence + RecordCount - 1;

    /// <summary>Refuses what no store takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Records are numbered from 1, a batch holds at least one, and at most <see cref="BytesMax"/> bytes.</exception>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstSequence, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RecordCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Content.Length, BytesMax);
    }
}

/// <summary>A snapshot and how far it reaches.</summary>
public sealed record LogSnapshot(long ThroughSequence, ReadOnlyMemory<byte> Content);

/// <summary>Names of the streams: first the tenant, as in <see cref="GrainKey"/>.</summary>
public static class LogStreams
{
    /// <summary>Interactions of a user shard.</summary>
    public static string Users(TenantId tenant, int shard) => $"{tenant}/users/{shard}";

    /// <summary>Catalogue of an item shard.</summary>
    public static string Items(TenantId tenant, int shard) => $"{tenant}/items/{shard}";

    /// <summary>Item factors of a training after a sweep; the sequence is the sweep.</summary>
    /// <remarks>Odd and even sweeps have streams of their own, so that one is whole while the other is being written.</remarks>
    public static string Checkpoint(TenantId tenant, long version, int shard, int sweep) => $"{tenant}/checkpoint/{version}/{shard}/{sweep & 1}";

    /// <summary>Looks at personal data in one day, counted from 1970-01-01 UTC.</summary>
    public static string Access(TenantId tenant, int day) => $"{tenant}/access/{day}";

    /// <summary>Published item factors of a version.</summary>
    public static string Model(TenantId tenant, long version, int shard) => $"{tenant}/model/{version}/{shard}";

    /// <summary>The models beside the factors of a version; the sequence is the attempt.</summary>
    public static string Companion(TenantId tenant, long version) => $"{tenant}/companion/{version}";

    /// <summary>The sequence model of a version; the sequence is the attempt.</summary>
    public static string SequenceModel(TenantId tenant, long version) => $"{tenant}/sequence/{version}";

    /// <summary>The sequence model of a training after an epoch; the sequence is the epoch, counted over both courses.</summary>
    /// <remarks>Odd and even epochs have streams of their own, so that one is whole while the other is being written.</remarks>
    public static string SequenceCheckpoint(TenantId tenant, long version, int epoch) => $"{tenant}/sequence-checkpoint/{version}/{epoch & 1}";
}

/// <summary>Another writer owns the stream, or the batch does not continue it.</summary>
[Orleans.GenerateSerializer, Orleans.Alias("rec.fenced")]
public sealed class FencedException(string message) : Exception(message);

/// <summary>The store cannot write or read now.</summary>
[Orleans.GenerateSerializer, Orleans.Alias("rec.store-unavailable")]
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>An item shard stands before a record that it had said to hold durably: it has read a snapshot older than its last. It must read anew.</summary>
[Orleans.GenerateSerializer, Orleans.Alias("rec.watermark-lost")]
public sealed class WatermarkLostException(string message) : Exception(message)
{
    /// <summary>With both numbers.</summary>
    public static WatermarkLostException Of(int itemShard, long watermark, int userShard, long kept) => new(
        $"Item shard {itemShard} has seen user shard {userShard} up to record {watermark}; what came up to {kept} was let go, because it said that it holds it.");
}

/// <summary>What the store holds is damaged: a checksum does not match. Says which stream and record.</summary>
[Orleans.GenerateSerializer, Orleans.Alias("rec.corrupt-store")]
public sealed class CorruptStoreException(string message) : Exception(message);

/// <summary>A bound was reached; try again a little later.</summary>
[Orleans.GenerateSerializer, Orleans.Alias("rec.overloaded")]
public sealed class OverloadedException(string message) : Exception(message);
