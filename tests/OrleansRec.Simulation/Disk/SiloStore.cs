using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>The disk as one silo sees it.</summary>
internal sealed class SiloStore(SimulatedDisk disk, StorageAccess access) : ILogStore
{
    public async Task<LogOpening> Open(string stream, CancellationToken cancellation = default) => (LogOpening)(await Write(
        $"opens {stream}", new(stream, async store => await store.Open(stream).ConfigureAwait(false), () => access.Open(stream))))!;

    public Task Append(LogBatch batch, CancellationToken cancellation = default) => Write(
        $"appends {batch.FirstSequence}-{batch.LastSequence} to {batch.Stream} at epoch {batch.Epoch}",
        DiskWrite.Of(batch.Stream, store => store.Append(batch), () => disk.Append(batch)));

    public Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default) => access.Read($"asks who owns {stream}", _ =>
    {
        disk.CheckOwner(stream, epoch);
        return true;
    });

    public Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default) =>
        access.Read($"reads {stream} after {afterSequence}", isStale => disk.Read(stream, afterSequence, bytesMax, isStale));

    public Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default) => Write(
        $"writes the snapshot of {stream} through {throughSequence}", DiskWrite.Of(
            stream, store => store.WriteSnapshot(stream, epoch, throughSequence, content, compact), () => disk.WriteSnapshot(stream, epoch, throughSequence, content, compact)));

    public Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) =>
        access.Read($"reads the snapshot of {stream}", isStale => disk.ReadSnapshot(stream, isStale));

    public Task Delete(string stream, CancellationToken cancellation = default) =>
        Write($"deletes {stream}", DiskWrite.Of(stream, store => store.Delete(stream), () => disk.Delete(stream)));

    private Task<object?> Write(string what, DiskWrite write) => access.Write(what, () => Task.FromResult(disk.Do(write)), () => disk.Tear(write));
}
