namespace OrleansRec.Silo.Storage;

/// <summary>One thing to make durable. Many share a commit; each is refused or done on its own.</summary>
internal abstract class StoreWrite(int bytes)
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? refusal;

    /// <summary>What it weighs in the queue.</summary>
    public int Bytes { get; } = bytes;

    /// <summary>Chunks of snapshots stand back: at most one chunk's worth of them joins a commit.</summary>
    public virtual bool IsBulk => false;

    /// <summary>Completes when the commit is durable.</summary>
    public Task Durable => done.Task;

    /// <summary>Runs inside the writer's transaction. Keeps why the write is refused, which is told once the others' commit has stood.</summary>
    public void Apply(WriteSession session) => refusal = TryApply(session);

    public void Complete()
    {
        if (refusal is null)
            done.SetResult();
        else
            done.SetException(refusal);
    }

    public void Fail(Exception fault) => done.SetException(fault);

    /// <summary>What is to be done outside of any transaction, after the commit.</summary>
    public virtual void AfterCommit(WriteSession session)
    {
    }

    /// <summary>Writes, or writes nothing and returns the reason.</summary>
    protected abstract Exception? TryApply(WriteSession session);
}
