using System.Buffers;

namespace OrleansRec.Contracts;

/// <summary>A snapshot that is being written in pieces. Used by one caller at a time; disposing before <see cref="Complete"/> gives it up.</summary>
public interface ISnapshotWriter : IAsyncDisposable
{
    /// <summary>Writes the next piece; the caller may use its memory again when this has completed.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task Write(ReadOnlyMemory<byte> piece, CancellationToken cancellation = default);

    /// <summary>Replaces the stream's snapshot by what was written, wholly or not at all, and, where <paramref name="compact"/>, deletes the batches that it covers.</summary>
    /// <exception cref="FencedException">Another writer has opened the stream since.</exception>
    Task Complete(long throughSequence, bool compact, CancellationToken cancellation = default);
}

/// <summary>For stores that take a snapshot whole.</summary>
/// <param name="store">The store.</param>
/// <param name="stream">Whose snapshot.</param>
/// <param name="epoch">The writer's epoch.</param>
internal sealed class GatheredSnapshot(ILogStore store, string stream, long epoch) : ISnapshotWriter
{
    private readonly ArrayBufferWriter<byte> content = new();

    public Task Write(ReadOnlyMemory<byte> piece, CancellationToken cancellation = default)
    {
        content.Write(piece.Span);
        return Task.CompletedTask;
    }

    public Task Complete(long throughSequence, bool compact, CancellationToken cancellation = default) =>
        store.WriteSnapshot(stream, epoch, throughSequence, content.WrittenMemory, compact, cancellation);

    public ValueTask DisposeAsync() => default;
}
