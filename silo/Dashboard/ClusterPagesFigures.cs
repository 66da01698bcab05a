namespace OrleansRec.Silo.Dashboard;

/// <summary>Has the figures of Orleans' own dashboard measured from the first look at its pages until some time after the last one, and not while nobody looks.</summary>
/// <param name="make">Makes what measures; it is disposed to end it.</param>
/// <param name="time">The time of the looks.</param>
internal sealed class ClusterPagesFigures(Func<IHostedService> make, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Measuring ends this long after the last look. An open page asks every few seconds.</summary>
    public static readonly TimeSpan RestPeriod = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _gate = new(1);
    private IHostedService? _measuring;
    private ITimer? _rest;
    private long _lookedAt;
    private bool _isOver;

    /// <summary>Whether they are measured now.</summary>
    public bool IsMeasuring => Volatile.Read(ref _measuring) is not null;

    /// <summary>Somebody looks.</summary>
    public async Task Look()
    {
        Volatile.Write(ref _lookedAt, time.GetTimestamp());
        if (IsMeasuring)
            return;
        await _gate.WaitAsync();
        try
        {
            if (_measuring is not null || _isOver)
                return;
            IHostedService begun = make();
            await begun.StartAsync(CancellationToken.None);
            Volatile.Write(ref _measuring, begun);
            _rest ??= time.CreateTimer(static figures => _ = ((ClusterPagesFigures)figures!).RestWhenDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _rest.Change(RestPeriod, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _isOver = true;
            if (_rest is not null)
                await _rest.DisposeAsync();
            await End();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task RestWhenDue()
    {
        await _gate.WaitAsync();
        try
        {
            if (_isOver)
                return;
            TimeSpan left = RestPeriod - time.GetElapsedTime(Volatile.Read(ref _lookedAt));
            if (left > TimeSpan.Zero)
                _rest!.Change(left, Timeout.InfiniteTimeSpan);
            else
                await End();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task End()
    {
        if (Interlocked.Exchange(ref _measuring, null) is not { } ended)
            return;
        await ended.StopAsync(CancellationToken.None);
        if (ended is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
