using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>What all silos write to: logs and snapshots under the rules of <see cref="ILogStore"/>, and whoever watches sees every write as it becomes durable.</summary>
internal class SimulatedDisk : IDisposable
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

    /// <summary>Makes a write durable, or throws why it is refused.</summary>
    public virtual object? Do(DiskWrite write) => write.OnModel();

    /// <summary>The power goes in the middle of a write, and nobody is told whether it became durable. Here it did not: what is half written fails its checksum.</summary>
    public virtual void Tear(DiskWrite write)
    {
    }

    public LogOpening Open(string stream, SimulatedSilo silo, DateTimeOffset now)
    {
        var log = StreamOf(stream);
        (log.Owner, log.OwnedSince) = (silo, now);
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

    public virtual void CheckOwner(string stream, long epoch)
    {
        if (epoch != StreamOf(stream).Epoch)
            throw new FencedException($"Stream {stream} is at epoch {StreamOf(stream).Epoch}; the writer has epoch {epoch}.");
    }


    public virtual IReadOnlyList<LogBatch> Read(string stream, long afterSequence, int bytesMax, bool missesLast)
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
    public virtual LogSnapshot? ReadSnapshot(string stream, bool missesLast = false) =>
        !_streams.TryGetValue(stream, out var log) ? null
        : missesLast && (log.Earlier?.ThroughSequence ?? 0) != (log.Snapshot?.ThroughSequence ?? 0) ? log.Earlier
        : log.Snapshot;

    public void Delete(string stream) => _streams.Remove(stream);

    public virtual void Dispose()
    {
    }

    /// <summary>Everything that is there: of each stream the epoch, the batches and the snapshot.</summary>
    protected IEnumerable<(string Stream, long Epoch, IReadOnlyList<LogBatch> Batches, LogSnapshot? Snapshot)> Everything =>
        _streams.Where(s => s.Value.Epoch > 0).Select(s => (s.Key, s.Value.Epoch, (IReadOnlyList<LogBatch>)s.Value.Batches, s.Value.Snapshot));

    /// <summary>The epoch that the next opening gets.</summary>
    protected long NextEpoch => _lastEpoch + 1;

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
    }
}

/// <summary>A write to a store and to the simple model of it.</summary>
/// <param name="Stream">What is written to.</param>
/// <param name="OnStore">Makes it in a store, and answers what the store answers.</param>
/// <param name="OnModel">Makes it in the model, which answers the same.</param>
internal sealed record DiskWrite(string Stream, Func<ILogStore, Task<object?>> OnStore, Func<object?> OnModel)
{
    /// <summary>A write that is answered with nothing.</summary>
    public static DiskWrite Of(string stream, Func<ILogStore, Task> onStore, Action onModel) => new(
        stream,
        async store =>
        {
            await onStore(store).ConfigureAwait(false);
            return null;
        },
        () =>
        {
            onModel();
            return null;
        });
}
