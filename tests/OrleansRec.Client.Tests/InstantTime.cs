namespace OrleansRec.Client.Tests;

/// <summary>A clock on which every pause is over at once: it moves on by the pause and says how long it was. Timeouts of attempts never fire.</summary>
internal sealed class InstantTime(TimeSpan attemptTimeout) : TimeProvider
{
    private long _ticks;

    public List<TimeSpan> Pauses { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == attemptTimeout || dueTime == Timeout.InfiniteTimeSpan)
            return new Never();
        Pauses.Add(dueTime);
        Interlocked.Add(ref _ticks, dueTime.Ticks);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Never();
    }

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
