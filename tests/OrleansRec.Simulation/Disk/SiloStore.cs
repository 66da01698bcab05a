using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>The disk as one silo sees it.</summary>
internal sealed class SiloStore(SimulatedDisk disk, StorageAccess access) : ILogStore
{
    public Task<LogOpening> Open(string stream, CancellationToken cancellation = default) =>
        access.Write($"opens {stream}", () => Task.FromResult(access.Open(stream)));

    public Task Append(LogBatch batch, CancellationToken cancellation = default) => access.Write(
        $"appends {batch.FirstSequence}-{batch.LastSequence} to {batch.Stream} at epoch {batch.Epoch}",
        () => Done(() => disk.Append(batch)), () => disk.Tear(batch));

    public Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default) => access.Read($"asks who owns {stream}", _ =>
    {
        disk.CheckOwner(stream, epoch);
        return true;
    });

    public Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default) =>
        access.Read($"reads {stream} after {afterSequence}", isStale => disk.Read(stream, afterSequence, bytesMax, isStale));

    public Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default) =>
        access.Write($"writes the snapshot of {stream} through {throughSequence}", () => Done(() => disk.WriteSnapshot(stream, epoch, throughSequence, content, compact)));

    public Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) =>
        access.Read($"reads the snapshot of {stream}", isStale => disk.ReadSnapshot(stream, isStale));

    public Task Delete(string stream, CancellationToken cancellation = default) => access.Write($"deletes {stream}", () => Done(() => disk.Delete(stream)));

    private static Task<bool> Done(Action write)
    {
        write();
        return Task.FromResult(true);
    }
}
