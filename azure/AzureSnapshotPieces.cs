using System.Buffers.Binary;
using OrleansRec.Contracts;

namespace OrleansRec.Azure;

/// <summary>Writes a snapshot as staged blocks of a block blob; they become a blob at the end, and the stream's snapshot when the log names it.</summary>
/// <remarks>The blob ends with a CRC-32C of what is before it: 4 bytes.</remarks>
internal sealed class AzureSnapshotPieces(AzureStream stream, AzureBlobs blobs, string name, int blockBytesMax) : ISnapshotWriter
{
    public const int ChecksumBytes = 4;

    private readonly List<string> blocks = [];
    private readonly byte[] block = new byte[blockBytesMax & ~7];
    private int length;
    private long bytes;
    private uint crc = uint.MaxValue;
    private bool isCompleted;

    public async Task Write(ReadOnlyMemory<byte> piece, CancellationToken cancellation = default)
    {
        while (!piece.IsEmpty)
        {
            int count = Math.Min(piece.Length, block.Length - length);
            piece[..count].CopyTo(block.AsMemory(length));
            length += count;
            piece = piece[count..];
            if (length == block.Length)
                await Flush(cancellation).ConfigureAwait(false);
        }
    }

    public async Task Complete(long throughSequence, bool compact, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(throughSequence);
        if (length > 0)
            await Flush(cancellation).ConfigureAwait(false);
        byte[] checksum = new byte[ChecksumBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, ~crc);
        await Stage(checksum, cancellation).ConfigureAwait(false);
        await blobs.Call(() => blobs.Block(name).CommitBlockListAsync(blocks, cancellationToken: cancellation), cancellation).ConfigureAwait(false);
        await stream.Swap(new(name, throughSequence, bytes), compact, cancellation).ConfigureAwait(false);
        isCompleted = true;
    }

    /// <summary>Staged blocks that no blob was made of the service lets go by itself after a week.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isCompleted)
            return;
        try
        {
            await blobs.Delete(name, default).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
        }
    }

    private async Task Flush(CancellationToken cancellation)
    {
        // Blocks end on a word's border, but for the last, so that their sums chain to that of the whole.
        crc = LogFrame.Crc(crc, block.AsSpan(0, length));
        await Stage(block.AsMemory(0, length), cancellation).ConfigureAwait(false);
        bytes += length;
        length = 0;
    }

    private async Task Stage(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        string id = Convert.ToBase64String(BitConverter.GetBytes(blocks.Count));
        await blobs.Call(() => blobs.Block(name).StageBlockAsync(id, new MemoryStream(content.ToArray()), cancellationToken: cancellation), cancellation).ConfigureAwait(false);
        blocks.Add(id);
    }
}
