using Orleans.Runtime;
using OrleansRec.Simulation.Engine.Activations;

namespace OrleansRec.Simulation.Engine.Scheduling;

/// <summary>
/// Runs everything of one activation, one turn at a time: what the runtime has to do there, and, being the task scheduler that grain code sees as current, every continuation
/// of that code.
/// </summary>
internal sealed class TurnScheduler(Activation owner, DeterministicScheduler root) : TaskScheduler, IWorkItemScheduler, IThreadPoolWorkItem
{
    private readonly Queue<object> _ready = new();
    private readonly string _name = owner.ToString();
    private bool _isQueued;

    public override int MaximumConcurrencyLevel => 1;

    public void QueueAction(Action action) => EnqueueItem(action);

    public void QueueAction(Action<object> action, object state) => EnqueueItem(() => action(state));

    void IWorkItemScheduler.QueueTask(Task task) => task.Start(this);

    void IThreadPoolWorkItem.Execute()
    {
        // Not one more instruction of a silo that is dead.
        if (owner.Silo.IsDead)
            return;
        _isQueued = false;
        var item = _ready.Dequeue();
        if (_ready.Count > 0)
            Announce();
        var before = RuntimeContexts.Enter(owner);
        try
        {
            Run(item);
        }
        finally
        {
            RuntimeContexts.Leave(before);
        }
    }

    public override string ToString() => _name;

    protected override void QueueTask(Task task) => EnqueueItem(task);

    // Inside a turn a task of the same activation may run at once. A task that was queued keeps its place.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(RuntimeContexts.Current, owner) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _ready.OfType<Task>()];

    private void Run(object item)
    {
        if (item is Task queued)
        {
            TryExecuteTask(queued);
            return;
        }
        // A task of its own, so that what the action awaits comes back here.
        var task = new Task((Action)item, TaskCreationOptions.DenyChildAttach);
        task.RunSynchronously(this);
        task.GetAwaiter().GetResult();
    }

    private void EnqueueItem(object item)
    {
        if (!root.IsOwnThread(this))
            return;
        _ready.Enqueue(item);
        if (!_isQueued)
            Announce();
    }

    private void Announce()
    {
        _isQueued = true;
        root.Enqueue(this);
    }
}
