namespace OrleansRec.Silo.Tests.Durability;

/// <summary>What the server has promised to keep: event ids by user.</summary>
internal sealed class AcknowledgedEvents
{
    private readonly object gate = new();
    private readonly Dictionary<string, HashSet<string>> byUser = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> waiting = [];
    private int count;

    public int Count
    {
        get
        {
            lock (gate)
                return count;
        }
    }

    public void Add(IEnumerable<(string User, string EventId)> events)
    {
        lock (gate)
        {
            foreach (var (user, eventId) in events)
            {
                if (!byUser.TryGetValue(user, out var ids))
                    byUser[user] = ids = [];
                if (ids.Add(eventId))
                    count++;
            }
            foreach (var waiter in waiting.Where(waiter => waiter.Count <= count))
                waiter.Reached.TrySetResult();
            waiting.RemoveAll(waiter => waiter.Count <= count);
        }
    }

    public Dictionary<string, string[]> Snapshot()
    {
        lock (gate)
            return byUser.ToDictionary(user => user.Key, user => user.Value.ToArray());
    }

    /// <summary>Completes when so many events more are acknowledged.</summary>
    public Task More(int events)
    {
        lock (gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((count + events, reached));
            return reached.Task;
        }
    }
}
