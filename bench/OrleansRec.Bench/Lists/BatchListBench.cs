using System.Diagnostics;
using System.Net.Http.Json;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Shapes;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Lists;

/// <summary>The lists of all users, over HTTP, from the request to the last byte. Arguments: <c>--users N</c>, <c>--items N</c>, <c>--rounds N</c>.</summary>
internal sealed class BatchListBench : IBenchSection
{
    private const double GoalSeconds = 10;

    private const int PairsOfUser = 20, Rounds = 3, BufferBytes = 1 << 16;

    public string Name => "batch-lists";

    public IReadOnlyList<int> Points { get; } = [4];

    public async Task Measure(BenchRun run)
    {
        int users = run.Arguments.Number("--users", 100_000), items = run.Arguments.Number("--items", 20_000), rounds = run.Arguments.Number("--rounds", Rounds);
        string folder = Directory.CreateTempSubdirectory("orleansrec-batch-lists-").FullName;
        try
        {
            string file = Path.Combine(folder, "events.csv"), data = Path.Combine(folder, "data");
            int pairs = users * PairsOfUser;
            HistoryCsv.Write(file, new(PairShape.TenMillion with { Users = users, Items = items, Pairs = pairs }, pairs));
            await ProductCommand.Run("import", file, "--data", data, "--format", "csv", "--columns", HistoryCsv.Columns, "--json");
            await ProductCommand.Run("train", "--data", data, "--rank", "64", "--lambda", "10", "--alpha", "1", "--sweeps", "3", "--seed", "1", "--json");
            await using ProductProcess server = await ProductProcess.Serve(data);
            using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(10) };
            long lines = 0;
            var seconds = new double[rounds];
            for (int round = 0; round < rounds; round++)
                (seconds[round], lines) = await Read(http);
            string what = Invariant($"lists of {users:N0} users, {items:N0} items, k = 64, 10 a list, over HTTP");
            run.Add(Goal.AtMost(4, what, GoalSeconds, new(seconds), GoalUnit.Seconds, "from the request to the last byte, server and reader on one machine"));
            run.Add(Goal.Of(4, $"every user has a line: {what}", lines == users, Invariant($"{lines:N0} of {users:N0}")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Seconds, long Lines)> Read(HttpClient http)
    {
        long start = Stopwatch.GetTimestamp(), lines = 0;
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/recommendations/batch") { Content = JsonContent.Create(new { k = 10 }) };
        using HttpResponseMessage answer = (await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
        await using Stream content = await answer.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = await content.ReadAsync(buffer)) > 0;)
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, lines);
    }
}
