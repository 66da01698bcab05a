namespace OrleansRec.Tests.Shared;

/// <summary>A clock that moves only when told. Timers fall due in order of time, then of creation, on the thread that moves it.</summary>
public sealed class SimulatedClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly PriorityQueue<SimulatedTimer, (DateTimeOffset Due, long Order)> _timers = new();
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _order;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer falls due, or null where none is waiting.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_timers)
            {
                while (_timers.TryPeek(out var timer, out var key))
                {
                    if (timer.IsDueAt(key.Order))
                        return key.Due;
                    _timers.Dequeue();
                }
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_timers)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves on, letting every timer on the way fall due at its own time.</summary>
    public void Advance(TimeSpan time) => AdvanceTo(GetUtcNow() + time);

    /// <summary>Moves on to a moment that is not in the past.</summary>
    public void AdvanceTo(DateTimeOffset moment)
    {
        while (TakeDue(moment) is { } timer)
            timer.Fire();
        lock (_timers)
            _now = moment > _now ? moment : _now;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    // Found and taken under one lock: a timer that another thread disposes meanwhile must not fire.
    private SimulatedTimer? TakeDue(DateTimeOffset moment)
    {
        lock (_timers)
        {
            if (NextDue is not { } due || due > moment)
                return null;
            SimulatedTimer timer = _timers.Dequeue();
            _now = due > _now ? due : _now;
            timer.Rearm();
            return timer;
        }
    }

    private sealed class SimulatedTimer(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        // The queue entry that counts; older entries are skipped. 0: none.
        private long _entry;
        private TimeSpan _period;

        public bool IsDueAt(long entry) => _entry == entry;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._timers)
            {
                _period = period;
                Arm(dueTime);
            }
            return true;
        }

        public void Rearm() => Arm(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan dueTime)
        {
            _entry = 0;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            _entry = ++clock._order;
            clock._timers.Enqueue(this, (clock._now + dueTime, _entry));
        }
    }
}
