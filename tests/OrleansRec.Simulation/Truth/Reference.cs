using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>The same training in one thread, without shards: on the events of the durable log up to the watermarks.</summary>
internal static class Reference
{
    /// <summary>The hash of its factors; null where an event was taken back after its watermark: a shard that came back has not trained on it.</summary>
    public static string? HashOf(UserTruth truth, TrainingPlan plan, IReadOnlyList<long> watermarks)
    {
        if (EventsAt(truth, watermarks) is not { } events)
            return null;
        var r = new SortedDictionary<RowKey, SortedDictionary<RowKey, double>>();
        foreach (var (userId, ofUser) in events)
        {
            var heldOut = HeldOutTruth.ItemOf(userId, ofUser, plan.HeldOut?.Share ?? 0);
            foreach (var e in ofUser.Where(e => e.ItemId != heldOut && WeightOf(plan, e.Type) != 0))
            {
                if (!r.TryGetValue(RowKey.Of(userId), out var row))
                    r.Add(RowKey.Of(userId), row = []);
                row[RowKey.Of(e.ItemId)] = row.GetValueOrDefault(RowKey.Of(e.ItemId)) + WeightOf(plan, e.Type) * e.Value;
            }
        }
        RowKey[] users = [.. r.Keys], items = [.. r.Values.SelectMany(row => row.Keys).Distinct().Order()];
        var byUser = Rows(users, items, (user, item) => r[user].GetValueOrDefault(item));
        var byItem = Rows(items, users, (item, user) => r[user].GetValueOrDefault(item));
        return AlsTrainer.Train(plan.ToOptions(), [.. users.Select(u => u.Id)], [.. items.Select(i => i.Id)], byUser, byItem).Hash;
    }

    /// <summary>Every user's events up to the watermarks, in order of arrival; null where one was taken back after them.</summary>
    public static IReadOnlyDictionary<string, List<LoggedEvent>>? EventsAt(UserTruth truth, IReadOnlyList<long> watermarks)
    {
        var events = new Dictionary<string, List<LoggedEvent>>(StringComparer.Ordinal);
        for (var shard = 0; shard < truth.Logs.Length; shard++)
        {
            foreach (var (sequence, record) in truth.Logs[shard])
            {
                if (sequence <= watermarks[shard])
                    Apply(events, record);
                else if (record.Operation is UserLogOperation.Remove or UserLogOperation.Erase)
                    return null;
            }
        }
        return events;
    }

    private static void Apply(Dictionary<string, List<LoggedEvent>> events, UserLogRecord record)
    {
        if (!events.TryGetValue(record.Event.UserId, out var ofUser))
            events.Add(record.Event.UserId, ofUser = []);
        var key = record.Event.EventKey;
        if (record.Operation == UserLogOperation.Append)
            ofUser.Add(record.Event);
        else if (record.Operation == UserLogOperation.Remove)
            ofUser.RemoveAll(e => e.EventKey == key);
        else if (record.Operation == UserLogOperation.Erase)
            ofUser.Clear();
    }

    private static double WeightOf(TrainingPlan plan, string type)
    {
        foreach (var weight in plan.TypeWeights)
            if (weight.Type == type)
                return weight.Weight;
        return 1;
    }

    private static InteractionRows Rows(RowKey[] rows, RowKey[] columns, Func<RowKey, RowKey, double> valueOf)
    {
        var starts = new List<int> { 0 };
        var at = new List<int>();
        var values = new List<float>();
        foreach (var row in rows)
        {
            for (var column = 0; column < columns.Length; column++)
                if (valueOf(row, columns[column]) is var value and not 0)
                {
                    at.Add(column);
                    values.Add((float)value);
                }
            starts.Add(at.Count);
        }
        return new([.. starts], [.. at], [.. values]);
    }
}
