using OrleansRec.Contracts;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>
/// What one process sees of the stores: every call takes a moment of the fake clock, writes can be made to fail, and after a crash nothing
/// that the process still does has any effect.
/// </summary>
public sealed class LatentLogStore(ILogStore inner, TimeProvider clock, Random random) : ILogStore
{
    private readonly TaskCompletionSource never = new();

    /// <summary>The process has crashed.</summary>
    public bool IsDead { get; set; }

    /// <summary>Decides whether an append of a stream fails.</summary>
    public Func<string, bool> FailsAppend { get; set; } = _ => false;

    /// <summary>Decides whether opening a stream fails.</summary>
    public Func<string, bool> FailsOpen { get; set; } = _ => false;

    /// <summary>Whether a failing append is stored all the same: the writer cannot know.</summary>
    public bool StoresFailedAppends { get; set; }

    /// <summary>Decides whether deleting a stream fails.</summary>
    public Func<string, bool> FailsDelete { get; set; } = _ => false;

    /// <summary>What a snapshot that is all gathered waits for before it is stored.</summary>
    public Func<Task> HoldsSnapshot { get; set; } = () => Task.CompletedTask;

    /// <summary>What the next reading of a stream's snapshot brings instead, where it is not null.</summary>
    public (string Stream, LogSnapshot Snapshot)? OlderSnapshot { get; set; }

    public int Appends { get; private set; }

    /// <summary>Whether the store does not answer who owns a stream.</summary>
    public bool FailsOwnerChecks { get; set; }

    public int OwnerChecks { get; private set; }

    public Task<LogOpening> Open(string stream, CancellationToken cancellation = default) =>
        After(() => FailsOpen(stream) ? throw new StoreUnavailableException("planted") : inner.Open(stream, cancellation));

    public Task Append(LogBatch batch, CancellationToken cancellation = default) => After(async () =>
    {
        Appends++;
        bool fails = FailsAppend(batch.Stream);
        if (!fails || StoresFailedAppends)
            await inner.Append(batch, cancellation);
        return fails ? throw new StoreUnavailableException("planted") : true;
    });

    public Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default) => After(async () =>
    {
        OwnerChecks++;
        if (FailsOwnerChecks)
            throw new StoreUnavailableException("planted");
        await inner.CheckOwner(stream, epoch, cancellation);
        return true;
    });

    public Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default) =>
        After(() => inner.Read(stream, afterSequence, bytesMax, cancellation));

    public Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default) =>
        After(async () =>
        {
            await HoldsSnapshot();
            await inner.WriteSnapshot(stream, epoch, throughSequence, content, compact, cancellation);
            return true;
        });

    public Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) =>
        After(async () =>
        {
            if (OlderSnapshot is not { } older || older.Stream != stream)
                return await inner.ReadSnapshot(stream, cancellation);
            OlderSnapshot = null;
            return older.Snapshot;
        });

    public Task Delete(string stream, CancellationToken cancellation = default) => After(async () =>
    {
        if (FailsDelete(stream))
            throw new StoreUnavailableException("planted");
        await inner.Delete(stream, cancellation);
        return true;
    });

    private async Task<T> After<T>(Func<Task<T>> call)
    {
        await Task.Delay(Moment(1, 6), clock);
        if (IsDead)
            await never.Task;
        T answer = await call();
        await Task.Delay(Moment(0, 3), clock);
        if (IsDead)
            await never.Task;
        return answer;
    }

    private TimeSpan Moment(int leastMs, int belowMs)
    {
        // Activations call from several threads, except on the simulator.
        lock (random)
            return TimeSpan.FromMilliseconds(random.Next(leastMs, belowMs));
    }
}
