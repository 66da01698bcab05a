using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Contracts;

namespace OrleansRec.Cluster.Tests.Processes;

/// <summary>
/// Shops that write and read through the gateway, each for users of its own, one request after another, and check every answer against what they know. A request
/// is one call of the typed client with all its attempts.
/// </summary>
internal sealed class ShopLoad(ProcessCluster cluster, int seed)
{
    private const int Workers = 12;
    private const int UsersEach = 25;
    private const int ItemCount = 400;
    private const int WrongKept = 50;

    private readonly ConcurrentQueue<string> wrong = new(), failed = new();
    private readonly KnownUser[][] users = [.. Enumerable.Range(0, Workers).Select(w => Enumerable.Range(0, UsersEach).Select(u => new KnownUser($"user {w}-{u}")).ToArray())];
    private long requests, failures, mistakes, lastAnswer, longestGap, longest;
    private volatile bool ends;

    public long Requests => Volatile.Read(ref requests);

    public long FailedCount => Volatile.Read(ref failures);

    public long WrongCount => Volatile.Read(ref mistakes);

    public IReadOnlyCollection<string> Wrong => wrong;

    public IReadOnlyCollection<string> Failed => failed;

    /// <summary>The longest time that one request took, with all its attempts, since this was last asked.</summary>
    public TimeSpan TakeLongest() => TimeSpan.FromTicks(Interlocked.Exchange(ref longest, 0));

    /// <summary>The longest time in which nobody got an answer, since this was last asked.</summary>
    public TimeSpan TakeLongestGap() => TimeSpan.FromTicks(Interlocked.Exchange(ref longestGap, 0));

    /// <summary>A catalogue, a first history for every user, and a model.</summary>
    public async Task Prepare()
    {
        using RecommenderClient client = cluster.Client();
        await client.PutItemsAsync([.. Enumerable.Range(0, ItemCount).Select(n => new ItemInput { ItemId = $"item {n}", Title = $"Item {n}", Categories = [$"kind {n % 7}"] })]);
        var random = new Random(seed);
        await Task.WhenAll(users.SelectMany(u => u).Chunk(UsersEach).Select(async some =>
        {
            foreach (KnownUser user in some)
                Note(await Record(client, user, Events(random.Next(), user, 12, $"first-{user.Id}"), null));
        }));
    }

    /// <summary>Runs until <see cref="End"/>.</summary>
    public Task Run()
    {
        lastAnswer = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => Work(worker))));
    }

    /// <summary>Each shop brings its last request through and ends.</summary>
    public void End() => ends = true;

    /// <summary>Compares what is stored with what was acknowledged.</summary>
    public async Task CheckExports()
    {
        using RecommenderClient client = cluster.Client();
        foreach (KnownUser user in users.SelectMany(u => u))
            Note(user.Exported(await client.ExportUserAsync(user.Id)));
    }

    /// <summary>Events that were acknowledged.</summary>
    public long Acknowledged => users.Sum(all => all.Sum(u => (long)u.EventIds.Count));

    private async Task Work(int worker)
    {
        var random = new Random(seed * Workers + worker);
        using RecommenderClient client = cluster.Client();
        for (int call = 0; !ends; call++)
        {
            KnownUser user = users[worker][random.Next(UsersEach)];
            await Time(() => One(client, random, user, $"w{worker}-c{call}"));
        }
    }

    private async Task One(RecommenderClient client, Random random, KnownUser user, string call)
    {
        switch (random.Next(10))
        {
            case < 3:
                Note(await Record(client, user, Events(random.Next(), user, random.Next(1, 4), call), null));
                break;
            case < 5:
                Note(await Record(client, user, Events(random.Next(), user, 1, call), new() { K = 10 }));
                break;
            case < 9:
                RecommendationAnswer list = await client.RecommendAsync(user.Id, new() { K = 10 });
                Note(user.Listed(list));
                if (list is { ModelVersion: > 0, Items: [{ Source: RecommendationSource.Personal } first, ..] } && random.Next(4) == 0)
                    Note(user.Explained(list, first, await client.ExplainAsync(user.Id, first.ItemId)));
                break;
            default:
                string item = $"item {random.Next(ItemCount)}";
                if ((await client.PutItemAsync(item, new() { Title = call, Categories = ["kind 0"] })).CatalogueVersion == 0)
                    Note([$"{item}: put, and the catalogue has version 0"]);
                break;
        }
    }

    private static async Task<IEnumerable<string>> Record(RecommenderClient client, KnownUser user, EventInput[] events, ListOptions? list) =>
        user.Recorded(events, await client.RecordEventsAsync(events, list));

    private static EventInput[] Events(int seed, KnownUser user, int count, string call)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(n => new EventInput
        {
            EventId = $"{call}-{n}-{user.Id}", UserId = user.Id, ItemId = $"item {random.Next(ItemCount)}", Type = random.Next(8) == 0 ? "purchase" : "view",
        })];
    }

    private async Task Time(Func<Task> request)
    {
        long begun = Stopwatch.GetTimestamp();
        try
        {
            await request();
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref failures);
            if (failed.Count < WrongKept)
                failed.Enqueue($"after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s: {(e is RecommenderException refused ? $"{refused.Problem.Status} {refused.Problem.Detail}" : e.ToString())}");
        }
        long now = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref requests);
        Raise(ref longest, Stopwatch.GetElapsedTime(begun, now).Ticks);
        Raise(ref longestGap, Stopwatch.GetElapsedTime(Interlocked.Exchange(ref lastAnswer, now), now).Ticks);
    }

    private void Note(IEnumerable<string> found)
    {
        foreach (string one in found)
            if (Interlocked.Increment(ref mistakes) > 0 && wrong.Count < WrongKept)
                wrong.Enqueue(one);
    }

    private static void Raise(ref long most, long value)
    {
        for (long seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            if (Interlocked.CompareExchange(ref most, value, seen) == seen)
                return;
    }
}
