using OrleansRec.Contracts;

namespace OrleansRec.Grains.Training;

/// <summary>Writes and deletes streams of a version.</summary>
internal static class VersionStore
{
    /// <summary>Writes it. An activation that others take for dead may be late here: what a later attempt has stored stays.</summary>
    /// <param name="store">Where.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="sequence">Which attempt, or which step of a training.</param>
    /// <param name="pieces">The content; each piece is written before the next is asked for.</param>
    /// <param name="stop">Ends the writing; nothing is then stored.</param>
    /// <exception cref="TrainingUnknownException">The stream holds something later.</exception>
    public static async Task Write(ILogStore store, string stream, long sequence, IEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken stop)
    {
        LogOpening opening = await store.Open(stream, stop);
        if (opening.SnapshotSequence > sequence)
            throw new TrainingUnknownException($"Stream {stream} holds {opening.SnapshotSequence}; {sequence} is late.");
        await using ISnapshotWriter written = await store.BeginSnapshot(stream, opening.Epoch, stop);
        foreach (ReadOnlyMemory<byte> piece in pieces)
            await written.Write(piece, stop);
        await written.Complete(sequence, compact: true, stop);
    }

    /// <summary>Deletes streams one after the other; what was given up half way is deleted when it is asked for again.</summary>
    public static async Task Delete(ILogStore store, IEnumerable<string> streams, CancellationToken cancellation)
    {
        foreach (string stream in streams)
        {
            cancellation.ThrowIfCancellationRequested();
            await store.Delete(stream, cancellation);
        }
    }
}
