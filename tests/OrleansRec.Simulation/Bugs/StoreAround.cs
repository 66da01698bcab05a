using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>A log store around another one, for bugs that change one of its answers.</summary>
internal abstract class StoreAround(ILogStore inner) : ILogStore
{
    protected ILogStore Inner { get; } = inner;

    public virtual Task<LogOpening> Open(string stream, CancellationToken cancellation = default) => Inner.Open(stream, cancellation);

    public virtual Task Append(LogBatch batch, CancellationToken cancellation = default) => Inner.Append(batch, cancellation);

    public virtual Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default) => Inner.CheckOwner(stream, epoch, cancellation);

    public virtual Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default) =>
        Inner.Read(stream, afterSequence, bytesMax, cancellation);

    public virtual Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default) =>
        Inner.WriteSnapshot(stream, epoch, throughSequence, content, compact, cancellation);

    public virtual Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) => Inner.ReadSnapshot(stream, cancellation);

    public Task Delete(string stream, CancellationToken cancellation = default) => Inner.Delete(stream, cancellation);

    /// <summary>Whether a stream holds the interactions of a user shard.</summary>
    protected static bool IsUsers(string stream) => stream.Contains("/users/", StringComparison.Ordinal);

    /// <summary>Whether a stream holds the catalogue and the counters of an item shard.</summary>
    protected static bool IsItems(string stream) => stream.Contains("/items/", StringComparison.Ordinal);

    /// <summary>Whether a stream holds the factors of a training after a sweep.</summary>
    protected static bool IsCheckpoint(string stream) => stream.Contains("/checkpoint/", StringComparison.Ordinal);
}
