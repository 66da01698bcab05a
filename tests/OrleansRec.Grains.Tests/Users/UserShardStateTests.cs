using System.Buffers;
using OrleansRec.Contracts;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>The state of a user shard without a cluster: replay and snapshots give the same state, and feeds are cut between records.</summary>
public sealed class UserShardStateTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Replay_RandomOperationsWithASnapshotAnywhere_GivesTheSameState(int seed)
    {
        var random = new Random(seed);
        var state = new UserShardState(3);
        var writer = new UserLogWriter();
        var batches = new List<LogBatch>();
        byte[]? snapshot = null;
        for (int n = 1, first = 1; n <= 400; n++)
        {
            Act(state, writer, random);
            if (n == 250)
                snapshot = Snapshot(state);
            if (writer.RecordCount >= 17 || n == 400)
            {
                batches.Add(new("users/0", 1, first, writer.RecordCount, writer.Seal()));
                first = (int)state.LastSequence + 1;
            }
        }

        var replayed = new UserShardState(3);
        var resumed = UserShardState.Read(snapshot, 3);
        foreach (LogBatch batch in batches)
        {
            replayed.Replay(batch);
            if (batch.LastSequence > resumed.LastSequence)
                resumed.Replay(batch);
        }

        Assert.Equal(Describe(state), Describe(replayed));
        Assert.Equal(Describe(state), Describe(resumed));
        Assert.Equal(Feeds(state, 0), Feeds(replayed, 0));
        long through = UserShardState.Read(snapshot, 3).LastSequence;
        Assert.Equal(Feeds(state, through), Feeds(resumed, through));
    }

    [Fact]
    public void Next_RecordWithManyChanges_StaysWhole()
    {
        var state = new UserShardState(1);
        for (ulong key = 0; key < 10; key++)
            state.Append(new("ann", "a", "view", 1, 0, null, key), out _);
        state.Erase("ann");

        ItemFeed feed = state.Backlogs[0].Next(0, 8, 11, 3, state.Texts);
        Assert.Equal((8, 11, 12), (feed.AfterSequence, feed.ThroughSequence, feed.Events.Length));
        Assert.Equal((0, -8), (feed.Events.Sum(e => e.UserDelta) + 1, feed.Events.Sum(e => e.EventDelta)));
        Assert.Equal(3, state.Backlogs[0].Next(0, 0, 11, 3, state.Texts).ThroughSequence);
        Assert.Equal(5, state.Backlogs[0].Next(0, 0, 5, 100, state.Texts).ThroughSequence);
        Assert.Empty(state.Backlogs[0].Next(0, 11, 11, 3, state.Texts).Events);
    }

    [Fact]
    public void Replay_BatchThatDoesNotContinue_IsRefused()
    {
        var writer = new UserLogWriter();
        writer.Append(new("ann", "a", "view", 1, 0, null, 1));
        Assert.Throws<InvalidOperationException>(() => new UserShardState(1).Replay(new("users/0", 1, 2, 1, writer.Seal())));
    }

    /// <summary>Between any two pieces users come, change and are erased; the snapshot must be of the moment at which it began, byte for byte in what it says.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void BeginSnapshot_StateChangesBetweenPieces_HoldsTheMomentItBegan(int seed)
    {
        var random = new Random(seed);
        var (state, writer) = (new UserShardState(3), new UserLogWriter());
        for (int step = 0; step < 300; step++)
            Act(state, writer, random);
        string expected = Describe(state);
        var into = new ArrayBufferWriter<byte>();
        var snapshot = state.BeginSnapshot();
        int pieces = 1;
        for (; !snapshot.WriteSome(into, 1); pieces++)
            for (int step = 0; step < 3; step++)
                Act(state, writer, random);
        state.EndSnapshot();
        Assert.True(pieces > 4, $"the snapshot should come in pieces; it came in {pieces}");
        Assert.NotEqual(expected, Describe(state));
        Assert.Equal(expected, Describe(UserShardState.Read(into.WrittenSpan, 3)));
    }

    private static void Act(UserShardState state, UserLogWriter writer, Random random)
    {
        string user = $"u{random.Next(6)}";
        var e = new LoggedEvent(user, $"i{random.Next(5)}", random.Next(2) == 0 ? "view" : "cart", 1, random.Next(100), random.Next(3) == 0 ? "s" : null, (ulong)random.Next(40));
        // As often as not an event of a file, whose key follows from what it says.
        if (random.Next(2) == 0)
            e = e with { EventKey = ContentKey.Of(e.UserId, e.ItemId, e.Type, e.SessionId, e.TimeMs, e.Value) };
        switch (random.Next(12))
        {
            case 0:
                if (state.Erase(user) >= 0)
                    writer.Erase(user);
                break;
            case 1 or 2:
                if (state.Remove(user, e.EventKey))
                    writer.Remove(user, e.EventKey);
                break;
            default:
                if (state.Append(e, out _) is AppendOutcome.Accepted or AppendOutcome.AcceptedPair)
                    writer.Append(e);
                break;
        }
    }

    private static byte[] Snapshot(UserShardState state)
    {
        var into = new ArrayBufferWriter<byte>();
        while (!state.BeginSnapshot().WriteSome(into, int.MaxValue))
        {
        }
        state.EndSnapshot();
        return into.WrittenSpan.ToArray();
    }

    private static string Describe(UserShardState state)
    {
        var lines = new List<string> { $"{state.LastSequence} {state.UserCount} {state.EventCount} {state.PairCount}" };
        foreach (UserRow row in state.Sorted())
        {
            var events = new List<string>();
            foreach (RecordEvent e in row.Record)
                events.Add($"{e.Sequence} {state.Texts.Items[e.Item]} {state.Texts.Types[e.Type]} {(e.Session < 0 ? "-" : state.Texts.Sessions[e.Session])} {e.Value} {e.TimeMs} {state.Texts.KeyOf(row.Key.Id, e)}");
            lines.Add($"{row.Key.Id} {row.Record.Version}: {string.Join("; ", events)}");
        }
        return string.Join('\n', lines);
    }

    private static string Feeds(UserShardState state, long after) => string.Join('\n', state.Backlogs.Select(b =>
        string.Join("; ", b.Next(0, after, state.LastSequence, int.MaxValue, state.Texts).Events)));
}
