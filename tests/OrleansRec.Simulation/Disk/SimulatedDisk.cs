using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>What all silos write to: logs and snapshots under the rules of <see cref="ILogStore"/>, and whoever watches sees every write as it becomes durable.</summary>
internal sealed class SimulatedDisk
{
    private readonly SortedDictionary<string, LogStream> _streams = new(StringComparer.Ordinal);

    // One for all streams, so that a stream deleted and made again never repeats an epoch.
    private long _lastEpoch;

    /// <summary>Called with every batch that has become durable.</summary>
    public Action<LogBatch> Appended { get; set; } = _ => { };

    /// <summary>Called with every snapshot that has become durable.</summary>
    public Action<string, LogSnapshot> Snapshotted { get; set; } = (_, _) => { };

    /// <summary>Whether a writer that was fenced off, or does not go on where the log ends, is refused. A storage that forgets this is one of the planted bugs.</summary>
    public bool FencesEpochs { get; set; } = true;

    /// <summary>Streams that hold something, in order.</summary>
    public IEnumerable<string> Streams => _streams.Where(s => s.Value.Snapshot is not null || s.Value.Batches.Count > 0).Select(s => s.Key);

    /// <summary>The silo that opened a stream last, which is the one that may write; null where none has.</summary>
    public SimulatedSilo? OwnerOf(string stream) => _streams.TryGetValue(stream, out var log) ? log.Owner : null;

    /// <summary>When it was opened last.</summary>
    public DateTimeOffset OwnedSince(string stream) => _streams.TryGetValue(stream, out var log) ? log.OwnedSince : default;

    public LogOpening Open(string stream, SimulatedSilo silo, DateTimeOffset now)
    {
        var log = StreamOf(stream);
        (log.Owner, log.OwnedSince) = (silo, now);
        // Whatever the last writer left half written fails its checksum and is no part of the log.
        log.TornBytes = 0;
        log.Epoch = ++_lastEpoch;
        return new(log.Epoch, log.LastSequence, log.Snapshot?.ThroughSequence ?? 0);
    }

    public void Append(LogBatch batch)
    {
        var log = StreamOf(batch.Stream);
        if (FencesEpochs && batch.Epoch != log.Epoch)
            throw new FencedException($"Stream {batch.Stream} is at epoch {log.Epoch}; the batch has epoch {batch.Epoch}.");
        if (FencesEpochs && (batch.FirstSequence != log.LastSequence + 1 || batch.RecordCount < 1))
            throw new FencedException(
                $"Stream {batch.Stream} ends at record {log.LastSequence}; the batch begins at {batch.FirstSequence} with {batch.RecordCount} records.");
        log.Batches.Add(batch with { Content = batch.Content.ToArray() });
        log.LastSequence = Math.Max(log.LastSequence, batch.LastSequence);
        Appended(batch);
    }

    public void CheckOwner(string stream, long epoch)
    {
        if (epoch != StreamOf(stream).Epoch)
            throw new FencedException($"Stream {stream} is at epoch {StreamOf(stream).Epoch}; the writer has epoch {epoch}.");
    }

    /// <summary>A part of a batch reaches the disk, and no more.</summary>
    public void Tear(LogBatch batch) => StreamOf(batch.Stream).TornBytes = batch.Content.Length / 2;

    public IReadOnlyList<LogBatch> Read(string stream, long afterSequence, int bytesMax, bool missesLast)
    {
        var read = new List<LogBatch>();
        long bytes = 0;
        var batches = StreamOf(stream).Batches;
        foreach (var batch in missesLast && batches.Count > 0 ? batches[..^1] : batches)
        {
            if (batch.LastSequence <= afterSequence)
                continue;
            if (read.Count > 0 && bytes + batch.Content.Length > bytesMax)
                break;
            read.Add(batch);
            bytes += batch.Content.Length;
        }
        return read;
    }

    public void WriteSnapshot(string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact)
    {
        var log = StreamOf(stream);
        if (epoch != log.Epoch)
            throw new FencedException($"Stream {stream} is at epoch {log.Epoch}; the snapshot has epoch {epoch}.");
        log.Earlier = log.Snapshot;
        log.Snapshot = new(throughSequence, content.ToArray());
        log.LastSequence = Math.Max(log.LastSequence, throughSequence);
        if (compact)
            log.Batches.RemoveAll(batch => batch.LastSequence <= throughSequence);
        Snapshotted(stream, log.Snapshot);
    }

    /// <remarks>
    /// A reader that has opened the stream can tell an older snapshot by its number, where that is another. Of two with the same number (an item shard's
    /// with the same catalogue; none at all counts as 0) the older is never read: a store that does that breaks its contract, and nobody would notice in time.
    /// </remarks>
    public LogSnapshot? ReadSnapshot(string stream, bool missesLast = false) =>
        !_streams.TryGetValue(stream, out var log) ? null
        : missesLast && (log.Earlier?.ThroughSequence ?? 0) != (log.Snapshot?.ThroughSequence ?? 0) ? log.Earlier
        : log.Snapshot;

    public void Delete(string stream) => _streams.Remove(stream);

    private LogStream StreamOf(string name)
    {
        if (!_streams.TryGetValue(name, out var stream))
            _streams.Add(name, stream = new());
        return stream;
    }

    private sealed class LogStream
    {
        public readonly List<LogBatch> Batches = [];
        public LogSnapshot? Snapshot;
        public LogSnapshot? Earlier;
        public SimulatedSilo? Owner;
        public DateTimeOffset OwnedSince;
        public long Epoch;
        public long LastSequence;
        public int TornBytes;
    }
}
