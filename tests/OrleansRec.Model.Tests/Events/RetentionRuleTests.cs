namespace OrleansRec.Model.Tests.Events;

/// <summary>Goal: exactly the oldest go. Method: random times, many of them equal, against a sort.</summary>
public class RetentionRuleTests
{
    private const long Now = 1_000_000;

    [Theory, InlineData(null, 7), InlineData(400, null), InlineData(400, 7), InlineData(0, null), InlineData(null, 100)]
    public void Expired_AnyRecord_AreTheOldestByTimeThenArrival(int? ageMs, int? eventsMax)
    {
        var rule = new RetentionRule(ageMs is { } age ? TimeSpan.FromMilliseconds(age) : null, eventsMax);
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            var record = new UserRecord();
            int count = random.Next(30);
            for (int i = 0; i < count; i++)
                record.Append(new RecordEvent { Item = i, Session = -1, Value = 1, TimeMs = Now - random.Next(10) * 100, Key = (ulong)i + 1, Sequence = i + 1 });
            RecordEvent[] all = [.. All(record)];
            RecordEvent[] young = [.. all.Where(e => ageMs is null || e.TimeMs >= Now - ageMs)];
            int[] kept = [.. young.OrderByDescending(e => e.TimeMs).ThenByDescending(e => e.Sequence).Take(eventsMax ?? int.MaxValue).Select(e => e.Item).Order()];

            int[] expired = [.. rule.Expired(record, Now).Select(e => e.Item).Order()];

            Assert.Equal(all.Select(e => e.Item).Except(kept).Order(), expired);
        }
    }

    [Fact]
    public void KeepsAll_NoBound_IsTrue()
    {
        Assert.True(new RetentionRule(null, null).KeepsAll);
        Assert.False(new RetentionRule(null, 1).KeepsAll);
    }

    private static IEnumerable<RecordEvent> All(UserRecord record)
    {
        var events = new List<RecordEvent>();
        foreach (RecordEvent e in record)
            events.Add(e);
        return events;
    }
}
