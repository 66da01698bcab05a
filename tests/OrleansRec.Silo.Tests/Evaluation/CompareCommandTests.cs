using System.Globalization;
using System.Text;
using OrleansRec.Silo.Tests.Commands;

namespace OrleansRec.Silo.Tests.Evaluation;

/// <summary>evaluate --split and tune on a small planted file: every model side by side, reports, and a search that goes on from its journal.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class CompareCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("compare-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>60 users of three tastes, 10 of 20 items each, one a day; titles name the taste.</summary>
    private (string Events, string Titles) Files()
    {
        var (events, titles) = (new StringBuilder("user,item,time\n"), new StringBuilder("item,title\n"));
        var day = new DateTime(2024, 1, 1, 12, 0, 0, DateTimeKind.Utc);
        for (int user = 0; user < 60; user++)
        {
            var random = new Random(user);
            foreach (var (n, item) in Enumerable.Range(0, 20).OrderBy(_ => random.Next()).Take(10).Index())
                events.Append(CultureInfo.InvariantCulture, $"u{user},t{user % 3}-{item},{day.AddDays(n):yyyy-MM-ddTHH:mm:ssZ}\n");
        }
        foreach (int taste in (int[])[0, 1, 2])
            for (int item = 0; item < 20; item++)
                titles.Append(CultureInfo.InvariantCulture, $"t{taste}-{item},\"{"garden kitchen music".Split(' ')[taste]} thing, {item}\"\n");
        return (Write("events.csv", events.ToString()), Write("titles.csv", titles.ToString()));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Theory, InlineData("time"), InlineData("random"), InlineData("leave-one-out")]
    public async Task Evaluate_Split_PutsEveryModelSideBySide_AndWritesReports(string split)
    {
        var (events, titles) = Files();
        var (code, written, said) = await CommandRun.Of(
            "evaluate", "--train", events, "--split", split, "--titles", titles, "--als-trials", "4", "--blend-trials", "0", "--workers", "1", "--report", _folder, "--json");
        Assert.True(code == 0, said);
        var models = CommandRun.Json(written).GetProperty("models").EnumerateArray().ToDictionary(m => m.GetProperty("model").GetString()!, m => m.GetProperty("ndcg@10").GetDouble());
        Assert.Superset(new HashSet<string> { "als", "item-item", "user-user", "ease", "content", "sequence", "popular", "random", "hybrid" }, models.Keys.ToHashSet());
        Assert.True(models["hybrid"] > models["random"]);
        Assert.True(models["content"] > models["random"]);
        string page = File.ReadAllText(Path.Combine(_folder, "events-csv.html"));
        Assert.Contains("<svg", page);
        Assert.Contains("| hybrid |", File.ReadAllText(Path.Combine(_folder, "report.md")));
    }

    /// <summary>After item n comes n + 1: what the sequence model learns of it, no other part does.</summary>
    [Fact]
    public async Task Evaluate_FileOfSequences_RanksTheSequenceModelFirst()
    {
        string file = Write("walks.txt", string.Join('\n', Enumerable.Range(0, 300).Select(u => $"u{u} {string.Join(' ', Enumerable.Range(0, 8).Select(n => $"i{(u * 7 + n) % 40}"))}")));
        var (code, written, said) = await CommandRun.Of(
            "evaluate", "--train", file, "--format", "sequences", "--split", "leave-one-out", "--rank", "4", "--blend-trials", "0", "--workers", "1", "--json");
        Assert.True(code == 0, said);
        var models = CommandRun.Json(written).GetProperty("models").EnumerateArray().ToDictionary(m => m.GetProperty("model").GetString()!, m => m.GetProperty("ndcg@10").GetDouble());
        Assert.True(models["sequence"] > 0.9, $"{models["sequence"]}");
        Assert.True(models["hybrid"] > 0.9, $"{models["hybrid"]}");
        Assert.True(models["als"] < 0.8, $"{models["als"]}");
    }

    [Fact]
    public async Task Evaluate_KFold_TellsEveryFold()
    {
        var (events, _) = Files();
        var (code, written, said) = await CommandRun.Of(
            "evaluate", "--train", events, "--split", "k-fold", "--folds", "2", "--rank", "8", "--blend-trials", "0", "--workers", "1", "--report", _folder);
        Assert.True(code == 0, said);
        Assert.Contains("fold 2 of 2", written);
        Assert.True(File.Exists(Path.Combine(_folder, "events-csv--fold-2-of-2.html")));
        Assert.Contains("fold 1 of 2", File.ReadAllText(Path.Combine(_folder, "report.md")));
    }

    [Fact]
    public async Task Tune_CutOff_GoesOnFromItsJournalToTheSameAnswer()
    {
        var (events, _) = Files();
        string whole = Path.Combine(_folder, "whole.jsonl"), cut = Path.Combine(_folder, "cut.jsonl");
        Task<(int Code, string Out, string Error)> Tune(string journal) =>
            CommandRun.Of("tune", "--train", events, "--trials", "13", "--workers", "1", "--journal", journal, "--json");
        var first = await Tune(whole);
        Assert.True(first.Code == 0, first.Error);
        string[] lines = File.ReadAllLines(whole);
        Assert.Equal(1 + 13, lines.Length);
        File.WriteAllLines(cut, lines[..8]);
        var again = await Tune(cut);
        Assert.Equal(first.Out, again.Out);
        Assert.Equal(lines, File.ReadAllLines(cut));
        Assert.Equal(6, again.Error.Split('\n').Count(l => l.StartsWith("trial ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("split 'sideways': must be one of time, random", "--split", "sideways")]
    [InlineData("share '1': must be above 0 and below 1", "--split", "time", "--share", "1")]
    [InlineData("folds '1': must be 2 to 100", "--split", "k-fold", "--folds", "1")]
    [InlineData("titles '': must be given with --new-items", "--split", "time", "--new-items")]
    [InlineData("test '': must be given, or --split", "--models")]
    [InlineData("test '': must be given")]
    [InlineData("reference '/nowhere': must hold NAME_train.csv.gz", "--reference", "/nowhere")]
    public async Task Evaluate_BadInput_NamesFieldValueAndRule(string message, params string[] args)
    {
        var (events, _) = Files();
        var (code, _, said) = await CommandRun.Of(["evaluate", "--train", events, .. args]);
        Assert.Equal(2, code);
        Assert.Contains(message, said);
    }
}
