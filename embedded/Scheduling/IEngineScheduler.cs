namespace OrleansRec.Embedded;

/// <summary>Where turns run: the thread pool of a server, or one thread whose order a seed decides.</summary>
public interface IEngineScheduler
{
    /// <summary>How many turns of one activation run in a row before the others get their chance.</summary>
    int TurnsInARow { get; }

    /// <summary>
    /// Whether code that is no grain may go on, after a call, on a thread of the pool. If not, it goes on where the call completes: the
    /// only place that a single-threaded run knows.
    /// </summary>
    bool UsesThreadPool { get; }

    /// <summary>Runs the item some time, once. Never runs it before returning.</summary>
    void Enqueue(IThreadPoolWorkItem item);
}

/// <summary>Runs turns on the thread pool.</summary>
public sealed class ThreadPoolScheduler : IEngineScheduler
{
    /// <inheritdoc/>
    public int TurnsInARow => 64;

    /// <inheritdoc/>
    public bool UsesThreadPool => true;

    // Preferring the local queue means that a thread which awaits the call takes up the turn itself, without waking another one,
    // while an idle thread may still steal it.
    /// <inheritdoc/>
    public void Enqueue(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: true);
}
