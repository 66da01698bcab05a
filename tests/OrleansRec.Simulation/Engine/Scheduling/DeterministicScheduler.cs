using System.Text;

namespace OrleansRec.Simulation.Engine.Scheduling;

/// <summary>
/// Runs all turns on the thread that made it, in an order that a seed decides: the same seed and the same inputs give the same run.
/// </summary>
/// <remarks>
/// Anything that comes from another thread would make the run depend on the machine, so it fails the run:
/// <see cref="ForeignThreadException"/> is thrown by whoever drives it.
/// </remarks>
public sealed class DeterministicScheduler
{
    private readonly List<IThreadPoolWorkItem> _ready = [];
    private readonly List<string>? _trace;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly SimulatedClock? _clock;
    private readonly ClientScheduler _client;
    private ForeignThreadException? _foreign;
    private ulong _random;

    /// <summary>A run from a seed.</summary>
    /// <param name="seed">Decides which of the ready turns is next.</param>
    /// <param name="clock">The clock that <see cref="Run{T}"/> moves on when nothing is ready; null for a clock that stands still.</param>
    /// <param name="keepTrace">Whether to keep the names of all turns, for comparing two runs.</param>
    public DeterministicScheduler(ulong seed, SimulatedClock? clock = null, bool keepTrace = false)
    {
        _random = seed;
        _clock = clock;
        _trace = keepTrace ? [] : null;
        _client = new ClientScheduler(this);
    }

    /// <summary>The bound on turns of one drive: more mean a run that never ends.</summary>
    public long TurnsMax { get; init; } = 50_000_000;

    /// <summary>The bound on the time that <see cref="Run{T}"/> lets pass while its task waits.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Turns run so far.</summary>
    public long Turns { get; private set; }

    /// <summary>A hash over the names of all turns in order: equal for equal runs.</summary>
    public ulong TraceHash { get; private set; } = 14695981039346656037;

    /// <summary>The names of all turns in order, where they are kept.</summary>
    public IReadOnlyList<string> Trace => _trace ?? [];

    /// <summary>Runs the item some time, once. Never runs it before returning.</summary>
    public void Enqueue(IThreadPoolWorkItem item)
    {
        if (IsOwnThread(item))
            _ready.Add(item);
    }

    /// <summary>Whether the running thread is the run's. If not, whoever drives the run is told; throwing here would end the process from a thread of the pool.</summary>
    /// <param name="what">What the thread wanted to run.</param>
    internal bool IsOwnThread(object what)
    {
        if (Environment.CurrentManagedThreadId == _thread)
            return true;
        Interlocked.CompareExchange(ref _foreign, new ForeignThreadException(what.ToString(), Environment.StackTrace), null);
        return false;
    }

    /// <summary>Runs turns until none is ready.</summary>
    public void RunUntilIdle()
    {
        var last = Turns + TurnsMax;
        while (RunOne())
            if (Turns > last)
                throw new InvalidOperationException($"The run has not come to rest in {nameof(TurnsMax)} = {TurnsMax} turns.");
    }

    /// <summary>Runs client code and everything it causes, moving the clock whenever nothing is ready, until the code has ended.</summary>
    public T Run<T>(Func<Task<T>> client)
    {
        var task = Task.Factory.StartNew(client, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _client).Unwrap();
        Drive(task);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Runs client code and everything it causes, moving the clock whenever nothing is ready, until the code has ended.</summary>
    public void Run(Func<Task> client) => Run(async () =>
    {
        await client();
        return true;
    });

    private void Drive(Task task)
    {
        var end = _clock?.GetUtcNow() + TimeMax;
        RunUntilIdle();
        while (!task.IsCompleted)
        {
            if (_clock is null || _clock.NextDue is not { } due || due > end)
                throw new InvalidOperationException(
                    "Nothing is left to run and the task has not ended: it waits for a clock that nobody moves, for itself, or for another thread.");
            _clock.AdvanceTo(due);
            RunUntilIdle();
        }
    }

    private bool RunOne()
    {
        if (_foreign is not null)
            throw _foreign;
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("A deterministic run is driven by the thread that made its scheduler.");
        if (_ready.Count == 0)
            return false;
        var index = (int)(Next() % (ulong)_ready.Count);
        var item = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Note(item.ToString()!);

        // A test framework's own context would otherwise be captured by the awaits of grains and lead out of the run.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            item.Execute();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
        return true;
    }

    private void Note(string name)
    {
        Turns++;
        _trace?.Add(name);
        foreach (var b in Encoding.UTF8.GetBytes(name))
            TraceHash = (TraceHash ^ b) * 1099511628211;
    }

    // SplitMix64.
    private ulong Next()
    {
        var z = _random += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private sealed class ClientScheduler(DeterministicScheduler root) : TaskScheduler
    {
        public override int MaximumConcurrencyLevel => 1;

        protected override void QueueTask(Task task) => root.Enqueue(new Turn(this, task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];

        private sealed class Turn(ClientScheduler scheduler, Task task) : IThreadPoolWorkItem
        {
            public void Execute() => scheduler.TryExecuteTask(task);

            public override string ToString() => "client";
        }
    }
}

/// <summary>In a deterministic run something was continued from a thread that is not the run's.</summary>
public sealed class ForeignThreadException(string? item, string stack) : Exception(
    $"A turn of {item} was queued by another thread than the one that drives the run. Look for Task.Run, ConfigureAwait(false), a timer of the "
    + $"system or I/O in what it awaited. The other thread was here:\n{stack}");
