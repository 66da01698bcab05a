using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using OrleansRec.Contracts;

namespace OrleansRec.Azure;

/// <summary>Logs as append blobs in rolling segments, snapshots as block blobs, in one container that several silos share. The fence is in the service: see <see cref="AzureStream"/>.</summary>
/// <remarks>Where a stream was not opened by this process, it is read from the service each time; a segment is read whole.</remarks>
public sealed class AzureLogStore : ILogStore, IDisposable
{
    private const string EpochBlob = "!epoch";

    private readonly AzureBlobs blobs;
    private readonly AzureLogOptions options;
    private readonly ConcurrentDictionary<string, AzureStream> open = new(StringComparer.Ordinal);

    /// <summary>Uses a container that exists.</summary>
    public AzureLogStore(BlobContainerClient container, AzureLogOptions? options = null)
    {
        this.options = options ?? new();
        blobs = new(container, this.options);
    }

    /// <inheritdoc/>
    public async Task<LogOpening> Open(string stream, CancellationToken cancellation = default)
    {
        AzureStream taken;
        do
            taken = new(stream, await NextEpoch(cancellation).ConfigureAwait(false), blobs, options);
        while (!await taken.TakeOver(cancellation).ConfigureAwait(false));
        // Of two that open at once in this process, the later one stays, whichever comes here last.
        open.AddOrUpdate(stream, taken, (_, other) => other.Epoch > taken.Epoch ? other : taken);
        return taken.Opening;
    }

    /// <inheritdoc/>
    public Task Append(LogBatch batch, CancellationToken cancellation = default)
    {
        batch.Check();
        return Owned(batch.Stream, batch.Epoch, stream => stream.Append(batch, CancellationToken.None));
    }

    /// <inheritdoc/>
    public Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default) => Owned(stream, epoch, owned => owned.CheckOwner(cancellation));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default)
    {
        var segments = (await blobs.List(Segment.Prefix(stream), cancellation).ConfigureAwait(false)).Select(Segment.Parse).ToList();
        // Segments go whole; what a snapshot has covered in one that stays is not shown.
        if (await FindSnapshot(stream, cancellation).ConfigureAwait(false) is { IsCompacting: true } covering)
            afterSequence = Math.Max(afterSequence, covering.ThroughSequence);
        var read = new List<LogBatch>();
        long bytes = 0;
        for (int i = 0; i < segments.Count && (read.Count == 0 || bytes < bytesMax); i++)
        {
            bool endsBefore = i + 1 < segments.Count && segments[i + 1].FirstSequence <= afterSequence + 1;
            if (endsBefore || await blobs.Read(segments[i].Name, cancellation).ConfigureAwait(false) is not { } segment)
                continue;
            foreach (LogBatch batch in SegmentReader.Batches(stream, segments[i], segment.Bytes))
            {
                if (batch.LastSequence <= afterSequence)
                    continue;
                if (read.Count > 0 && bytes >= bytesMax)
                    break;
                read.Add(batch);
                bytes += batch.Content.Length;
            }
        }
        return read;
    }

    /// <inheritdoc/>
    public async Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default)
    {
        await using var snapshot = await BeginSnapshot(stream, epoch, cancellation).ConfigureAwait(false);
        await snapshot.Write(content, cancellation).ConfigureAwait(false);
        await snapshot.Complete(throughSequence, compact, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ISnapshotWriter> BeginSnapshot(string stream, long epoch, CancellationToken cancellation = default)
    {
        AzureStream? owned = null;
        await Owned(stream, epoch, found =>
        {
            owned = found;
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        string name = string.Create(CultureInfo.InvariantCulture, $"{Segment.SnapshotPrefix(stream)}{epoch:D18}-{Guid.NewGuid():N}");
        return new AzureSnapshotPieces(owned!, blobs, name, options.BlockBytesMax);
    }

    /// <inheritdoc/>
    public async Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default)
    {
        // A snapshot that is replaced between the two reads is looked for again.
        for (int attempt = 0; attempt < options.TakeOverAttemptsMax; attempt++)
        {
            if (await FindSnapshot(stream, cancellation).ConfigureAwait(false) is not { } named)
                return null;
            if (await blobs.Read(named.Name, cancellation).ConfigureAwait(false) is { } read)
                return Checked(stream, named, read.Bytes);
        }
        throw new CorruptStoreException($"The snapshot of stream '{stream}' is missing.");
    }

    /// <inheritdoc/>
    public async Task Delete(string stream, CancellationToken cancellation = default)
    {
        open.TryRemove(stream, out _);
        foreach (string prefix in new[] { Segment.Prefix(stream), Segment.SnapshotPrefix(stream) })
            foreach (string name in await blobs.List(prefix, cancellation).ConfigureAwait(false))
                await blobs.Delete(name, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => blobs.Dispose();

    private static LogSnapshot Checked(string stream, SnapshotBlob named, byte[] bytes)
    {
        int length = bytes.Length - AzureSnapshotPieces.ChecksumBytes;
        if (length != named.Bytes || ~LogFrame.Crc(uint.MaxValue, bytes.AsSpan(0, length)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(length)))
            throw new CorruptStoreException($"The snapshot of stream '{stream}' through record {named.ThroughSequence} does not match its checksum.");
        return new(named.ThroughSequence, bytes.AsMemory(0, length));
    }

    private async Task<SnapshotBlob?> FindSnapshot(string stream, CancellationToken cancellation)
    {
        var names = await blobs.List(Segment.Prefix(stream), cancellation).ConfigureAwait(false);
        for (int i = names.Count - 1; i >= 0; i--)
        {
            var segment = Segment.Parse(names[i]);
            if (await blobs.Read(segment.Name, cancellation).ConfigureAwait(false) is not { } read)
                continue;
            var frames = SegmentReader.Frames(stream, segment, read.Bytes);
            if (frames.LastOrDefault(frame => frame.Kind == FrameKind.Snapshot) is { } found)
                return found.NamedSnapshot;
            // One that has begun would have named it.
            if (frames.Count > 0)
                return null;
        }
        return null;
    }

    private Task Owned(string stream, long epoch, Func<AzureStream, Task> work)
    {
        if (!open.TryGetValue(stream, out var owned))
            return Task.FromException(new FencedException($"Stream '{stream}' is not open for writing."));
        return owned.Epoch == epoch ? work(owned)
            : Task.FromException(new FencedException($"Epoch {epoch} of '{stream}' is fenced off; the stream is at epoch {owned.Epoch}."));
    }

    /// <summary>One counter for all streams, so that a stream deleted and made again never repeats an epoch.</summary>
    private async Task<long> NextEpoch(CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < options.TakeOverAttemptsMax; attempt++)
        {
            var read = await blobs.Read(EpochBlob, cancellation).ConfigureAwait(false);
            long next = (read is null ? 0 : BinaryPrimitives.ReadInt64LittleEndian(read.Bytes)) + 1;
            byte[] content = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(content, next);
            var conditions = read is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = read.Tag };
            try
            {
                await blobs.Call(() => blobs.Block(EpochBlob).UploadAsync(new MemoryStream(content), new BlobUploadOptions { Conditions = conditions }, cancellation), cancellation).ConfigureAwait(false);
                return next;
            }
            catch (RequestFailedException e) when (AzureBlobs.IsCondition(e))
            {
                // Another writer has drawn it.
            }
        }
        throw new StoreUnavailableException($"No epoch could be drawn in {options.TakeOverAttemptsMax} attempts: other writers came between.");
    }
}
