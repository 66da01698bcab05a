using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Silo.Evaluation;

/// <summary>Events as pairs of user and item, each once.</summary>
internal static class Pairs
{
    /// <summary>The pairs, in the order of (user, item), with the time of their first event.</summary>
    /// <param name="events">Any number for each pair.</param>
    /// <param name="last">Whether the value is that of the latest event (ratings) or the sum of all.</param>
    public static List<Interaction> Of(IEnumerable<EventRecord> events, bool last)
    {
        var pairs = new Dictionary<(string User, string Item), (double Value, long FirstMs, long LastMs)>();
        foreach (var e in events)
        {
            if (!pairs.TryGetValue((e.UserId, e.ItemId), out var known))
                pairs[(e.UserId, e.ItemId)] = (e.Value, e.TimeMs, e.TimeMs);
            else if (!last)
                pairs[(e.UserId, e.ItemId)] = (known.Value + e.Value, Math.Min(known.FirstMs, e.TimeMs), Math.Max(known.LastMs, e.TimeMs));
            else if (e.TimeMs >= known.LastMs)
                pairs[(e.UserId, e.ItemId)] = (e.Value, known.FirstMs, e.TimeMs);
        }
        var list = pairs.Select(p => new Interaction(p.Key.User, p.Key.Item, (float)p.Value.Value, p.Value.FirstMs)).ToList();
        list.Sort((a, b) => string.CompareOrdinal(a.UserId, b.UserId) is not 0 and var byUser ? byUser : string.CompareOrdinal(a.ItemId, b.ItemId));
        return list;
    }
}
