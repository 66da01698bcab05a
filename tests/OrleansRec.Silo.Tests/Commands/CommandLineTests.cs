namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Exit codes and messages: 2 with field, value and rule for the caller's mistakes, and --json prints exactly one object.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("stroll")]
    [InlineData("import")]
    [InlineData("import", "x.csv")]
    [InlineData("serve")]
    [InlineData("gateway")]
    [InlineData("recommend", "ann", "--k", "many", "--data", "d")]
    [InlineData("recommend", "ann", "--speed", "1", "--data", "d")]
    public async Task Run_WrongUsage_ExitsWithTwo(params string[] args)
    {
        var (code, written, said) = await CommandRun.Of(args);
        Assert.Equal((2, ""), (code, written));
        Assert.StartsWith("error: ", said);
    }

    [Theory]
    [InlineData("command 'stroll': must be a command", "stroll")]
    [InlineData("command '': ")]
    [InlineData("recommend '--speed': must be an option of this command", "recommend", "ann", "--speed", "1", "--data", "d")]
    [InlineData("lambda 'x': must be a number", "train", "--data", "d", "--lambda", "x")]
    [InlineData("k 'many': must be a whole number", "recommend", "ann", "--k", "many", "--data", "d")]
    [InlineData("seed '1 2': must be given once", "train", "--data", "d", "--seed", "1", "--seed", "2")]
    [InlineData("see: ./rec models promote --help", "models", "promote", "x", "--data", "d")]
    [InlineData("host '0.0.0.0': must be a loopback address", "serve", "--data", "d", "--host", "0.0.0.0", "--insecure-loopback")]
    [InlineData("k '0': must be 1 to 1000", "recommend", "ann", "--k", "0", "--data", "d")]
    [InlineData("k '100000': must be 1 to 1000", "recommend", "ann", "--k", "100000", "--data", "d")]
    [InlineData("data 'd': must be a data folder", "recommend", "ann", "--data", "d")]
    [InlineData("data '': exactly one of", "recommend", "ann")]
    [InlineData("USER '': must be given, or --all, or --users", "recommend", "--data", "d")]
    [InlineData("USER 'ann': must be given without --all and --users", "recommend", "ann", "--all", "--to", "x.csv", "--data", "d")]
    [InlineData("USER 'ids': must be given without --all and --users", "recommend", "--all", "--users", "ids", "--to", "x.csv", "--data", "d")]
    [InlineData("to '': must be given with --all and --users", "recommend", "--all", "--data", "d")]
    [InlineData("to 'x.csv': must be absent for the list of one user", "recommend", "ann", "--to", "x.csv", "--data", "d")]
    [InlineData("server 'nowhere': must be a URL", "recommend", "ann", "--server", "nowhere")]
    [InlineData("port '70000': must be 0 to 65535", "serve", "--data", "d", "--port", "70000")]
    [InlineData("format 'xml': must be one of csv, tsv", "import", "x", "--format", "xml", "--data", "d")]
    [InlineData("file 'x.csv': must be a file", "import", "x.csv", "--format", "csv", "--data", "d")]
    [InlineData("confidence 'much': must be one-plus", "evaluate", "--train", "a", "--test", "b", "--confidence", "much")]
    [InlineData("kind 'tree': must be als or sequence", "evaluate", "--train", "a", "--kind", "tree")]
    [InlineData("test '': must be given", "evaluate", "--train", "a")]
    [InlineData("format 'csv': must be sequences", "evaluate", "--train", "a", "--kind", "sequence", "--format", "csv", "--split", "leave-one-out")]
    [InlineData("split '': must be leave-one-out", "evaluate", "--train", "a", "--kind", "sequence", "--format", "sequences")]
    [InlineData("split 'time': must be leave-one-out", "evaluate", "--train", "a", "--kind", "sequence", "--format", "sequences", "--split", "time")]
    [InlineData("split 'half': must be one of time, random, leave-one-out, k-fold", "evaluate", "--train", "a", "--split", "half")]
    [InlineData("test 'b': must be absent with --split", "evaluate", "--train", "a", "--test", "b", "--split", "time")]
    [InlineData("test 'b': must be absent with --kind sequence", "evaluate", "--train", "a", "--test", "b", "--kind", "sequence", "--format", "sequences", "--split", "leave-one-out")]
    [InlineData("objective 'better': must be one of", "train", "--data", "d", "--objective", "better")]
    public async Task Run_BadInput_NamesFieldValueAndRule(string message, params string[] args)
    {
        var (code, _, said) = await CommandRun.Of(args);
        Assert.Equal(2, code);
        Assert.Contains(message, said);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    public async Task Run_BadInputWithJson_PrintsTheErrorAsOneObject(string k)
    {
        var (code, written, _) = await CommandRun.Of("recommend", "ann", "--k", k, "--data", "d", "--json");
        var error = CommandRun.Json(written).GetProperty("error");
        Assert.Equal((2, "k", k), (code, error.GetProperty("field").GetString(), error.GetProperty("value").GetString()));
    }

    // Fixed: a command that ended before item shards were awake once said so in a warning with a stack trace for each.
    [Fact]
    public async Task Import_AFewLines_WarnsOfNothing()
    {
        string file = Write("user,item\nann,x\nbob,y\n"), data = Path.Combine(_folder, "data");
        foreach (int _ in Enumerable.Range(0, 3))
            Assert.DoesNotContain("warn", (await CommandRun.Of("import", file, "--format", "csv", "--data", data)).Error);
    }

    [Fact]
    public async Task Import_DryRun_ListsLinesAndWritesNothing()
    {
        string file = Write("user,item,value\nann,x,1\nann,y,NaN\nbob\n");
        string data = Path.Combine(_folder, "data");
        var (code, written, _) = await CommandRun.Of("import", file, "--format", "csv", "--data", data, "--dry-run", "--json");
        var report = CommandRun.Json(written);
        Assert.Equal((0, 3, 1), (code, report.GetProperty("lines").GetInt32(), report.GetProperty("accepted").GetInt32()));
        Assert.Equal([3, 4], report.GetProperty("rejectedLines").EnumerateArray().Select(l => l.GetProperty("line").GetInt32()));
        Assert.Equal(4, report.GetProperty("rejected").GetProperty("too few columns").GetProperty("firstLine").GetInt32());
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Run_ImportTrainRecommend_AnswersAPersonalList()
    {
        // Two crowds with items of their own: whoever lacks one item of a crowd must be offered it first.
        var lines = from user in Enumerable.Range(0, 40) from item in Enumerable.Range(0, 8)
                    where !(user < 2 && item == 3) select $"u{user},{(user % 2 == 0 ? "a" : "b")}{item}";
        string file = Write("user,item\n" + string.Join('\n', lines) + "\n");
        string data = Path.Combine(_folder, "data");
        Assert.Equal(0, (await CommandRun.Of("import", file, "--format", "csv", "--data", data, "--json")).Code);
        var again = CommandRun.Json((await CommandRun.Of("import", file, "--format", "csv", "--data", data, "--json")).Out);
        Assert.Equal((0, 318), (again.GetProperty("accepted").GetInt32(), again.GetProperty("duplicates").GetInt32()));
        var trained = await CommandRun.Of("train", "--data", data, "--rank", "4", "--lambda", "0.1", "--alpha", "5", "--sweeps", "5", "--seed", "1", "--json");
        Assert.Equal((0, 318), (trained.Code, CommandRun.Json(trained.Out).GetProperty("pairs").GetInt32()));
        foreach (var (user, item) in new[] { ("u0", "a3"), ("u1", "b3") })
        {
            var list = CommandRun.Json((await CommandRun.Of("recommend", user, "--k", "3", "--data", data, "--json")).Out);
            Assert.Equal(item, list.GetProperty("items")[0].GetProperty("itemId").GetString());
        }
    }

    [Fact]
    public async Task Run_TrainASequenceModel_RecommendsWhatComesNext()
    {
        // After item n comes item n + 1, and a day between them.
        var lines = from user in Enumerable.Range(0, 120) from n in Enumerable.Range(0, 8) select $"u{user},i{(user * 5 + n) % 30},{1_700_000_000 + 86_400 * n}";
        string file = Write("user,item,time\n" + string.Join('\n', lines) + "\n"), data = Path.Combine(_folder, "data");
        Assert.Equal(0, (await CommandRun.Of("import", file, "--format", "csv", "--data", data, "--json")).Code);
        var (code, trained, said) = await CommandRun.Of(
            "train", "--data", data, "--rank", "4", "--sweeps", "2", "--kind", "sequence", "--width", "16", "--length", "8", "--batch", "16", "--learning-rate", "0.01", "--epochs", "12", "--json");
        Assert.True(code == 0, said);
        var sequence = CommandRun.Json(trained).GetProperty("sequence");
        Assert.Equal(sequence.GetProperty("losses").GetArrayLength(), sequence.GetProperty("ndcg").GetArrayLength() + sequence.GetProperty("epochsMax").GetInt32());
        var items = CommandRun.Json((await CommandRun.Of("recommend", "u7", "--k", "3", "--data", data, "--json")).Out).GetProperty("items").EnumerateArray().ToArray();
        Assert.Contains(items, i => i.GetProperty("itemId").GetString() == $"i{(7 * 5 + 8) % 30}");
        Assert.All(items, i => Assert.Equal("sequence", i.GetProperty("source").GetString()));
        Assert.Equal(2, (await CommandRun.Of("train", "--data", data, "--kind", "als", "--width", "8")).Code);
    }

    [Fact]
    public async Task Restore_OfABackup_HoldsTheSameUsers()
    {
        string file = Write("user,item\nann,x\n");
        string data = Path.Combine(_folder, "data"), copy = Path.Combine(_folder, "copy"), restored = Path.Combine(_folder, "restored");
        await CommandRun.Of("import", file, "--format", "csv", "--data", data);
        Assert.Equal(0, (await CommandRun.Of("backup", copy, "--data", data)).Code);
        Assert.Equal(0, (await CommandRun.Of("restore", copy, "--data", restored)).Code);
        var user = CommandRun.Json((await CommandRun.Of("users", "show", "ann", "--data", restored, "--json")).Out);
        Assert.Equal(1, user.GetProperty("events").GetInt32());
    }

    [Fact]
    public async Task Evaluate_OtherShardsWorkersAndOrder_GiveTheSameFactors()
    {
        var random = new Random(5);
        string[] pairs = [.. Enumerable.Range(0, 60).SelectMany(u => Enumerable.Range(0, 12).Select(_ => $"u{u},i{random.Next(30)},{random.Next(1, 4)}\n"))];
        string train = Write("user,item,value\n" + string.Concat(pairs[..600])), test = Write("user,item,value\n" + string.Concat(pairs[600..]));
        random.Shuffle(pairs.AsSpan(0, 600));
        string shuffled = Write("user,item,value\n" + string.Concat(pairs[..600]));
        var first = await Evaluate(train, test, "1", "1");
        foreach (var (file, shards, workers) in new[] { (shuffled, "3", "2"), (train, "16", "1"), (shuffled, "16", "2") })
        {
            var other = await Evaluate(file, test, shards, workers);
            Assert.Equal(first.GetProperty("factorsHash").GetString(), other.GetProperty("factorsHash").GetString());
            Assert.Equal(first.GetProperty("ndcg@10").GetDouble(), other.GetProperty("ndcg@10").GetDouble());
        }
        foreach (string figure in new[] { "users", "recall@20", "ndcg@10", "ndcg@100", "hitrate@10", "map@10" })
            Assert.True(first.GetProperty("popularity").TryGetProperty(figure, out _), figure);
    }

    // Fixed: the count of users, an int, once broke the table.
    [Fact]
    public async Task Evaluate_WithoutJson_PrintsATable()
    {
        string train = Write("user,item\nu1,a\nu1,b\nu2,a\nu2,c\n"), test = Write("user,item\nu1,c\nu2,b\n");
        var (code, written, said) = await CommandRun.Of(
            "evaluate", "--train", train, "--test", test, "--columns", "user=user,item=item", "--rank", "2", "--lambda", "1", "--sweeps", "2");
        Assert.True(code == 0, said);
        Assert.Contains("users", written);
        Assert.Contains("ndcg@10", written);
    }

    /// <summary>Histories that go round in a circle: the item after the last is certain, so nearly every list has it; the same figures on one thread and on two.</summary>
    [Fact]
    public async Task Evaluate_SequencesThatRepeat_FindsTheNextItem()
    {
        string file = Write(string.Concat(Enumerable.Range(0, 60).Select(u => $"u{u} {string.Join(' ', Enumerable.Range(u, 8).Select(t => $"i{t % 30}"))}\n")));
        var figures = new List<string>();
        foreach (string workers in new[] { "1", "2" })
        {
            var (code, written, said) = await CommandRun.Of(
                "evaluate", "--kind", "sequence", "--format", "sequences", "--train", file, "--split", "leave-one-out", "--seed", "3", "--workers", workers, "--json");
            Assert.True(code == 0, said);
            var json = CommandRun.Json(written);
            Assert.Equal((60, 3), (json.GetProperty("users").GetInt32(), json.GetProperty("seed").GetInt32()));
            Assert.InRange(json.GetProperty("recall@10").GetDouble(), 0.9, 1);
            Assert.InRange(json.GetProperty("epochs").GetInt32(), 1, 60);
            foreach (string baseline in new[] { "lastItemNeighbours", "transitions", "sessionNeighbours" })
                Assert.InRange(json.GetProperty("baselines").GetProperty(baseline).GetProperty("ndcg@10").GetDouble(), 0.2, 1);
            figures.Add($"{json.GetProperty("ndcg@10")} {json.GetProperty("losses")}");
        }
        Assert.Equal(figures[0], figures[1]);
    }

    [Theory]
    [InlineData("a 1 2\na 2 3\n", "line 2': must have a user that is on no line before")]
    [InlineData("a 1\nb 1\n", "must hold at least 2 items; it holds 1")]
    [InlineData("a 1 2\nb 1 3\n", "At least one user must have 3 items")]
    public async Task Evaluate_SequencesOfNoUse_AreRefused(string text, string message)
    {
        var (code, _, said) = await CommandRun.Of("evaluate", "--kind", "sequence", "--format", "sequences", "--train", Write(text), "--split", "leave-one-out");
        Assert.NotEqual(0, code);
        Assert.Contains(message, said);
    }

    private static async Task<System.Text.Json.JsonElement> Evaluate(string train, string test, string shards, string workers)
    {
        var (code, written, said) = await CommandRun.Of(
            "evaluate", "--train", train, "--test", test, "--columns", "user=user,item=item,value=value", "--rank", "64", "--lambda", "1",
            "--alpha", "1", "--sweeps", "3", "--seed", "1", "--shards", shards, "--workers", workers, "--json");
        Assert.True(code == 0, said);
        return CommandRun.Json(written);
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
