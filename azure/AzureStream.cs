using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using OrleansRec.Contracts;

namespace OrleansRec.Azure;

/// <summary>
/// One stream as its writer has it: which segment it appends to, and that segment's tag. Every block is appended on the condition that the tag is still this
/// one, so a block of anybody else, such as the next writer's take-over, ends this writer for good. No lease has to be held or run out.
/// </summary>
internal sealed class AzureStream(string name, long epoch, AzureBlobs blobs, AzureLogOptions options)
{
    private readonly SemaphoreSlim turn = new(1);
    private Segment segment;
    private long position, lastSequence;
    private ETag tag;
    private int blocks;
    private bool isEnded, isOvertaken;
    private SnapshotBlob? snapshot;
    private Exception? lost;

    public long Epoch => epoch;

    public LogOpening Opening => new(epoch, lastSequence, snapshot?.ThroughSequence ?? 0);

    /// <summary>Puts this writer's mark at the end of the log, wherever that is by then. False where a later epoch is there already: then this one may not come after it.</summary>
    public async Task<bool> TakeOver(CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < options.TakeOverAttemptsMax; attempt++)
        {
            var names = await blobs.List(Segment.Prefix(name), cancellation).ConfigureAwait(false);
            isOvertaken = false;
            bool isAtEnd = names.Count == 0
                ? await TryBegin(1, cancellation).ConfigureAwait(false)
                : await GoTo(names, cancellation).ConfigureAwait(false)
                    && !isOvertaken && (isEnded ? await TryBegin(segment.Number + 1, cancellation).ConfigureAwait(false) : await MarkEnd(cancellation).ConfigureAwait(false));
            if (isAtEnd || isOvertaken)
                return isAtEnd;
        }
        throw new StoreUnavailableException($"Stream '{name}' could not be taken over in {options.TakeOverAttemptsMax} attempts: other writers came between.");
    }

    public Task Append(LogBatch batch, CancellationToken cancellation) => InTurn(async () =>
    {
        if (batch.FirstSequence != lastSequence + 1)
            throw new FencedException($"A batch of '{name}' begins at record {batch.FirstSequence}; the stream goes on at {lastSequence + 1}.");
        if (position + batch.Content.Length > options.SegmentBytesMax && position > 0 || blocks + 1 + batch.Content.Length / options.BlockBytesMax >= options.SegmentBlocksMax)
            await Roll(cancellation).ConfigureAwait(false);
        int part = options.BlockBytesMax - LogFrame.HeaderBytes;
        for (int at = 0; at == 0 || at < batch.Content.Length; at += part)
        {
            bool isLast = at + part >= batch.Content.Length;
            await Must(new LogFrame(
                FrameKind.Batch, epoch, batch.FirstSequence, batch.RecordCount, isLast, batch.Content.Slice(at, Math.Min(part, batch.Content.Length - at))), cancellation).ConfigureAwait(false);
        }
        lastSequence = batch.LastSequence;
    });

    /// <summary>The log's end is where this writer left it: nobody has come after.</summary>
    public Task CheckOwner(CancellationToken cancellation) => InTurn(async () =>
    {
        ETag present = default;
        try
        {
            present = await blobs.Call(async () => (await blobs.Log(segment.Name).GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false)).Value.ETag, cancellation).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (AzureBlobs.IsCondition(e))
        {
            // The segment is gone, and with it the stream.
        }
        if (present != tag)
            throw Lose(Fenced());
    });

    /// <summary>Makes a written blob the stream's snapshot.</summary>
    public Task Swap(SnapshotBlob next, bool compact, CancellationToken cancellation) => InTurn(async () =>
    {
        SnapshotBlob? before = snapshot;
        await Must(LogFrame.Snapshot(epoch, next = next with { IsCompacting = compact }), cancellation).ConfigureAwait(false);
        (snapshot, lastSequence) = (next, Math.Max(lastSequence, next.ThroughSequence));
        if (before is not null)
            await blobs.Delete(before.Name, cancellation).ConfigureAwait(false);
        if (!compact)
            return;
        // Segments go whole, so the log goes on in a new one, which begins by naming the snapshot.
        await Roll(cancellation).ConfigureAwait(false);
        var segments = (await blobs.List(Segment.Prefix(name), cancellation).ConfigureAwait(false)).Select(Segment.Parse).ToList();
        for (int i = 0; i + 1 < segments.Count && segments[i + 1].FirstSequence <= next.ThroughSequence + 1; i++)
            await blobs.Delete(segments[i].Name, cancellation).ConfigureAwait(false);
    });

    private async Task InTurn(Func<Task> work)
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (lost is not null)
                throw lost;
            await work().ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            // Whether the last block came through is not known: the next take-over looks.
            throw Lose(e);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Stands at the end of the last segment; false where it is gone meanwhile.</summary>
    private async Task<bool> GoTo(List<string> names, CancellationToken cancellation)
    {
        Segment last = Segment.Parse(names[^1]);
        if (await blobs.Read(last.Name, cancellation).ConfigureAwait(false) is not { } read)
            return false;
        segment = last;
        int frames = Stand(read.Bytes, read.Tag);
        // A segment begins by naming the snapshot, but one whose maker came no further: then the one before says it.
        if (frames == 0 && names.Count > 1)
        {
            Segment before = Segment.Parse(names[^2]);
            if (await blobs.Read(before.Name, cancellation).ConfigureAwait(false) is not { } earlier)
                return false;
            var said = SegmentReader.Frames(name, before, earlier.Bytes);
            snapshot = said.LastOrDefault(frame => frame.Kind == FrameKind.Snapshot)?.NamedSnapshot;
            isOvertaken = said.Any(frame => frame.Epoch > epoch);
        }
        lastSequence = Math.Max(lastSequence, snapshot?.ThroughSequence ?? 0);
        return true;
    }

    /// <summary>
    /// Puts the mark at the end, whatever comes there meanwhile: a writer that appends as fast as it can does not keep others from taking over. What is
    /// before the mark is settled then, and read. False where the segment had ended: the log goes on elsewhere.
    /// </summary>
    private async Task<bool> MarkEnd(CancellationToken cancellation)
    {
        if (position == 0)
            return await TryAppend(Mark(), cancellation).ConfigureAwait(false);
        byte[] block = Mark().Encode();
        BlobAppendInfo put;
        try
        {
            put = await blobs.Call(async () => (await blobs.Log(segment.Name).AppendBlockAsync(new MemoryStream(block), cancellationToken: cancellation).ConfigureAwait(false)).Value, cancellation).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (AzureBlobs.IsCondition(e))
        {
            return false;
        }
        if (await blobs.Read(segment.Name, cancellation).ConfigureAwait(false) is not { } read)
            return false;
        long end = long.Parse(put.BlobAppendOffset, System.Globalization.CultureInfo.InvariantCulture) + block.Length;
        Stand(read.Bytes.AsSpan(0, (int)end).ToArray(), put.ETag);
        return !isEnded && !isOvertaken;
    }

    /// <summary>Where this writer stands at the end of these bytes of its segment; answers how many blocks they are.</summary>
    private int Stand(byte[] bytes, ETag tagThere)
    {
        (position, tag, lastSequence) = (bytes.Length, tagThere, segment.FirstSequence - 1);
        var frames = SegmentReader.Frames(name, segment, bytes);
        (blocks, isEnded, isOvertaken) = (frames.Count, frames.Any(frame => frame.Kind == FrameKind.End), frames.Any(frame => frame.Epoch > epoch));
        foreach (LogBatch batch in SegmentReader.Batches(name, segment, bytes))
            lastSequence = Math.Max(lastSequence, batch.LastSequence);
        snapshot = frames.LastOrDefault(frame => frame.Kind == FrameKind.Snapshot)?.NamedSnapshot;
        lastSequence = Math.Max(lastSequence, snapshot?.ThroughSequence ?? 0);
        return frames.Count;
    }

    private async Task Roll(CancellationToken cancellation)
    {
        await Must(new LogFrame(FrameKind.End, epoch, lastSequence, 0, true, default), cancellation).ConfigureAwait(false);
        if (!await TryBegin(segment.Number + 1, cancellation).ConfigureAwait(false))
            throw Lose(Fenced());
    }

    /// <summary>Makes a segment, which begins with this writer's mark; false where somebody else has made it.</summary>
    private async Task<bool> TryBegin(long number, CancellationToken cancellation)
    {
        var next = Segment.Of(name, number, lastSequence + 1);
        try
        {
            // By its number alone, so that two who find the same end cannot both go on.
            tag = await blobs.Call(async () => (await blobs.Log(next.Name).CreateAsync(
                new AppendBlobCreateOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancellation).ConfigureAwait(false)).Value.ETag, cancellation).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (AzureBlobs.IsCondition(e))
        {
            return false;
        }
        (segment, position, blocks, isEnded) = (next, 0, 0, false);
        return await TryAppend(Mark(), cancellation).ConfigureAwait(false);
    }

    /// <summary>The mark of a writer; at the beginning of a segment it names the snapshot, where there is one.</summary>
    private LogFrame Mark() => position == 0 && snapshot is not null ? LogFrame.Snapshot(epoch, snapshot) : new(FrameKind.TakeOver, epoch, lastSequence, 0, true, default);

    private async Task Must(LogFrame frame, CancellationToken cancellation)
    {
        if (!await TryAppend(frame, cancellation).ConfigureAwait(false))
            throw Lose(Fenced());
    }

    private async Task<bool> TryAppend(LogFrame frame, CancellationToken cancellation)
    {
        byte[] block = frame.Encode();
        try
        {
            tag = await blobs.Call(async () => (await blobs.Log(segment.Name).AppendBlockAsync(
                new MemoryStream(block), new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfMatch = tag } }, cancellation).ConfigureAwait(false)).Value.ETag,
                cancellation).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (AzureBlobs.IsCondition(e))
        {
            // The client sends again what was not answered: then the block that is in the way is this very one, and the last.
            if (AzureBlobs.IsMissing(e) || await blobs.Read(segment.Name, cancellation).ConfigureAwait(false) is not { } read
                || read.Bytes.Length != position + block.Length || !read.Bytes.AsSpan((int)position).SequenceEqual(block))
                return false;
            tag = read.Tag;
        }
        position += block.Length;
        blocks++;
        return true;
    }

    private Exception Lose(Exception reason) => lost ??= reason;

    private FencedException Fenced() => new($"Epoch {epoch} of '{name}' is fenced off; another writer has the stream.");
}
