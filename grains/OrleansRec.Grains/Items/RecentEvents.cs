using OrleansRec.Contracts;

namespace OrleansRec.Grains.Items;

/// <summary>The latest events of an item, oldest first, in an array that grows by halves up to its bound and then moves along.</summary>
/// <remarks>There is one for each item of a catalogue, most of them short; a list would grow to the double.</remarks>
internal struct RecentEvents
{
    private RecentEvent[]? events;
    private int first;

    public int Count { get; private set; }

    /// <summary>Adds an event; at the bound the oldest one goes.</summary>
    public void Add(RecentEvent e, int countMax)
    {
        events ??= new RecentEvent[1];
        if (Count == events.Length && Count < countMax)
        {
            var larger = new RecentEvent[Math.Min(countMax, Count + Math.Max(1, Count / 2))];
            ToArray().CopyTo(larger, 0);
            (events, first) = (larger, 0);
        }
        events[(first + Count) % events.Length] = e;
        if (Count < events.Length)
            Count++;
        else
            first = (first + 1) % events.Length;
    }

    /// <summary>Takes out the oldest event that equals this one.</summary>
    public void Remove(RecentEvent e)
    {
        RecentEvent[] kept = ToArray();
        int at = Array.IndexOf(kept, e);
        if (at < 0)
            return;
        kept.AsSpan(at + 1).CopyTo(kept.AsSpan(at));
        (events, first, Count) = (kept, 0, Count - 1);
    }

    public readonly RecentEvent[] ToArray()
    {
        var all = new RecentEvent[Count];
        for (int i = 0; i < all.Length; i++)
            all[i] = events![(first + i) % events.Length];
        return all;
    }
}
