using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>
/// Runs everything of one activation, one turn at a time: arriving calls, what the engine has to do there, and, being the task scheduler
/// that grain code sees as current, every continuation of that code.
/// </summary>
internal sealed class TurnScheduler(Activation owner, IEngineScheduler root) : TaskScheduler, IThreadPoolWorkItem
{
    private readonly Queue<object> _ready = new();
    private bool _isQueued;

    /// <summary>Whether the running thread is inside a turn of this activation.</summary>
    public bool IsCurrent => ReferenceEquals(RuntimeContext.Current, owner);

    public override int MaximumConcurrencyLevel => 1;

    public void Enqueue(ICall arrival) => EnqueueItem(arrival);

    /// <summary>A turn of the engine's own.</summary>
    public void Enqueue(Action action) => EnqueueItem(action);

    /// <summary>A turn in which grain code may run.</summary>
    public void EnqueueTask(Action code) => new Task(code, TaskCreationOptions.DenyChildAttach).Start(this);

    /// <summary>Runs code in the present turn, as a task of this scheduler, so that what it awaits comes back here.</summary>
    public void RunNow(Action<object?> code, object? state) =>
        new Task(code, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach).RunSynchronously(this);

    void IThreadPoolWorkItem.Execute()
    {
        // Not one more instruction of a silo that is dead.
        if (owner.Silo.IsDead)
            return;
        var previous = RuntimeContext.Current;
        RuntimeContext.Current = owner;
        try
        {
            for (var turn = 0; turn < root.TurnsInARow; turn++)
            {
                if (!TryTake(out var item))
                    return;
                Run(item);
            }
        }
        finally
        {
            RuntimeContext.Current = previous;
        }
        if (HasMore())
            root.Enqueue(this);
    }

    public override string ToString() => owner.ToString();

    protected override void QueueTask(Task task) => EnqueueItem(task);

    // Inside a turn a task of the same activation may run at once. A task that was queued keeps its place.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && IsCurrent && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_ready)
            return _ready.OfType<Task>().ToArray();
    }

    private void Run(object item)
    {
        switch (item)
        {
            case Task task:
                TryExecuteTask(task);
                break;
            case ICall arrival:
                owner.OnArrival(arrival);
                break;
            case Action action:
                action();
                break;
        }
    }

    private void EnqueueItem(object item)
    {
        lock (_ready)
        {
            _ready.Enqueue(item);
            if (_isQueued)
                return;
            _isQueued = true;
        }
        root.Enqueue(this);
    }

    private bool TryTake(out object item)
    {
        lock (_ready)
        {
            if (_ready.TryDequeue(out item!))
                return true;
            _isQueued = false;
            return false;
        }
    }

    private bool HasMore()
    {
        lock (_ready)
            return _isQueued = _ready.Count > 0;
    }
}
