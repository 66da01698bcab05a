using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Takes a stream over: a new epoch, which fences every earlier writer.</summary>
internal sealed class StreamOpening(string stream) : StoreWrite(0)
{
    public LogOpening Result { get; private set; }

    protected override Exception? TryApply(WriteSession session)
    {
        var position = session.Find(stream) ?? session.Create(stream);
        position.Epoch = session.NextEpoch();
        session.Connection.Run("UPDATE stream SET epoch = $0 WHERE id = $1", position.Epoch, position.Id);
        Result = new(position.Epoch, position.LastSequence, position.SnapshotSequence);
        return null;
    }
}

/// <summary>Appends one batch, if its writer still owns the stream and it continues it.</summary>
internal sealed class BatchAppend(LogBatch batch) : StoreWrite(batch.Content.Length)
{
    protected override Exception? TryApply(WriteSession session)
    {
        var position = session.Find(batch.Stream);
        if (Fence.Refusal(batch.Stream, batch.Epoch, position) is { } fenced)
            return fenced;
        if (batch.FirstSequence != position!.LastSequence + 1)
            return new FencedException($"A batch of '{batch.Stream}' begins at record {batch.FirstSequence}; the stream goes on at {position.LastSequence + 1}.");
        long id = StoreSchema.BatchId(position.Id, batch.FirstSequence);
        session.Connection.Run(
            "INSERT INTO batch(id, record_count, epoch, checksum, content) VALUES($0, $1, $2, $3, $4)",
            id, batch.RecordCount, batch.Epoch, BlobChecksum.Of(id, batch.RecordCount, batch.Epoch, batch.Content.Span), batch.Content);
        position.LastSequence = batch.LastSequence;
        return null;
    }
}

/// <summary>Checks the writer and reserves the id under which a snapshot's chunks are written.</summary>
internal sealed class SnapshotStart(string stream, long epoch) : StoreWrite(0)
{
    public long Snapshot { get; private set; }

    protected override Exception? TryApply(WriteSession session)
    {
        var position = session.Find(stream);
        if (Fence.Refusal(stream, epoch, position) is { } fenced)
            return fenced;
        Snapshot = session.NextSnapshot();
        return null;
    }
}

/// <summary>Writes one chunk. Nothing refers to it until the swap, so a crash leaves only chunks that the next start clears away.</summary>
internal sealed class SnapshotChunk(long snapshot, int index, ReadOnlyMemory<byte> content) : StoreWrite(content.Length)
{
    /// <summary>Small enough that many shards may write snapshots at once; a power of two, as pooled arrays are.</summary>
    public const int BytesMax = 256 << 10;

    public override bool IsBulk => true;

    protected override Exception? TryApply(WriteSession session)
    {
        long id = StoreSchema.ChunkId(snapshot, index);
        session.Connection.Run(
            "INSERT INTO snapshot_chunk(id, checksum, content) VALUES($0, $1, $2)",
            id, BlobChecksum.Of(id, content.Length, 0, content.Span), content);
        return null;
    }
}

/// <summary>Puts a written snapshot in place of the one before, with the batches that it covers where asked.</summary>
internal sealed class SnapshotSwap(string stream, long epoch, long throughSequence, long snapshot, int bytes, bool compact) : StoreWrite(0)
{
    protected override Exception? TryApply(WriteSession session)
    {
        var position = session.Find(stream);
        if (Fence.Refusal(stream, epoch, position) is { } fenced)
            return fenced;
        session.Connection.Run(
            "UPDATE stream SET snapshot = $0, snapshot_sequence = $1, snapshot_bytes = $2 WHERE id = $3",
            snapshot, throughSequence, bytes, position!.Id);
        SnapshotDrop.Chunks(session, position.Snapshot);
        if (compact)
        {
            // A batch that reaches past the snapshot stays whole.
            session.Connection.Run(
                "DELETE FROM batch WHERE id BETWEEN $0 AND $1 AND (id - $0) + record_count - 1 <= $2",
                StoreSchema.BatchId(position.Id, 0), StoreSchema.BatchId(position.Id, throughSequence), throughSequence);
        }
        position.Snapshot = snapshot;
        position.SnapshotSequence = throughSequence;
        position.LastSequence = Math.Max(position.LastSequence, throughSequence);
        return null;
    }
}

/// <summary>Clears away the chunks of a snapshot that will not be swapped in.</summary>
internal sealed class SnapshotDrop(long snapshot) : StoreWrite(0)
{
    public static void Chunks(WriteSession session, long snapshot)
    {
        if (snapshot != 0)
            session.Connection.Run("DELETE FROM snapshot_chunk WHERE id BETWEEN $0 AND $1", StoreSchema.ChunkId(snapshot, 0), StoreSchema.ChunkId(snapshot + 1, -1));
    }

    protected override Exception? TryApply(WriteSession session)
    {
        Chunks(session, snapshot);
        return null;
    }
}

/// <summary>Deletes a stream with its batches and its snapshot.</summary>
internal sealed class StreamDeletion(string stream) : StoreWrite(0)
{
    protected override Exception? TryApply(WriteSession session)
    {
        if (session.Find(stream) is not { } position)
            return null;
        SnapshotDrop.Chunks(session, position.Snapshot);
        session.Connection.Run("DELETE FROM batch WHERE id BETWEEN $0 AND $1", StoreSchema.BatchId(position.Id, 0), StoreSchema.BatchId(position.Id + 1, -1));
        session.Connection.Run("DELETE FROM stream WHERE id = $0", position.Id);
        session.Forget(stream);
        return null;
    }
}

/// <summary>Whether a writer still owns its stream.</summary>
internal static class Fence
{
    public static FencedException? Refusal(string stream, long epoch, StreamPosition? position)
    {
        if (position is null)
            return new($"Stream '{stream}' is not open for writing.");
        return epoch == position.Epoch ? null : new($"Epoch {epoch} of '{stream}' is fenced off; the stream is at epoch {position.Epoch}.");
    }
}
