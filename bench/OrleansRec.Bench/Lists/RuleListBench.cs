using System.Globalization;
using System.Text;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Http;
using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Shapes;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Lists;

/// <summary>Lists of three models under filters and rules beside plain lists of the factors, over HTTP, with a catalogue of 100,000 items.</summary>
internal sealed class RuleListBench : IBenchSection
{
    private const int Attempts = 7, Connections = 64;

    private const double RateGoal = 0.5;

    private static readonly TimeSpan _measured = TimeSpan.FromSeconds(3);

    private static readonly HistoryShape _shape = new(PairShape.TenMillion with { Users = 10_000, Items = 100_000, Pairs = 970_000 }, 1_000_000);

    /// <summary>Three models, a filter, a cap that a list of 59 needs, a boost and a bury.</summary>
    private const string Scenario = """
        {"parts": [{"name": "als", "weight": 1}, {"name": "item-item", "weight": 0.5}, {"name": "popular", "weight": 0.25}], "filter": "item.stock > 0",
         "rules": [{"name": "brands", "kind": "cap", "field": "brand", "most": 3},
                   {"name": "rated", "kind": "boost", "when": "item.rating > 4", "factor": "1.2"},
                   {"name": "dear", "kind": "bury", "when": "item.price > 80", "factor": "0.8"}]}
        """;

    public string Name => "lists-rules";

    public IReadOnlyList<int> Points { get; } = [5];

    public async Task Measure(BenchRun run)
    {
        string folder = Directory.CreateTempSubdirectory("orleansrec-rule-lists-").FullName;
        try
        {
            await using ProductProcess server = await ProductProcess.Serve(await Shop(folder));
            await Put(server.Address);
            LoadTurns turns = await Task.Run(() =>
            {
                using ShopLoad other = new(server.Address, Connections, r => r.ListOfAnyLength, shape: _shape), own = new(server.Address, Connections, r => r.ListWithRules, shape: _shape);
                return LoadTurns.Measure(own, other, Attempts, _measured);
            });
            run.Add(Goal.AtLeast(5, Invariant($"lists of three models with filters and rules over HTTP, {_shape.Items:N0} items, 10 to 59 entries, over plain lists of the factors"), RateGoal,
                turns.Ratios, GoalUnit.Share, Invariant($"{turns.Text} over {Connections} connections")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Shop(string folder)
    {
        string events = Path.Combine(folder, "events.csv"), items = Path.Combine(folder, "items.csv"), data = Path.Combine(folder, "data");
        HistoryCsv.Write(events, _shape);
        WriteItems(items);
        await ProductCommand.Run("import", events, "--data", data, "--format", "csv", "--columns", HistoryCsv.Columns, "--json");
        await ProductCommand.Run("items", "import", items, "--data", data, "--json");
        await ProductCommand.Run("train", "--data", data, "--rank", "64", "--lambda", "10", "--alpha", "1", "--sweeps", "4", "--seed", "1", "--json");
        return data;
    }

    private static void WriteItems(string path)
    {
        var random = new Random(1);
        using var file = new StreamWriter(path);
        file.WriteLine("item,title,categories,brand,price,stock,rating");
        for (int n = 0; n < _shape.Items; n++)
            file.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"item-{n},a title of item {n},c{random.Next(10)}|d{random.Next(100)},b{random.Next(500)},{random.NextDouble() * 100:0.00},{random.Next(20)},{random.NextDouble() * 5:0.0}"));
    }

    private static async Task Put(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        using var scenario = new StringContent(Scenario, Encoding.UTF8, "application/json");
        (await http.PutAsync(new Uri("/v1/scenarios/bench", UriKind.Relative), scenario)).EnsureSuccessStatusCode();
    }
}
