using OrleansRec.Contracts;

namespace OrleansRec.Grains.Hosting;

/// <summary>Logs and snapshots in memory, under the same rules of epochs and sequence as a durable store. It outlives the engines that use it.</summary>
public sealed class MemoryLogStore : ILogStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LogStream> streams = new(StringComparer.Ordinal);

    // One for all streams, so that a stream deleted and made again never repeats an epoch.
    private long lastEpoch;

    public Task<LogOpening> Open(string stream, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            LogStream log = StreamOf(stream);
            log.Epoch = ++lastEpoch;
            return Task.FromResult(new LogOpening(log.Epoch, log.LastSequence, log.Snapshot?.ThroughSequence ?? 0));
        }
    }

    public Task Append(LogBatch batch, CancellationToken cancellation = default)
    {
        batch.Check();
        lock (gate)
        {
            LogStream log = StreamOf(batch.Stream);
            if (batch.Epoch != log.Epoch)
                return Task.FromException(new FencedException($"Stream {batch.Stream} is at epoch {log.Epoch}; the batch has epoch {batch.Epoch}."));
            if (batch.FirstSequence != log.LastSequence + 1 || batch.RecordCount < 1)
                return Task.FromException(new FencedException(
                    $"Stream {batch.Stream} ends at record {log.LastSequence}; the batch begins at {batch.FirstSequence} with {batch.RecordCount} records."));
            log.Batches.Add(batch with { Content = batch.Content.ToArray() });
            log.LastSequence = batch.LastSequence;
            return Task.CompletedTask;
        }
    }

    public Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default)
    {
        lock (gate)
            return epoch == StreamOf(stream).Epoch ? Task.CompletedTask
                : Task.FromException(new FencedException($"Stream {stream} is at epoch {StreamOf(stream).Epoch}; the writer has epoch {epoch}."));
    }

    public Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            var read = new List<LogBatch>();
            long bytes = 0;
            foreach (LogBatch batch in StreamOf(stream).Batches)
            {
                if (batch.LastSequence <= afterSequence)
                    continue;
                if (read.Count > 0 && bytes + batch.Content.Length > bytesMax)
                    break;
                read.Add(batch);
                bytes += batch.Content.Length;
            }
            return Task.FromResult<IReadOnlyList<LogBatch>>(read);
        }
    }

    public Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            LogStream log = StreamOf(stream);
            if (epoch != log.Epoch)
                return Task.FromException(new FencedException($"Stream {stream} is at epoch {log.Epoch}; the snapshot has epoch {epoch}."));
            log.Snapshot = new(throughSequence, content.ToArray());
            log.LastSequence = Math.Max(log.LastSequence, throughSequence);
            if (compact)
                log.Batches.RemoveAll(batch => batch.LastSequence <= throughSequence);
            return Task.CompletedTask;
        }
    }

    public Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default)
    {
        lock (gate)
            return Task.FromResult(StreamOf(stream).Snapshot);
    }

    public Task Delete(string stream, CancellationToken cancellation = default)
    {
        lock (gate)
            streams.Remove(stream);
        return Task.CompletedTask;
    }

    private LogStream StreamOf(string name)
    {
        if (!streams.TryGetValue(name, out LogStream? stream))
            streams.Add(name, stream = new());
        return stream;
    }

    private sealed class LogStream
    {
        public readonly List<LogBatch> Batches = [];
        public LogSnapshot? Snapshot;
        public long Epoch;
        public long LastSequence;
    }
}
