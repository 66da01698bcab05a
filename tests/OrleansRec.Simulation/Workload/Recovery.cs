using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>The end of a simulation: the faults are over, and within a bounded time everything that was promised must be so.</summary>
internal sealed class Recovery(Shop shop, SimulatedRandom random, SimulatedDisk disk, Weather weather)
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(20);

    public async Task Run(IReadOnlyList<Client> clients)
    {
        weather.Clear();
        while (shop.Cluster.Active.Count() < World.SilosAtStart)
            shop.Cluster.Start();
        await shop.Wake(random, "recovery");
        await Until(CheckNames.TrainingEnds, "the training has ended", async () =>
            await Ask("looks at the training", c => shop.Coordinator.GetStatus(c)) is { Value.IsOver: true }
                && shop.Truth.Training?.Phase.IsEnd() != false);
        await Until(
            CheckNames.MergeIsWhole, "every merge that was begun has ended",
            () => Task.FromResult(!shop.Truth.Merges.Exists(IsHalfDone)), () => string.Join(", ", shop.Truth.Merges.Where(IsHalfDone)));
        await Until(
            CheckNames.RetentionIsKept, "what is too old is gone", () => Task.FromResult(!shop.Truth.Users.Users.Any(IsTooOld)),
            () => string.Join(", ", shop.Truth.Users.Users.Where(IsTooOld)));
        // The clients have ended, and nothing of theirs is on its way any more.
        shop.Truth.TakenBack = 0;
        await Train();
        foreach (var user in clients.SelectMany(c => c.Users))
            await Answers(user);
        for (var item = 0; item < World.Items; item++)
            await Counters(World.Item(item));
        await Until(CheckNames.NothingIsLeft, "ended trainings have left nothing", () => Task.FromResult(Left() is null), Left);
    }

    private bool IsTooOld(string user) => shop.Truth.Users.HasRetention(user) && shop.Truth.Users.Now(user).Count > 0;

    /// <summary>
    /// Whether one event is with both, or some are with the one and some with the other. The second is known only of a merge that was not answered: its visitor
    /// does nothing after it.
    /// </summary>
    private bool IsHalfDone(BegunMerge merge) => HaveOneEventBoth(merge.From, merge.Into)
        || (!merge.IsAnswered && shop.Truth.Users.Now(merge.From).Count > 0 && merge.Before.Any(e => shop.Truth.Users.HasAt(merge.Into, e.ItemId, e.TimeMs)));

    private bool HaveOneEventBoth(string from, string into) => shop.Truth.Users.Now(from).Any(e => shop.Truth.Users.HasAt(into, e.ItemId, e.TimeMs));

    /// <summary>A training that nothing disturbs is published, and takes with it what late writers have left of the last one.</summary>
    private async Task Train()
    {
        var hasEvents = shop.Truth.Users.Users.Any(user => shop.Truth.Users.Now(user).Count > 0);
        long version = 0;
        await Until(CheckNames.ClusterRecovers, "a training is started", async () =>
        {
            var started = await Ask("starts a training", c => shop.Coordinator.Start(World.Plan(new(4, 1, 1)) with { PublishAlways = true }, c));
            version = started?.Value.Version ?? 0;
            return started is not null;
        });
        await Until(CheckNames.ClusterRecovers, "the last training is published", () => Task.FromResult(
            shop.Truth.Training is { } training && training.Version == version && training.Phase == (hasEvents ? TrainingPhase.Done : TrainingPhase.Failed)),
            () => $"It is {shop.Truth.Training?.Phase}: {shop.Truth.Training?.Reason}");
    }

    private async Task Answers(ClientUser user)
    {
        await Until(CheckNames.ClusterRecovers, $"user {user.Id} is exported and served", async () =>
        {
            var version = shop.VersionToShow(user);
            if (await Ask($"exports {user.Id}", c => shop.User(user.Id).Export(c)) is not { } history)
                return false;
            shop.Answers.History(history.Value, version);
            var request = new RecommendRequest { K = 5 };
            if (await Ask($"asks for a list of {user.Id}", c => shop.User(user.Id).Recommend(request, c)) is not { } list)
                return false;
            shop.Answers.List(user.Id, request, list.Value, version);
            return true;
        });
    }

    private Task Counters(string item)
    {
        (long Users, long Events) Expected() => (
            shop.Truth.Users.Users.LongCount(user => shop.Truth.Users.Now(user).Any(e => e.ItemId == item)),
            shop.Truth.Users.Users.Sum(user => shop.Truth.Users.Now(user).LongCount(e => e.ItemId == item)));
        (long, long) counted = default;
        return Until(CheckNames.CountersAreHistories, $"item {item} is counted", async () =>
        {
            if (await Ask($"counts {item}", c => shop.ItemShard(World.Map.OfItem(item)).Get(item, c)) is not { } view)
                return false;
            // Of a deleted item nothing is shown.
            counted = view.Value is { } shown ? (shown.Users, shown.Events) : shop.Truth.Catalogue.IsDeleted(item) ? Expected() : (0, 0);
            return counted == Expected();
        }, () => $"{counted} are counted; the histories have {Expected()}.");
    }

    private string? Left()
    {
        long[] kept = [.. shop.Truth.Directory.Models.Select(m => m.Version), .. shop.Truth.Discarded];
        var allowed = kept.SelectMany(version => Enumerable.Range(0, World.Map.ItemShards).Select(shard => LogStreams.Model(World.Tenant, version, shard)))
            .Concat(kept.SelectMany(version => (string[])[LogStreams.Companion(World.Tenant, version), LogStreams.SequenceModel(World.Tenant, version)]))
            .Concat(Enumerable.Range(0, World.Map.UserShards).Select(shard => LogStreams.Users(World.Tenant, shard)))
            .Concat(Enumerable.Range(0, World.Map.ItemShards).Select(shard => LogStreams.Items(World.Tenant, shard)))
            .ToHashSet(StringComparer.Ordinal);
        return disk.Streams.FirstOrDefault(stream => !allowed.Contains(stream));
    }

    private Task<Answer<T>?> Ask<T>(string what, Func<CancellationToken, Task<T>> call) => shop.Try("recovery", what, Patience, call);

    private async Task Until(string check, string what, Func<Task<bool>> isTrue, Func<string?>? found = null)
    {
        var end = shop.Clock.GetUtcNow() + World.RecoveryMax;
        while (shop.Checks.First is null && !await isTrue())
        {
            shop.Checks.Require(
                shop.Clock.GetUtcNow() < end, check, () => $"{World.RecoveryMax} after the last fault this is not so: {what}. {found?.Invoke()}");
            await shop.Wait(LookPeriod);
        }
    }
}
