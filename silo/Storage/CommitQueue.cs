using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

internal static class CommitQueue
{
    /// <summary>Bytes of snapshot chunks in one commit: what an event may have to wait for is one chunk, not one snapshot.</summary>
    public const int BulkBytesMax = 1 << 20;
}

/// <summary>
/// The writes that wait for the writer thread, in order of arrival. Its bounds are <see cref="StorageOptions.QueuedWritesMax"/> and
/// <see cref="StorageOptions.QueuedBytesMax"/>; at either, a write is refused at once.
/// </summary>
internal sealed class CommitQueue<TWrite>(StorageOptions options) where TWrite : QueuedWrite
{
    private readonly object gate = new();
    private readonly Queue<TWrite> events = new();
    private readonly Queue<TWrite> bulk = new();
    private long waitingBytes;
    private bool isClosed;

    public int Count
    {
        get
        {
            lock (gate)
                return events.Count + bulk.Count;
        }
    }

    /// <exception cref="OverloadedException">A bound is reached.</exception>
    public void Add(TWrite write)
    {
        lock (gate)
        {
            if (isClosed)
                throw new StoreUnavailableException("The store is closed.");
            int waiting = events.Count + bulk.Count;
            if (waiting >= options.QueuedWritesMax)
                throw new OverloadedException($"{waiting} writes wait for the store; {nameof(options.QueuedWritesMax)} is {options.QueuedWritesMax}.");
            if (waiting > 0 && waitingBytes + write.Bytes > options.QueuedBytesMax)
                throw new OverloadedException($"{waitingBytes} bytes wait for the store; {nameof(options.QueuedBytesMax)} is {options.QueuedBytesMax}.");
            (write.IsBulk ? bulk : events).Enqueue(write);
            waitingBytes += write.Bytes;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits for writes and takes what one commit may hold; takes nothing where none came for so long. False when the queue is closed and empty.</summary>
    public bool Take(List<TWrite> group, TimeSpan idlePeriodMax)
    {
        lock (gate)
        {
            while (events.Count + bulk.Count == 0)
            {
                if (isClosed)
                    return false;
                if (!Monitor.Wait(gate, idlePeriodMax))
                    return true;
            }
            Move(events, group, options.CommitBytesMax);
            Move(bulk, group, CommitQueue.BulkBytesMax);
            return true;
        }
    }

    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.Pulse(gate);
        }
    }

    private void Move(Queue<TWrite> source, List<TWrite> group, int bytesMax)
    {
        long taken = 0;
        while (source.TryPeek(out var next) && (taken == 0 || taken + next.Bytes <= bytesMax))
        {
            taken += Math.Max(1, next.Bytes);
            waitingBytes -= next.Bytes;
            group.Add(source.Dequeue());
        }
    }
}
