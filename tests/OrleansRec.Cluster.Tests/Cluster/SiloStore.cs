using OrleansRec.Contracts;

namespace OrleansRec.Cluster.Tests.Cluster;

/// <summary>What one silo sees of the shared log, while it lives.</summary>
public sealed class SiloStore(ILogStore inner, SiloLife life) : ILogStore
{
    public Task<LogOpening> Open(string stream, CancellationToken cancellation = default) => life.While(() => inner.Open(stream, cancellation));

    public Task Append(LogBatch batch, CancellationToken cancellation = default) => life.While(() => inner.Append(batch, cancellation));

    public Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default) => life.While(() => inner.CheckOwner(stream, epoch, cancellation));

    public Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default) =>
        life.While(() => inner.Read(stream, afterSequence, bytesMax, cancellation));

    public Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default) =>
        life.While(() => inner.WriteSnapshot(stream, epoch, throughSequence, content, compact, cancellation));

    public Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) => life.While(() => inner.ReadSnapshot(stream, cancellation));

    public Task Delete(string stream, CancellationToken cancellation = default) => life.While(() => inner.Delete(stream, cancellation));
}
