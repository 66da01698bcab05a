using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>What is acknowledged is durable, there once, and counted exactly. Method: the shard on the simulator, over a store that takes time and fails when told.</summary>
public sealed class UserShardGrainTests
{
    public static TheoryData<ulong> Seeds => [1, 2, 3, 4, 5];

    [Theory, MemberData(nameof(Seeds))]
    public void Append_DuplicatesInOneCallAcrossCallsAndInFlight_CountOnce(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        EventRecord[] two = [Planted.Event("ann", "a"), Planted.Event("ann", "b")];
        IUserShardGrain shard = cluster.ShardOf("ann");

        AppendAnswer[] answers = await Task.WhenAll(shard.Append(two), shard.Append(two), shard.Append([two[0], two[0]]));
        AppendAnswer again = await shard.Append([two[1], two[1]]);

        Assert.Equal(2, answers.Sum(a => a.Accepted));
        Assert.Equal(4, answers.Sum(a => a.Duplicates));
        Assert.Equal(2, answers.Sum(a => a.NewPairs));
        Assert.Equal(new AppendAnswer(0, 2, 0, 2), again);
        Assert.Equal(2, (await shard.Load("ann", -1))!.Version);
        Assert.Equal(2, (await shard.GetStatus()).Events);
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Append_CrashesAmongWriters_KeepsEveryAcknowledgedEventOnce(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        var random = new Random((int)seed);
        var acknowledged = new HashSet<(string User, ulong Key)>();
        for (int round = 0; round < 6 || acknowledged.Count < 30; round++)
        {
            Assert.True(round < 60, $"only {acknowledged.Count} events were acknowledged");
            var writers = Enumerable.Range(0, 8).Select(w => Write(cluster, $"user{w}", round, acknowledged)).ToArray();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 60)), cluster.Clock);
            if (round % 3 == 1)
                _ = cluster.UserShard(0).Snapshot();
            await cluster.Crash();
        }

        foreach (var user in acknowledged.GroupBy(a => a.User))
        {
            UserHistory history = (await cluster.ShardOf(user.Key).Load(user.Key, -1))!;
            ulong[] keys = [.. history.Events.Select(e => e.EventKey)];
            Assert.Equal(keys.Length, keys.Distinct().Count());
            Assert.Equal(keys.Length, history.Version);
            Assert.Empty(user.Select(u => u.Key).Except(keys));
        }
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Load_WhileCommitIsUnderWay_AnswersOnlyWhatIsDurable(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        IUserShardGrain shard = cluster.ShardOf("ann");
        await shard.Append([Planted.Event("ann", "a")]);
        Task<AppendAnswer> append = shard.Append([Planted.Event("ann", "b")]);
        Task<UserHistory?> load = shard.Load("ann", -1);
        UserHistory history = (await load)!;
        if (history.Version == 2)
            Assert.True(cluster.Disk.Read(LogStreams.Users(TenantId.Default, cluster.Map.OfUser("ann")), 1, 1000).Result.Count > 0, "version 2 was shown before it was in the store");
        await append;
    });

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Append_CommitFails_TellsAllCallersAndReplaysWhatTheStoreHas(ulong seed, bool isStored) => GrainCluster.Run(seed, async cluster =>
    {
        IUserShardGrain shard = cluster.ShardOf("ann");
        await shard.Append([Planted.Event("ann", "a")]);
        (cluster.Store.FailsAppend, cluster.Store.StoresFailedAppends) = (stream => stream.Contains("/users/", StringComparison.Ordinal), isStored);

        Task[] calls = [shard.Append([Planted.Event("ann", "b")]), shard.Append([Planted.Event("ann", "b")]), shard.Load("ann", -1)];
        foreach (Task call in calls[..2])
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        // The read came before or after the failure, and shows what is durable, or fails.
        try
        {
            Assert.NotEqual(2, (await (Task<UserHistory?>)calls[2])!.Version);
        }
        catch (StoreUnavailableException)
        {
        }

        cluster.Store.FailsAppend = _ => false;
        await cluster.Until("the shard is back", async () => await Succeeds(() => shard.Load("ann", -1)));
        Assert.Equal(isStored ? 2 : 1, (await shard.Load("ann", -1))!.Version);
        Assert.Equal(new AppendAnswer(isStored ? 0 : 1, isStored ? 1 : 0, isStored ? 0 : 1, 2), await shard.Append([Planted.Event("ann", "b")]));
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Append_ByAnActivationThatWasReplaced_IsFenced(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        IUserShardGrain old = cluster.ShardOf("ann");
        await old.Append([Planted.Event("ann", "a")]);
        await cluster.StartAnother();
        IUserShardGrain current = cluster.ShardOf("ann");
        await current.Append([Planted.Event("ann", "b")]);

        await Assert.ThrowsAsync<FencedException>(() => old.Append([Planted.Event("ann", "c")]));

        // What was refused is nowhere; and a retry at the old process finds the new truth.
        Assert.Equal(["a", "b"], (await current.Load("ann", -1))!.Events.Select(e => e.ItemId));
        await cluster.Until("the old process has a new activation", () => Succeeds(() => old.Load("ann", -1)));
        Assert.Equal(2, (await old.Load("ann", -1))!.Version);
    });

    /// <summary>
    /// Two processes on one store, each with an activation of the shard that does not know of the other, under readers at both: after the second has taken over, the
    /// first shows what it knew for FenceCheckPeriod and no longer, and acknowledges nothing, not even an event that it knows.
    /// </summary>
    [Theory, MemberData(nameof(Seeds))]
    public void Load_AtAnActivationThatWasReplaced_EndsWithinTheFenceCheckPeriod(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        TimeSpan period = new UserShardOptions().FenceCheckPeriod;
        var (old, oldStore) = (cluster.ShardOf("ann"), cluster.Store);
        await cluster.StartAnother();
        IUserShardGrain current = cluster.ShardOf("ann");
        await old.Append([Planted.Event("ann", "a")]);
        long begun = cluster.Clock.GetTimestamp(), taken = long.MaxValue;
        int checksBefore = oldStore.OwnerChecks, shown = 0;

        Task reading = ReadUntilOver();
        await current.Append([Planted.Event("ann", "b")]);
        taken = cluster.Clock.GetTimestamp();
        await reading;

        Assert.True(shown > 0, "No read was answered, so nothing was tried.");
        double periods = cluster.Clock.GetElapsedTime(begun) / period;
        Assert.True(oldStore.OwnerChecks - checksBefore <= 2 + 2 * periods, $"{oldStore.OwnerChecks - checksBefore} checks for {shown} reads in {periods:0.0} periods");

        async Task ReadUntilOver()
        {
            for (bool isOver = false; !isOver;)
            {
                long asked = cluster.Clock.GetTimestamp();
                try
                {
                    UserHistory history = (await old.Load("ann", -1))!;
                    // Found out between two reads, it has given way to one that has read the log.
                    isOver = history.Version == 2;
                    shown += isOver ? 0 : 1;
                    Assert.True(
                        isOver || taken > asked || cluster.Clock.GetElapsedTime(taken, asked) < period,
                        $"asked {cluster.Clock.GetElapsedTime(taken, asked)} after the take-over, and told version {history.Version}");
                }
                catch (FencedException)
                {
                    isOver = true;
                }
                await Task.Delay(TimeSpan.FromMilliseconds(20), cluster.Clock);
            }
        }
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Append_OfAKnownEventAtAnActivationThatWasReplaced_IsNotAcknowledged(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        IUserShardGrain old = cluster.ShardOf("ann");
        await old.Append([Planted.Event("ann", "a")]);
        await cluster.StartAnother();
        IUserShardGrain current = cluster.ShardOf("ann");
        await current.Remove("ann", Planted.Event("ann", "a").EventKey);
        await Task.Delay(new UserShardOptions().FenceCheckPeriod, cluster.Clock);

        await Assert.ThrowsAsync<FencedException>(() => old.Append([Planted.Event("ann", "a")]));

        Assert.Empty((await current.Load("ann", -1))!.Events);
    });

    [Fact]
    public void Load_WhileTheStoreDoesNotAnswer_GoesOnForTheUncheckedPeriodAndComesBack() => GrainCluster.Run(3, async cluster =>
    {
        IUserShardGrain shard = cluster.ShardOf("ann");
        await shard.Append([Planted.Event("ann", "a")]);
        long begun = cluster.Clock.GetTimestamp();
        cluster.Store.FailsOwnerChecks = true;
        TimeSpan lasted = default;
        await cluster.Until("reads are refused", async () =>
        {
            lasted = cluster.Clock.GetElapsedTime(begun);
            return !await Succeeds(() => shard.Load("ann", -1));
        });
        Assert.InRange(lasted, new UserShardOptions().UncheckedPeriodMax - TimeSpan.FromSeconds(0.1), new UserShardOptions().UncheckedPeriodMax + TimeSpan.FromSeconds(0.1));

        cluster.Store.FailsOwnerChecks = false;
        await cluster.Until("reads are answered", () => Succeeds(() => shard.Load("ann", -1)));
        Assert.Equal(1, (await shard.GetStatus()).Events);
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Snapshot_BesideAppends_ReplaysToTheSameState(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        IUserShardGrain shard = cluster.UserShard(0);
        string[] users = [.. Planted.Ids("u", 60).Where(u => cluster.Map.OfUser(u) == 0)];
        for (int round = 0; round < 5; round++)
        {
            Task[] work = [.. users.Select((u, i) => shard.Append([Planted.Event(u, $"i{(i + round) % 7}", timeMs: round)])), shard.Snapshot()];
            await Task.WhenAll(work);
            await shard.Remove(users[round], Planted.Event(users[round], $"i{(round + round) % 7}", timeMs: round).EventKey);
        }
        var before = await Everything(shard);
        UserShardStatus status = await shard.GetStatus();
        Assert.True(status.SnapshotSequence > 0);

        await cluster.Crash();

        shard = cluster.UserShard(0);
        Assert.Equal(before, await Everything(shard));
        UserShardStatus after = await shard.GetStatus();
        Assert.Equal((status.Users, status.Events, status.Pairs, status.LastSequence), (after.Users, after.Events, after.Pairs, after.LastSequence));
    });

    [Fact]
    public void Append_ManyRecords_SnapshotsByItselfAndCompacts() => GrainCluster.Run(7, async cluster =>
    {
        IUserShardGrain shard = cluster.ShardOf("ann");
        for (int i = 0; i < 50; i++)
            await shard.Append([Planted.Event("ann", $"i{i}")]);
        await cluster.Until("a snapshot", async () => (await shard.GetStatus()).SnapshotSequence >= 40);
        IReadOnlyList<LogBatch> left = await cluster.Disk.Read(LogStreams.Users(TenantId.Default, cluster.Map.OfUser("ann")), 0, int.MaxValue);
        Assert.True(left.Count < 40, $"{left.Count} batches are left");

        await cluster.Crash();
        Assert.Equal(50, (await cluster.ShardOf("ann").Load("ann", -1))!.Version);
    }, configure: s => s.PostConfigure<UserShardOptions>(o => o.SnapshotRecords = 20));

    [Theory, MemberData(nameof(Seeds))]
    public void Snapshot_UnderAppendsThatNeverPause_Ends(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        // The feed once chased the end of the log for as long as there were appends, and the snapshot waited for it.
        IUserShardGrain shard = cluster.ShardOf("ann");
        bool isOver = false;
        Task[] writers = [.. Enumerable.Range(0, 4).Select(Write)];
        await shard.Snapshot();
        await shard.Snapshot();
        isOver = true;
        await Task.WhenAll(writers);
        Assert.True((await shard.GetStatus()).SnapshotSequence > 0);

        async Task Write(int writer)
        {
            for (int n = 0; !isOver; n++)
            {
                Assert.True(n < 5_000, "the snapshot has not ended after 5,000 appends");
                await shard.Append([Planted.Event("ann", $"{writer}/{n}"), Planted.Event("ann", $"{writer}//{n}")]);
            }
        }
    });

    [Fact]
    public void KeepUp_NobodyAppends_SnapshotsWhatThereIs() => GrainCluster.Run(8, async cluster =>
    {
        IUserShardGrain shard = cluster.ShardOf("ann");
        await shard.Append([.. Planted.Ids("i", 12).Select(i => Planted.Event("ann", i))]);
        await cluster.Until("a snapshot of everything", async () => (await shard.GetStatus()).SnapshotSequence == 12);
    }, configure: s => s.PostConfigure<UserShardOptions>(o => o.IdleSnapshotRecords = 10));

    [Theory, MemberData(nameof(Seeds))]
    public void Erase_ThenRecordAgain_LeavesNothingAndNeverRepeatsAVersion(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        IUserShardGrain shard = cluster.ShardOf("ann");
        await shard.Append([Planted.Event("ann", "a"), Planted.Event("ann", "b")]);

        Assert.Equal(2, (await shard.Erase("ann")).Receipt!.Events);
        Assert.Equal(new EraseAnswer(false, 0), await shard.Erase("ann"));

        Assert.Equal((0, 0), await VersionAndCount(shard, "ann"));
        Assert.Equal(0, (await shard.GetStatus()).Users);
        Assert.Empty(await shard.List(null, 10));
        await cluster.Crash();
        shard = cluster.ShardOf("ann");
        Assert.Equal((0, 0), await VersionAndCount(shard, "ann"));
        await shard.Append([Planted.Event("ann", "c")]);
        Assert.Equal((3, 1), await VersionAndCount(shard, "ann"));
        await shard.Snapshot();
        await cluster.Crash();
        Assert.Equal((3, 1), await VersionAndCount(cluster.ShardOf("ann"), "ann"));
    });

    [Fact]
    public void Erase_AfterTheErasurePeriod_IsGoneFromTheStore() => GrainCluster.Run(3, async cluster =>
    {
        IUserShardGrain shard = cluster.ShardOf("to-be-forgotten");
        string stream = LogStreams.Users(TenantId.Default, cluster.Map.OfUser("to-be-forgotten"));
        await shard.Append([Planted.Event("to-be-forgotten", "a")]);
        await shard.Erase("to-be-forgotten");
        await Task.Delay(new UserShardOptions().ErasurePeriod, cluster.Clock);
        await cluster.Until("a snapshot", async () => (await shard.GetStatus()).SnapshotSequence == 2);

        Assert.Empty(await cluster.Disk.Read(stream, 0, int.MaxValue));
        LogSnapshot snapshot = (await cluster.Disk.ReadSnapshot(stream))!;
        Assert.Equal(-1, snapshot.Content.Span.IndexOf("to-be-forgotten"u8));
    });

    /// <summary>The snapshot of the first erasure counted for the second too, whose events then stayed in the log.</summary>
    [Fact]
    public void Erase_WhileASnapshotIsWritten_IsGoneFromTheStoreAfterThePeriod() => GrainCluster.Run(3, async cluster =>
    {
        string[] users = [.. Planted.Ids("user-", 20).Where(u => cluster.Map.OfUser(u) == 1).Take(2)];
        IUserShardGrain shard = cluster.UserShard(1);
        foreach (string user in users)
            await shard.Append([Planted.Event(user, "a")]);
        await shard.Erase(users[0]);
        TaskCompletionSource isGathered = new(TaskCreationOptions.RunContinuationsAsynchronously), isErased = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Store.HoldsSnapshot = () =>
        {
            isGathered.TrySetResult();
            return isErased.Task;
        };
        Task snapshot = shard.Snapshot();
        await isGathered.Task;
        await shard.Erase(users[1]);
        isErased.SetResult();
        await snapshot;
        Assert.Equal(3, (await shard.GetStatus()).SnapshotSequence);

        await Task.Delay(new UserShardOptions().ErasurePeriod, cluster.Clock);
        await cluster.Until("a snapshot of both erasures", async () => (await shard.GetStatus()).SnapshotSequence == 4);
        Assert.Empty(await cluster.Disk.Read(LogStreams.Users(TenantId.Default, 1), 0, int.MaxValue));
    });

    [Theory, MemberData(nameof(Seeds))]
    public void List_Pages_CoverAllUsersInTheOrderOfHashAndId(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        string[] users = [.. Planted.Ids("user-", 100).Where(u => cluster.Map.OfUser(u) == 1)];
        IUserShardGrain shard = cluster.UserShard(1);
        foreach (string user in users)
            await shard.Append([Planted.Event(user, "a"), Planted.Event(user, "a", "view", timeMs: 5_000)]);

        var listed = new List<UserSummary>();
        while (await shard.List(listed.LastOrDefault()?.UserId, 7) is { Length: > 0 } page)
            listed.AddRange(page);

        Assert.Equal(users.OrderBy(RowKey.Of), listed.Select(u => u.UserId));
        Assert.All(listed, u => Assert.Equal((2, 2, 1, 5_000), (u.HistoryVersion, u.Events, u.Items, u.LastTimeMs)));
    });

    [Fact]
    public void Append_BeyondItsBounds_IsRefusedWithTheNumbers() => GrainCluster.Run(1, async cluster =>
    {
        IUserShardGrain shard = cluster.ShardOf("ann");
        EventRecord[] Batch(int round) => [.. Enumerable.Range(0, 10).Select(i => Planted.Event("ann", $"{round}-{i}"))];
        Task[] calls = [.. Enumerable.Range(0, 5).Select(r => (Task)shard.Append(Batch(r)))];
        await Task.WhenAll(calls.Select(c => c.ContinueWith(_ => { }, TaskScheduler.Current)));
        int refused = calls.Count(c => c.Exception?.InnerException is OverloadedException e && e.Message.Contains("PendingEventsMax is 25", StringComparison.Ordinal));

        Assert.Equal(3, refused);
        Assert.Equal(20, (await shard.Load("ann", -1))!.Version);
        ArgumentException tooLong = await Assert.ThrowsAsync<ArgumentException>(() => shard.Append([.. Batch(8), .. Batch(9), .. Batch(10)]));
        Assert.Contains("at most 20 events", tooLong.Message, StringComparison.Ordinal);
    }, configure: s => s.PostConfigure<UserShardOptions>(o => (o.PendingEventsMax, o.AppendEventsMax) = (25, 20)));

    [Fact]
    public void Append_UserOfAnotherShard_ChangesNothing() => GrainCluster.Run(1, async cluster =>
    {
        string stranger = Planted.Ids("u", 50).First(u => cluster.Map.OfUser(u) == 1), own = Planted.Ids("u", 50).First(u => cluster.Map.OfUser(u) == 0);
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.UserShard(0).Append([Planted.Event(own, "a"), Planted.Event(stranger, "a")]));
        Assert.Equal(0, (await cluster.UserShard(0).GetStatus()).Events);
    });

    private static async Task Write(GrainCluster cluster, string user, int round, HashSet<(string, ulong)> acknowledged)
    {
        IUserShardGrain shard = cluster.ShardOf(user);
        for (int i = 0; i < 20; i++)
        {
            EventRecord e = Planted.Event(user, $"item{i}", id: $"{round}/{i}");
            await shard.Append([e]);
            acknowledged.Add((user, e.EventKey));
        }
    }

    private static async Task<string> Everything(IUserShardGrain shard)
    {
        var histories = new List<string>();
        foreach (UserSummary user in await shard.List(null, 1000))
        {
            UserHistory history = (await shard.Load(user.UserId, -1))!;
            histories.Add($"{user} {history.Version}: {string.Join(", ", history.Events)}");
        }
        return string.Join('\n', histories);
    }

    private static async Task<(long, int)> VersionAndCount(IUserShardGrain shard, string user)
    {
        UserHistory history = (await shard.Load(user, -1))!;
        return (history.Version, history.Events.Length);
    }

    private static async Task<bool> Succeeds<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or FencedException)
        {
            return false;
        }
    }
}
