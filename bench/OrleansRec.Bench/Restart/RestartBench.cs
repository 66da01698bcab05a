using System.Diagnostics;
using System.Text.Json;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Ingest;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Restart;

/// <summary>
/// How long after a SIGKILL the list of before is back: from the start of the program to the answer, with a million interactions and a trained model.
/// Arguments: <c>--events N</c>, <c>--rounds N</c>.
/// </summary>
internal sealed class RestartBench : IBenchSection
{
    private const double GoalSeconds = 2;

    private const int Rounds = 5;

    /// <summary>Has at least one event, whatever the size: lists of popular items may change while their counts are fed again.</summary>
    private static readonly string s_user = EventSample.Events(1).First().UserId;

    public string Name => "restart";

    public IReadOnlyList<int> Points { get; } = [9];

    public async Task Measure(BenchRun run)
    {
        int events = run.Arguments.Number("--events", 1_000_000), rounds = run.Arguments.Number("--rounds", Rounds);
        string folder = Directory.CreateTempSubdirectory("orleansrec-restart-").FullName;
        try
        {
            string data = await Prepare(folder, events);
            using var http = new HttpClient();
            string before = await FirstList(http, data, _ => { });
            var seconds = new double[rounds];
            int same = 0;
            for (int round = 0; round < rounds; round++)
            {
                string list = await FirstList(http, data, elapsed => seconds[round] = elapsed.TotalSeconds);
                if (list == before)
                    same++;
                else
                    run.Say($"round {round}: the list was\n{before}\nand is\n{list}");
            }
            string after = Invariant($"after SIGKILL with {events:N0} interactions and a model of k = 64");
            run.Add(Goal.AtMost(9, $"the first list {after}", GoalSeconds, new(seconds), GoalUnit.Seconds, "from the start of the program to the answer"));
            run.Add(Goal.Of(9, $"that list equals the earlier one, {after}", same == rounds, Invariant($"{same} of {rounds}")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Prepare(string folder, int events)
    {
        string file = Path.Combine(folder, "events.csv"), data = Path.Combine(folder, "data");
        EventSample.WriteCsv(file, events);
        await ProductCommand.Run("import", file, "--data", data, "--format", "csv", "--columns", "user=user,item=item,type=type,time=time", "--json");
        await ProductCommand.Run("train", "--data", data, "--rank", "64", "--lambda", "10", "--alpha", "1", "--sweeps", "3", "--seed", "1", "--json");
        return data;
    }

    /// <summary>Starts the program, asks until it answers, and kills it.</summary>
    private static async Task<string> FirstList(HttpClient http, string data, Action<TimeSpan> answered)
    {
        long start = Stopwatch.GetTimestamp();
        int port = FreePorts.Take(1)[0];
        await using ProductProcess server = ProductProcess.Start(null, "serve", "--data", data, "--port", $"{port}", "--insecure-loopback");
        using var answer = await Ask(http, new($"http://127.0.0.1:{port}/v1/users/{s_user}/recommendations?k=10"));
        answered(Stopwatch.GetElapsedTime(start));
        // Everything but the identity of this very list.
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return string.Join('\n', json.RootElement.EnumerateObject().Where(p => p.Name != "recommendationId").Select(p => p.Value.GetRawText()));
    }

    private static async Task<HttpResponseMessage> Ask(HttpClient http, Uri list)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                var answer = await http.GetAsync(list);
                if (answer.IsSuccessStatusCode)
                    return answer;
            }
            catch (HttpRequestException) when (attempt < AttemptsMax)
            {
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    private const int AttemptsMax = 6_000;
}
