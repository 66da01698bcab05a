using System.Collections;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansRec.Silo.Tests.Durability;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Overload;

/// <summary>
/// Goal: twice the load that the server can bear costs refusals and nothing else: memory stays bounded, the excess gets 429, what was acknowledged is there, and
/// once it is over the server is as quick as before (held with the full counts only). Method: the real server with a model; a closed loop finds the rate, an open loop doubles it. Latencies and
/// memory are compared with those of the same run.
/// </summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OverloadTests : IDisposable
{
    /// <summary>Alone, because the other tests would be a part of the load.</summary>
    public const string Name = "load";

    private const int Users = 20_000, Items = 1_000, Seed = 1;

    /// <summary>More than a server serves and queues at once (256 + 1,024), so that it must refuse.</summary>
    private const int ConnectionsMax = 2_000;

    private const int SaturatingConnections = 64;
    private const int EventsMax = 32_000_000;
    private const int DoublingsMax = 3;

    /// <summary>What may grow: a request's memory times those that are served and wait, and what the collector keeps; and what was accepted, in the shard and in the user's view.</summary>
    private const long GrowthBytesMax = 384L << 20, EventBytesMax = 64;

    private static readonly TimeSpan recoveryMax = TimeSpan.FromSeconds(10), trainingMax = TimeSpan.FromMinutes(3);

    private readonly ScratchFolder scratch = new();
    private readonly BitArray recorded = new(EventsMax);

    private static bool IsFull => Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1";

    private static TimeSpan Duration => TimeSpan.FromMinutes(IsFull ? 10 : 1);

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task TwiceTheSustainedRate_CostsRefusalsAndNothingElse()
    {
        await using var server = await ProductProcess.Serve(scratch["data"]);
        using var http = new HttpClient { BaseAddress = server.Address };
        await PlantModel(http);
        using var load = new OpenLoop(server.Address, ConnectionsMax, Request, Recorded);
        await load.Saturate(SaturatingConnections, TimeSpan.FromSeconds(5));
        LoadOutcome sustained = await load.Saturate(SaturatingConnections, TimeSpan.FromSeconds(10));
        double rate = sustained.LatenciesMs.Length / sustained.Seconds;
        LoadOutcome before = await load.Pace(rate / 2, TimeSpan.FromSeconds(10));
        double pace = await Overload(load, rate);
        long residentBefore = server.ResidentBytes, residentMost = residentBefore;

        LoadOutcome overload = await load.Pace(pace, Duration, () => residentMost = Math.Max(residentMost, server.ResidentBytes));

        LoadOutcome after = await load.Pace(rate / 2, recoveryMax);
        after = await load.Pace(rate / 2, recoveryMax);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"sustained {rate:f0}/s ({sustained})\nbefore, at half: {before}\nat twice: {overload}\nafter, at half: {after}\nmemory {residentBefore >> 20} MB before, {residentMost >> 20} MB at most");

        Assert.Empty(overload.Statuses.Keys.Except([200, 429]));
        Assert.True(overload.Answered(429) > 0, $"Nothing was refused: {overload}");
        Assert.Equal(0, overload.WithoutRetryAfter);
        Assert.True(overload.Answered(200) > rate * Duration.TotalSeconds / 4, $"Too little was served under overload: {overload}");
        long accepted = Acknowledged().Sum(user => user.Value.LongLength);
        Assert.True(residentMost - residentBefore < GrowthBytesMax + (accepted * EventBytesMax), $"Memory grew from {residentBefore >> 20} to {residentMost >> 20} MB.");
        Assert.Empty(after.Statuses.Keys.Except([200, 429]));
        Assert.True(after.Answered(200) > 9 * after.Answered(429), $"Half the rate is still refused ten seconds after: {after}");
        // A neighbour's work looks like a slow recovery, so these are held only where the machine is the proof's own.
        Assert.True(!IsFull || after.Answered(429) + after.Unsent == 0, $"Half the rate is still refused ten seconds after: {after}");
        Assert.True(!IsFull || after.P99Ms < Math.Max(2 * before.P99Ms, before.P99Ms + 25), $"p99 was {before.P99Ms:f1} ms at half the rate before, and is {after.P99Ms:f1} ms ten seconds after.");
        Assert.Empty(await ExportCheck.Violations(server.Address, Acknowledged(), isQuiet: false));
    }

    /// <summary>Twice the sustained rate; more where a neighbour's work made the server seem slower than it is, so that nothing is refused at twice.</summary>
    private static async Task<double> Overload(OpenLoop load, double rate)
    {
        double pace = rate * 2;
        for (int doubled = 0; doubled < DoublingsMax && (await load.Pace(pace, TimeSpan.FromSeconds(5))).Answered(429) == 0; doubled++)
            pace *= 2;
        return pace;
    }

    /// <summary>Three in five requests record an event, two of them ask for the list too; the others ask for a list.</summary>
    private static string Request(int number)
    {
        string user = UserOf(number);
        if (!IsEvent(number))
            return $"GET /v1/users/{user}/recommendations HTTP/1.1\r\nHost: localhost\r\n\r\n";
        string body = $"{{\"eventId\":\"e{number}\",\"userId\":\"{user}\",\"itemId\":\"i{ItemOf(number)}\",\"type\":\"view\"}}";
        return $"POST /v1/events{(number % 5 < 2 ? "?then=recommend" : "")} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private static bool IsEvent(int number) => number % 5 < 3;

    /// <summary>Of twenty that a user comes back to, so that a list costs the same at the end as at the beginning.</summary>
    private static int ItemOf(int number) => ((number % Users * 7) + (number / Users % 20)) % Items;

    private static string UserOf(int number) => $"u{number % Users}";

    private void Recorded(int number)
    {
        lock (recorded)
            recorded[number] = true;
    }

    private static async Task PlantModel(HttpClient http)
    {
        var dice = new Random(Seed);
        for (int first = 0; first < Users; first += 500)
        {
            var events = from user in Enumerable.Range(first, 500) from n in Enumerable.Range(0, 10)
                select new { eventId = $"p{n}", userId = $"u{user}", itemId = $"i{(user % 10 * 100) + dice.Next(100)}", type = "view" };
            (await http.PostAsJsonAsync("/v1/events", events)).EnsureSuccessStatusCode();
        }
        (await http.PostAsJsonAsync("/v1/training", new { rank = 32, sweeps = 3 })).EnsureSuccessStatusCode();
        using var late = new CancellationTokenSource(trainingMax);
        for (string phase = ""; phase != "done"; phase = (await http.GetFromJsonAsync<JsonElement>("/v1/training", late.Token)).GetProperty("phase").GetString()!)
            Assert.NotEqual("failed", phase);
    }

    private Dictionary<string, string[]> Acknowledged() =>
        Enumerable.Range(0, EventsMax).Where(number => recorded[number] && IsEvent(number)).GroupBy(UserOf)
            .ToDictionary(user => user.Key, user => user.Select(number => $"e{number}").ToArray());
}
