using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Lets so many reads run at once and so many more wait: <see cref="StorageOptions.ReadConnectionsMax"/> and <see cref="StorageOptions.ReadsWaitingMax"/>.</summary>
internal sealed class ReadGate(StorageOptions options) : IDisposable
{
    private readonly SemaphoreSlim free = new(options.ReadConnectionsMax);
    private int waiting;

    /// <summary>Waits for a turn.</summary>
    /// <exception cref="OverloadedException">More than <see cref="StorageOptions.ReadsWaitingMax"/> reads wait.</exception>
    public async Task Enter(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref waiting) > options.ReadsWaitingMax)
        {
            Interlocked.Decrement(ref waiting);
            throw new OverloadedException($"{options.ReadsWaitingMax} reads wait for the store; that is {nameof(options.ReadsWaitingMax)}.");
        }
        try
        {
            await free.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Ends a turn.</summary>
    public void Leave() => free.Release();

    public void Dispose() => free.Dispose();
}
