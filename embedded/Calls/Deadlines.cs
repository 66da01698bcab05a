namespace OrleansRec.Embedded;

/// <summary>Something that must end by a deadline.</summary>
internal interface IDeadlined
{
    ref DeadlineLink Link { get; }

    void Expire();
}

/// <summary>Place of a call among those that wait for a deadline.</summary>
internal struct DeadlineLink
{
    public IDeadlined? Previous;
    public IDeadlined? Next;
    public long Begin;
    public bool IsLinked;
}

/// <summary>
/// Calls in flight in the order in which they began. They all have the same time to answer, so that is the order of their deadlines too,
/// and one timer for the first of them is enough: a call costs two links and no timer of its own.
/// </summary>
internal sealed class Deadlines : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _time;
    private readonly ITimer _timer;
    private IDeadlined? _first;
    private IDeadlined? _last;
    private bool _isArmed;

    public Deadlines(TimeProvider clock, TimeSpan time)
    {
        _clock = clock;
        _time = time;
        _timer = clock.CreateTimer(static self => ((Deadlines)self!).ExpireDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(IDeadlined call)
    {
        ref var link = ref call.Link;
        link.Begin = _clock.GetTimestamp();
        lock (_lock)
        {
            link.IsLinked = true;
            link.Previous = _last;
            if (_last is null)
                _first = call;
            else
                _last.Link.Next = call;
            _last = call;
            if (_isArmed)
                return;
            _isArmed = true;
            _timer.Change(_time, Timeout.InfiniteTimeSpan);
        }
    }

    public void Remove(IDeadlined call)
    {
        lock (_lock)
            Unlink(call);
    }

    /// <summary>Ends every call in flight.</summary>
    public void RejectAll(Action<IDeadlined> reject)
    {
        while (TakeFirst(_ => true) is { } call)
            reject(call);
    }

    public void Dispose() => _timer.Dispose();

    private void ExpireDue()
    {
        while (TakeFirst(begin => _clock.GetElapsedTime(begin) >= _time) is { } call)
            call.Expire();
        lock (_lock)
        {
            // Not moved on by calls that end in time: it fires at most once in the time that one call has.
            _isArmed = _first is not null;
            if (_first is { } next)
                _timer.Change(_time - _clock.GetElapsedTime(next.Link.Begin), Timeout.InfiniteTimeSpan);
        }
    }

    private IDeadlined? TakeFirst(Func<long, bool> isDue)
    {
        lock (_lock)
        {
            if (_first is not { } call || !isDue(call.Link.Begin))
                return null;
            Unlink(call);
            return call;
        }
    }

    private void Unlink(IDeadlined call)
    {
        ref var link = ref call.Link;
        if (!link.IsLinked)
            return;
        if (link.Previous is null)
            _first = link.Next;
        else
            link.Previous.Link.Next = link.Next;
        if (link.Next is null)
            _last = link.Previous;
        else
            link.Next.Link.Previous = link.Previous;
        link = default;
    }
}
