using Orleans.Runtime;
using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>What all actors of a simulation share: the cluster, the truth, the clock, and the way in which a call is made and may fail.</summary>
internal sealed class Shop(SimulatedCluster cluster, Truth truth, Checks checks, SimulatedDisk disk, SimulatedClock clock, int stepsMax)
{
    private long _times = 1_000_000;

    public SimulatedCluster Cluster => cluster;

    public Truth Truth => truth;

    public Checks Checks => checks;

    public AnswerChecks Answers { get; } = new(truth, checks, World.Map);

    public SimulatedClock Clock => clock;

    /// <summary>Actions taken so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Makes the key of an event that is sent again; the client's own id by default.</summary>
    public Func<ulong, int, ulong> KeyOfAttempt { get; init; } = (key, _) => key;

    /// <summary>Whether one more action may be taken. A shorter run is the beginning of a longer one.</summary>
    public bool Step(string who, string what)
    {
        if (Steps >= stepsMax || checks.First is not null)
            return false;
        Steps++;
        cluster.Trace.Add($"step {Steps}: {who} {what}");
        return true;
    }

    /// <summary>A time that no other event has, so that an event is known by it whatever its key.</summary>
    public long NewTime() => ++_times;

    public Task Wait(TimeSpan time) => Task.Delay(time, clock);

    /// <summary>Makes a call under a deadline. Null where it failed as calls may.</summary>
    public async Task<Answer<T>?> Try<T>(string purpose, string what, TimeSpan deadline, Func<CancellationToken, Task<T>> call)
    {
        using var cancellation = new CancellationTokenSource(deadline, clock);
        var begin = clock.GetUtcNow();
        cluster.Trace.Add($"client: {what}");
        Exception? failure = null;
        T? answer = default;
        try
        {
            answer = await cluster.Call(purpose, () => call(cancellation.Token));
        }
        catch (Exception e)
        {
            failure = e;
        }
        cluster.Trace.Add($"client: {what} {(failure is null ? "answered" : $"failed: {failure.GetType().Name} {failure.Message}")}");
        checks.Require(
            clock.GetUtcNow() - begin <= deadline + TimeSpan.FromMilliseconds(1), CheckNames.CallsEnd,
            () => $"{what} has a deadline of {deadline} and took {clock.GetUtcNow() - begin}.");
        if (failure is null)
            return new(answer!);
        checks.Require(IsNamed(failure), CheckNames.FailuresAreNamed, () => $"{what}: {failure}");
        return null;
    }

    /// <summary>Calls again until there is an answer; null where it is given up.</summary>
    public async Task<Answer<T>?> Insist<T>(
        SimulatedRandom random, string purpose, string what, int attemptsMax, Func<int, CancellationToken, Task<T>> call)
    {
        for (var attempt = 0; attempt < attemptsMax && checks.First is null; attempt++)
        {
            if (await Try(purpose, what, Deadline(random), cancellation => call(attempt, cancellation)) is { } answer)
                return answer;
            await Wait(random.Time(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(500)));
        }
        return null;
    }

    /// <summary>A caller's patience: now and then very little.</summary>
    public static TimeSpan Deadline(SimulatedRandom random) => random.Chance(0.08)
        ? random.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(30))
        : random.Time(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    public IUserGrain User(string id) => Grains.User(id);

    public IItemGrain Item(string id) => Grains.Item(id);

    public IUserShardGrain UserShard(int shard) => Grains.UserShard(shard);

    public IItemShardGrain ItemShard(int shard) => Grains.ItemShard(shard);

    public ITrainingCoordinatorGrain Coordinator => Grains.Coordinator;

    public IModelDirectoryGrain Models => Grains.Models;

    /// <summary>
    /// The version that the next answer for a user must show: what was acknowledged; 0 for a while after an activation of his shard was fenced off. It does
    /// not know that before it appends or asks the store, and until then may answer what it knew.
    /// </summary>
    public long VersionToShow(ClientUser user)
    {
        var shard = World.Map.OfUser(user.Id);
        var (stream, grain) = (LogStreams.Users(World.Tenant, shard), GrainId.Create(GrainHome.UserShard, GrainKey.Shard(World.Tenant, shard).ToString()));
        return cluster.IsElsewhere(grain, disk.OwnerOf(stream)) && Clock.GetUtcNow() - disk.OwnedSince(stream) < World.OldReadsMax ? 0 : user.Version;
    }

    private TenantGrains Grains => new(cluster.Client, World.Tenant);

    /// <summary>What a silo does when it has started, and an operator when one has gone: shards and coordinator are woken, and resume what they have to do.</summary>
    public async Task Wake(SimulatedRandom random, string purpose)
    {
        for (var shard = 0; shard < World.Map.UserShards; shard++)
            await Try(purpose, $"user shard {shard} is woken", Deadline(random), cancellation => UserShard(shard).GetStatus(cancellation));
        for (var shard = 0; shard < World.Map.ItemShards; shard++)
            await Try(purpose, $"item shard {shard} is woken", Deadline(random), cancellation => ItemShard(shard).GetStatus(cancellation));
        await Try(purpose, "the coordinator is woken", Deadline(random), cancellation => Coordinator.GetStatus(cancellation));
    }

    private static bool IsNamed(Exception failure) => failure
        is TimeoutException or OperationCanceledException or OrleansException or StoreUnavailableException or FencedException or OverloadedException
        or VersionGoneException
        // A shard that read less than there is does not begin: the next one reads anew.
        || (failure is InvalidOperationException && (failure.Message.Contains("replay reached", StringComparison.Ordinal)
            || failure.Message.Contains("was expected", StringComparison.Ordinal)));
}

/// <summary>What a call was answered with.</summary>
internal sealed record Answer<T>(T Value);
