namespace OrleansRec.Model;

/// <summary>Which events of a user are kept.</summary>
/// <param name="AgeMax">Older ones go, by the time that they say; null keeps any age.</param>
/// <param name="EventsMax">Of more than so many the oldest go; null keeps any number.</param>
public sealed record RetentionRule(TimeSpan? AgeMax, int? EventsMax)
{
    /// <summary>Whether everything is kept.</summary>
    public bool KeepsAll => AgeMax is null && EventsMax is null;

    /// <summary>This rule with a user's own age, where that is shorter.</summary>
    public RetentionRule WithAgeMax(TimeSpan? own) => own is { } age && !(AgeMax <= age) ? this with { AgeMax = age } : this;

    /// <summary>The events that go.</summary>
    /// <param name="record">The user.</param>
    /// <param name="nowMs">Milliseconds since 1970-01-01 UTC.</param>
    /// <remarks>Cost O(n); O(n log n) and an array of n where there are too many.</remarks>
    public IReadOnlyList<RecordEvent> Expired(UserRecord record, long nowMs)
    {
        long cut = AgeMax is { } age ? nowMs - (long)age.TotalMilliseconds : long.MinValue;
        int young = 0;
        foreach (var e in record)
            young += e.TimeMs >= cut ? 1 : 0;
        int over = EventsMax is { } most ? Math.Max(0, young - most) : 0;
        if (young == record.Count && over == 0)
            return [];
        if (over > 0)
            cut = Math.Max(cut, TimeAfter(record, record.Count - young + over));
        var expired = new List<RecordEvent>();
        int goes = record.Count - young + over;
        foreach (var e in record)
            if (e.TimeMs < cut)
                expired.Add(e);
        // Of those with the time at the border, the first to arrive go.
        foreach (var e in record)
            if (expired.Count < goes && e.TimeMs == cut)
                expired.Add(e);
        return expired;
    }

    /// <summary>The time of the oldest event that stays when so many go.</summary>
    private static long TimeAfter(UserRecord record, int gone)
    {
        var times = new long[record.Count];
        int i = 0;
        foreach (var e in record)
            times[i++] = e.TimeMs;
        Array.Sort(times);
        return gone < times.Length ? times[gone] : long.MaxValue;
    }
}
