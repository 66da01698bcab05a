using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrleansRec.Silo.Tests.Durability;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Fuzz;

/// <summary>
/// Goal: no request whatever ends the server, is answered with 5xx, hangs or makes it grow, and what was recorded before is still there. Method: the real
/// server, requests made by seed and number (the failing one's number is in the message), several connections at once.
/// </summary>
public sealed class HttpFuzzTests : IDisposable
{
    private const int Seed = 20261122;
    private const int Connections = 8;
    private const int ProblemsListedMax = 20;
    private const long GrowthBytesMax = 96 << 20;

    private static readonly TimeSpan answerLimit = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder scratch = new();

    private static int Requests => Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1" ? 100_000 : 10_000;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task AnyRequest_IsAnsweredBelow500AndLeavesTheServerWhole()
    {
        await using var server = await ProductProcess.Serve(scratch["data"]);
        using var http = new HttpClient { BaseAddress = server.Address };
        var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json")).RootElement;
        var requests = new FuzzedRequests(document, Seed);
        Assert.True(requests.OperationCount >= 20, $"The document has {requests.OperationCount} operations.");
        // Not of the ids that requests are made of: nothing may change it.
        for (int n = 0; n < 5; n++)
            (await http.PostAsJsonAsync("/v1/events", new { eventId = $"planted{n}", userId = "planted user", itemId = $"planted{n}", type = "purchase" })).EnsureSuccessStatusCode();
        string planted = await http.GetStringAsync("/v1/users/planted%20user/export");

        int warm = Requests / 2;
        var statuses = new SortedDictionary<int, int>();
        List<string> problems = await Send(server.Address, requests, 0, warm, statuses);
        long before = server.ResidentBytes;
        problems.AddRange(await Send(server.Address, requests, warm, Requests, statuses));
        long growth = server.ResidentBytes - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{Requests} requests: {string.Join(", ", statuses.Select(s => $"{s.Key}: {s.Value}"))}; grown by {growth >> 20} MB in the second half.");
        Assert.True(problems.Count == 0, $"{problems.Count} problems:\n{string.Join('\n', problems.Take(ProblemsListedMax))}\nThe server's last lines:\n{server.Output}");
        (await http.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        Assert.Equal(planted, await http.GetStringAsync("/v1/users/planted%20user/export"));
        Assert.True(growth < GrowthBytesMax, $"The second half of the requests took {growth >> 20} MB more memory.");
        // Not a storm of refusals: a good part of the requests gets through.
        Assert.True(statuses.GetValueOrDefault(200) > Requests / 10, $"{statuses.GetValueOrDefault(200)} of {Requests} were answered with 200.");
    }

    private static async Task<List<string>> Send(Uri address, FuzzedRequests requests, int from, int to, SortedDictionary<int, int> statuses)
    {
        var problems = new List<string>();
        int next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new RawConnection(address);
            for (int n = Interlocked.Increment(ref next); n < to; n = Interlocked.Increment(ref next))
            {
                FuzzedRequest request = requests[n];
                string? problem;
                RawAnswer? answer = null;
                try
                {
                    answer = await connection.Send(request, answerLimit);
                    problem = ProblemOf(request, answer);
                }
                catch (TimeoutException e)
                {
                    problem = e.Message;
                }
                lock (problems)
                {
                    statuses[answer?.Status ?? -1] = statuses.GetValueOrDefault(answer?.Status ?? -1) + 1;
                    if (problem is not null)
                        problems.Add($"request {n} of seed {Seed}: {problem}");
                }
            }
        })));
        return problems;
    }

    private static string? ProblemOf(FuzzedRequest request, RawAnswer answer)
    {
        string said = $"{request.Method} {request.Target} -> {answer.Status.ToString(CultureInfo.InvariantCulture)} {Encoding.UTF8.GetString(answer.Body.AsSpan(0, Math.Min(answer.Body.Length, 300)))}";
        // 505 is the web server's word for a broken version in the request line.
        if (answer.Status >= 500 && (answer.Status != 505 || request.IsWellFormed))
            return said;
        if (!request.IsWellFormed)
            return null;
        if (answer.Status == 0)
            return said + " (closed without an answer)";
        bool mustExplain = answer.Status is >= 400 and not (414 or 431) && request.Target.StartsWith("/v1/", StringComparison.Ordinal) && request.Method != "HEAD" && !IsRefusedByParser(request);
        return mustExplain && !answer.ContentType.StartsWith("application/problem+json", StringComparison.Ordinal) ? said + " (no problem details)" : null;
    }

    /// <summary>The web server refuses these before any of our code runs, without a body, as it does lines and headers that are too long (414, 431); and it resolves dots, which may lead out of /v1.</summary>
    private static bool IsRefusedByParser(FuzzedRequest request) => request.Target.Contains("/..", StringComparison.Ordinal) || request.Method is "get" or "TRACE" || request.Target.Contains("%00", StringComparison.Ordinal) || request.Target.Contains('\0');
}
