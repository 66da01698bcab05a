namespace OrleansRec.Silo.Storage;

/// <summary>One thing to make durable. Many share a commit; each is refused or done on its own.</summary>
internal abstract class QueuedWrite(int bytes)
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it weighs in the queue.</summary>
    public int Bytes { get; } = bytes;

    /// <summary>Chunks of snapshots stand back: at most one chunk's worth of them joins a commit.</summary>
    public virtual bool IsBulk => false;

    /// <summary>Completes when the commit is durable.</summary>
    public Task Durable => done.Task;

    /// <summary>Why it is refused while the commit that it is in stands.</summary>
    protected Exception? Refusal { get; set; }

    /// <summary>The commit stands: what was refused is told now.</summary>
    public void Complete()
    {
        if (Refusal is null)
            done.SetResult();
        else
            done.SetException(Refusal);
    }

    /// <summary>The commit failed.</summary>
    public void Fail(Exception fault) => done.SetException(fault);
}

/// <summary>A write to the SQLite file.</summary>
internal abstract class StoreWrite(int bytes) : QueuedWrite(bytes)
{
    /// <summary>Runs inside the writer's transaction. Keeps why the write is refused, which is told once the others' commit has stood.</summary>
    public void Apply(WriteSession session) => Refusal = TryApply(session);

    /// <summary>What is to be done outside of any transaction, after the commit.</summary>
    public virtual void AfterCommit(WriteSession session)
    {
    }

    /// <summary>Writes, or writes nothing and returns the reason.</summary>
    protected abstract Exception? TryApply(WriteSession session);
}
