namespace OrleansRec.Gateway;

/// <summary>A copy of what one grain keeps, at most so old; where it lacks what is asked for it is read again, at most once in <see cref="LackPause"/>.</summary>
/// <param name="read">Asks the grain.</param>
/// <param name="time">The clock.</param>
/// <param name="ageMax">How old it may be.</param>
internal sealed class AgedCopy<T>(Func<CancellationToken, Task<T>> read, TimeProvider time, TimeSpan ageMax) : IDisposable where T : class
{
    /// <summary>So that who guesses keys or tenants makes no more than a call a second of it.</summary>
    public static readonly TimeSpan LackPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private Held? _held;

    /// <summary>The copy; null where it is too old or there is none.</summary>
    public T? Fresh => Volatile.Read(ref _held) is { } held && Age(held) <= ageMax ? held.Content : null;

    /// <summary>The copy, read again where it is too old or does not suffice. One reader at a time; those that waited take what it read.</summary>
    public async Task<T> Read(Func<T, bool> suffices, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_held is { } held && Age(held) <= ageMax && (suffices(held.Content) || Age(held) < LackPause))
                return held.Content;
            long readAt = time.GetTimestamp();
            Held fresh = new(readAt, await read(cancellation).ConfigureAwait(false));
            Volatile.Write(ref _held, fresh);
            return fresh.Content;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The next reader asks the grain.</summary>
    public void Forget() => Volatile.Write(ref _held, null);

    public void Dispose() => _reading.Dispose();

    private TimeSpan Age(Held held) => time.GetElapsedTime(held.ReadAt);

    private sealed record Held(long ReadAt, T Content);
}
