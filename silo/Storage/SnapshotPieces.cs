using System.Buffers;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Writes a snapshot as chunks of one size, each in a commit of its own, from one array that is used again and again.</summary>
internal sealed class SnapshotPieces(StoreWriter writer, string stream, long epoch, long snapshot) : ISnapshotWriter
{
    private byte[]? chunk;
    private int length, chunkCount;
    private long bytes;
    private bool isCompleted, mayBeInUse;

    public async Task Write(ReadOnlyMemory<byte> piece, CancellationToken cancellation = default)
    {
        while (!piece.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            // Of exactly the size of a chunk, so that it can be bound without another copy.
            chunk ??= ArrayPool<byte>.Shared.Rent(SnapshotChunk.BytesMax);
            int count = Math.Min(piece.Length, SnapshotChunk.BytesMax - length);
            piece[..count].CopyTo(chunk.AsMemory(length));
            length += count;
            piece = piece[count..];
            if (length == SnapshotChunk.BytesMax)
                await Flush().ConfigureAwait(false);
        }
    }

    public async Task Complete(long throughSequence, bool compact, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(throughSequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(throughSequence, 1L << StoreSchema.SequenceBits);
        cancellation.ThrowIfCancellationRequested();
        if (length > 0)
            await Flush().ConfigureAwait(false);
        if (bytes > int.MaxValue)
            throw new InvalidOperationException($"A snapshot has at most {int.MaxValue} bytes; that of '{stream}' has {bytes}. Use more shards.");
        await writer.Write(new SnapshotSwap(stream, epoch, throughSequence, snapshot, (int)bytes, compact)).ConfigureAwait(false);
        isCompleted = true;
    }

    /// <summary>Where dropping fails too, the next start of the folder clears the chunks away.</summary>
    public async ValueTask DisposeAsync()
    {
        // The writer may still hold an array whose write failed: that one is left to the collector.
        if (chunk is not null && !mayBeInUse)
            ArrayPool<byte>.Shared.Return(chunk);
        chunk = null;
        if (isCompleted || chunkCount == 0)
            return;
        try
        {
            await writer.Write(new SnapshotDrop(snapshot)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreUnavailableException or OverloadedException)
        {
        }
    }

    private async Task Flush()
    {
        mayBeInUse = true;
        await writer.Write(new SnapshotChunk(snapshot, chunkCount++, chunk.AsMemory(0, length))).ConfigureAwait(false);
        mayBeInUse = false;
        bytes += length;
        length = 0;
    }
}
