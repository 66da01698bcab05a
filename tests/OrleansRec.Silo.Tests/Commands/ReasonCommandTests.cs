namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Goal: why an item is in a list, why it is not, and what would be are told on the command line as over HTTP. Method: one data folder with two tastes, one command after the other.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ReasonCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reasons-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RecommendWhyNotAndWhatIf_TellTheSameOfOneUser()
    {
        await Import();

        string explained = await Run("recommend", "u0", "--k", "1", "--explain", "--language", "de");
        Assert.Contains("Weil Sie „", explained);
        var list = CommandRun.Json(await Run("recommend", "u0", "--k", "1", "--explain", "--json")).GetProperty("items")[0];
        string first = list.GetProperty("itemId").GetString()!;
        Assert.StartsWith("Because you bought a", list.GetProperty("sentence").GetString());
        Assert.Equal("a0", first);

        Assert.Contains("a0 is in the list: place 1", await Run("why-not", "u0", "a0", "--k", "1"));
        Assert.Contains("a1 is not in the list: seen", await Run("why-not", "u0", "a1"));
        Assert.Contains("a0 is not in the list: filter, rule (filter)", await Run("why-not", "u0", "a0", "--where", "item.price > 100"));
        Assert.Equal("rank", CommandRun.Json(await Run("why-not", "u0", "b1", "--k", "1", "--json")).GetProperty("reason").GetString());

        var other = CommandRun.Json(await Run("what-if", "u0", "--k", "1", "--add", "purchase=b1", "--add", "purchase=b2", "--remove", "a1", "--remove", "a2", "--remove", "a3", "--json"));
        Assert.StartsWith("b", other.GetProperty("list").GetProperty("items")[0].GetProperty("itemId").GetString());
        Assert.Equal("a0", other.GetProperty("left")[0].GetString());
        Assert.Contains("2 events added, 0 left out; 0 items entered, 0 left, 0 moved", await Run("what-if", "u0", "--k", "1", "--add", "view=a1", "--add", "view=a2"));
        string rules = Path.Combine(_folder, "rules.json");
        await File.WriteAllTextAsync(rules, """[{"name":"pin","kind":"pin","item":"b3","position":1}]""", TestContext.Current.CancellationToken);
        Assert.Contains("1 items entered, 1 left (a0), 0 moved", await Run("what-if", "u0", "--k", "1", "--rules", rules));
        Assert.Contains("is in the list: place 1", await Run("why-not", "u0", "a0", "--k", "1"));
    }

    [Theory]
    [InlineData("add 'mug': must be an event type and an item", "what-if", "u0", "--add", "mug")]
    [InlineData("weight 'als': must be a part and a number", "what-if", "u0", "--weight", "als")]
    [InlineData("weight 'als=2': must be a part and a number, such as als=0.5, each part once", "what-if", "u0", "--weight", "als=1", "--weight", "als=2")]
    [InlineData("rules 'nowhere.json': must be a file", "what-if", "u0", "--rules", "nowhere.json")]
    [InlineData("k '0': must be 1 to 1000", "why-not", "u0", "a0", "--k", "0")]
    public async Task BadOption_IsNamed(string message, params string[] args)
    {
        var (code, _, said) = await CommandRun.Of([.. args, "--data", Path.Combine(_folder, "none")]);

        Assert.Equal(2, code);
        Assert.Contains(message, said);
    }

    /// <summary>Users with an even number buy a's, the others b's, each all but one; u0 has not bought a0.</summary>
    private async Task Import()
    {
        string events = Path.Combine(_folder, "events.csv");
        var lines = from user in Enumerable.Range(0, 16) from item in Enumerable.Range(0, 4) where item != user / 2 % 4 select $"u{user},{(user % 2 == 0 ? 'a' : 'b')}{item},purchase";
        await File.WriteAllLinesAsync(events, lines.Prepend("user,item,type"), TestContext.Current.CancellationToken);
        await Run("import", events, "--format", "csv");
        await Run("train", "--rank", "2", "--sweeps", "5", "--lambda", "0.1", "--seed", "1");
    }

    private async Task<string> Run(params string[] args)
    {
        var (code, said, errors) = await CommandRun.Of([.. args, "--data", Path.Combine(_folder, "data")]);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {errors}");
        return said;
    }
}
