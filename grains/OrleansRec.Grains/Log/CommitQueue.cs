using OrleansRec.Contracts;

namespace OrleansRec.Grains.Log;

/// <summary>
/// Group commit of one shard: one batch is on its way to the store, the next one collects meanwhile. Used from the shard's turns only, but for
/// <see cref="MayShow"/>.
/// </summary>
/// <param name="store">Where batches go.</param>
/// <param name="stream">The shard's stream.</param>
/// <param name="takeBatch">Gives the records encoded since the last call and begins a new batch.</param>
/// <param name="proof">Whether the shard still owns the stream; null where nobody reads from it.</param>
public sealed class CommitQueue(ILogStore store, string stream, Func<ReadOnlyMemory<byte>> takeBatch, OwnerProof? proof = null)
{
    private Commit? inFlight;
    private Commit pending = new();
    private bool isCommitting;
    private long epoch;
    private volatile Exception? failure;

    /// <summary>Called with the bytes of each batch that became durable, before those who wait for it continue.</summary>
    public Action<int>? Committed { get; init; }

    /// <summary>Called once, with the reason, when a commit failed: what is in memory is ahead of the log from then on.</summary>
    public Action<Exception>? Failed { get; init; }

    public Exception? Failure
    {
        get => failure;
        private set => failure = value;
    }

    /// <summary>Whether <see cref="Shown"/> of a durable record would complete at once, without asking the store. Any thread may ask.</summary>
    public bool MayShow => failure is null && proof is { IsFresh: true };

    public long Epoch => epoch;

    /// <summary>Last record given a number.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Last record known to be durable.</summary>
    public long DurableSequence { get; private set; }

    public int PendingRecords => (int)(LastSequence - DurableSequence);

    public void Begin(LogOpening opening)
    {
        epoch = opening.Epoch;
        proof?.Begin(epoch, GiveUp);
        LastSequence = DurableSequence = opening.LastSequence;
    }

    /// <summary>Records up to <paramref name="lastSequence"/> are in the pending batch; sends it where none is under way.</summary>
    public void Added(long lastSequence)
    {
        LastSequence = lastSequence;
        if (!isCommitting && IsAhead)
            _ = CommitAll();
    }

    /// <summary>Completes when a record is durable; fails when that can no longer be known.</summary>
    public Task Durable(long sequence)
    {
        if (Failure is not null)
            return Task.FromException(Failure);
        if (sequence <= DurableSequence)
            return Task.CompletedTask;
        return inFlight is not null && sequence <= inFlight.LastSequence ? inFlight.Done.Task : pending.Done.Task;
    }

    /// <summary>Completes when a record is durable and what is in memory may be shown: nobody else has written since, as far as the proof reaches.</summary>
    public Task Shown(long sequence)
    {
        if (Failure is not null || sequence > DurableSequence || proof is null)
            return Durable(sequence);
        Task proven = proof.Proven();
        return proven.IsCompletedSuccessfully ? Task.CompletedTask : Prove(proven);
    }

    /// <summary>Fails everything that waits and everything to come: the shard has gone.</summary>
    public void Stop(Exception reason)
    {
        if (Failure is not null)
            return;
        Failure = reason;
        inFlight?.Fail(reason);
        pending.Fail(reason);
    }

    private async Task Prove(Task proven)
    {
        await proven;
        if (Failure is not null)
            throw Failure;
    }

    private void GiveUp(Exception reason)
    {
        if (Failure is not null)
            return;
        Stop(reason);
        Failed?.Invoke(reason);
    }

    private bool IsAhead => LastSequence > DurableSequence && Failure is null;

    /// <summary>Whatever fails here, nobody awaits it: it is told to those who wait, and to the shard.</summary>
    private async Task CommitAll()
    {
        isCommitting = true;
        Commit? durable = null;
        try
        {
            do
            {
                Task<Commit?>? sent = IsAhead ? CommitNext() : null;
                // The next batch is on its way before those that wait for this one continue. They do so here, one after another, and may add records.
                durable?.Done.TrySetResult();
                durable = sent is null ? null : await sent;
            }
            while (durable is not null || IsAhead);
        }
        catch (Exception reason)
        {
            GiveUp(reason);
        }
        finally
        {
            isCommitting = false;
        }
    }

    /// <summary>The batch, when it is durable; null where the shard has gone meanwhile.</summary>
    private async Task<Commit?> CommitNext()
    {
        Commit commit = inFlight = pending;
        pending = new();
        commit.LastSequence = LastSequence;
        ReadOnlyMemory<byte> content = takeBatch();
        long sentAt = proof?.Now ?? 0;
        await store.Append(new(stream, epoch, DurableSequence + 1, (int)(commit.LastSequence - DurableSequence), content));
        if (Failure is not null)
            return null;
        proof?.Renew(sentAt);
        DurableSequence = commit.LastSequence;
        Committed?.Invoke(content.Length);
        inFlight = null;
        return commit;
    }

    private sealed class Commit
    {
        // Without RunContinuationsAsynchronously: it is completed in a turn of the shard, and those that wait for it continue in that turn and need not be scheduled each.
        public readonly TaskCompletionSource Done = new();
        public long LastSequence;

        public void Fail(Exception reason)
        {
            Done.TrySetException(reason);
            _ = Done.Task.Exception; // Nobody may be waiting: marks it as seen.
        }
    }
}
