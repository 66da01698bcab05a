using System.Diagnostics;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Compute;

/// <summary>A fixed number of threads that take the pieces of all jobs, oldest job first.</summary>
/// <remarks>
/// Workers yield to serving: while requests are in flight, <see cref="Yield"/> lets a worker work for <see cref="WorkMs"/> and then rest for
/// <see cref="RestMs"/>, so that training slows to about a half under load instead of stopping.
/// </remarks>
public sealed class ThreadComputePool : IComputePool, IDisposable
{
    /// <summary>How long a worker goes on while requests wait.</summary>
    public const int WorkMs = 1;

    /// <summary>How long it then rests.</summary>
    public const int RestMs = 1;

    private readonly IServingGate _gate;
    private readonly LinkedList<Job> _jobs = new();
    private readonly Thread[] _threads;
    private bool _stopping;

    [ThreadStatic]
    private static long t_lastRest;

    /// <param name="workerCount">How many threads, ≥ 1.</param>
    /// <param name="gate">Says whether requests are in flight.</param>
    public ThreadComputePool(int workerCount, IServingGate gate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workerCount, 1);
        _gate = gate;
        _threads = new Thread[workerCount];
        for (int worker = 0; worker < workerCount; worker++)
        {
            int index = worker;
            _threads[worker] = new Thread(() => Work(index)) { IsBackground = true, Name = $"compute {worker}", Priority = ThreadPriority.BelowNormal };
            _threads[worker].Start();
        }
    }

    public int WorkerCount => _threads.Length;

    public Task Run(int count, Action<int, int> body, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled(cancellation);
        if (count == 0)
            return Task.CompletedTask;
        var job = new Job(count, body, cancellation);
        lock (_jobs)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _jobs.AddLast(job);
            Monitor.PulseAll(_jobs);
        }
        return job.Completion;
    }

    public void Yield()
    {
        if (_gate.InFlight == 0 || Stopwatch.GetElapsedTime(t_lastRest).TotalMilliseconds < WorkMs)
            return;
        Thread.Sleep(RestMs);
        t_lastRest = Stopwatch.GetTimestamp();
    }

    /// <summary>Lets the pieces under way end, drops the rest.</summary>
    public void Dispose()
    {
        lock (_jobs)
        {
            _stopping = true;
            foreach (Job job in _jobs)
                job.Drop();
            Monitor.PulseAll(_jobs);
        }
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void Work(int worker)
    {
        while (Take() is var (job, piece) && job is not null)
            job.Do(piece, worker);
    }

    private (Job?, int) Take()
    {
        lock (_jobs)
        {
            while (true)
            {
                while (_jobs.First is { } first)
                {
                    if (first.Value.TryTake(out int piece))
                        return (first.Value, piece);
                    _jobs.RemoveFirst();
                }
                if (_stopping)
                    return (null, 0);
                Monitor.Wait(_jobs);
            }
        }
    }

    private sealed class Job(int count, Action<int, int> body, CancellationToken cancellation)
    {
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private int _next;
        private int _underWay;
        private bool _dropped;
        private Exception? _failure;

        public Task Completion => _completion.Task;

        public bool TryTake(out int piece)
        {
            lock (_lock)
            {
                piece = _next;
                if (_dropped || _failure is not null || cancellation.IsCancellationRequested || _next == count)
                {
                    _dropped |= _next < count;
                    EndIfLast();
                    return false;
                }
                _next++;
                _underWay++;
                return true;
            }
        }

        public void Do(int piece, int worker)
        {
            Exception? failure = null;
            try
            {
                body(piece, worker);
            }
            catch (Exception e)
            {
                failure = e;
            }
            lock (_lock)
            {
                _failure ??= failure;
                _underWay--;
                EndIfLast();
            }
        }

        public void Drop()
        {
            lock (_lock)
            {
                _dropped = true;
                EndIfLast();
            }
        }

        private void EndIfLast()
        {
            if (_underWay > 0)
                return;
            if (_failure is not null)
                _completion.TrySetException(_failure);
            else if (_next == count)
                _completion.TrySetResult();
            else if (_dropped)
                _completion.TrySetCanceled(cancellation.IsCancellationRequested ? cancellation : new CancellationToken(true));
        }
    }
}
