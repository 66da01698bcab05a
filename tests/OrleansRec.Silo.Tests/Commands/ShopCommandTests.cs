namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Goal: items, users and event types are put, shown and refused on the command line as over HTTP. Method: one data folder, one command after the other.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ShopCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Data => Path.Combine(_folder, "data");

    [Fact]
    public async Task Items_PutWithDetails_AreShown()
    {
        Assert.Equal(0, (await Run("items", "put", "pot", "--title", "Pot", "--kind", "coupon", "--brand", "Acme", "--rating", "4.5", "--tag", "new", "--tag", "red", "--group", "pots",
            "--category", "Home > Garden", "--from", "2026-01-01", "--until", "2026-12-31T00:00:00Z", "--text", "A pot.", "--url", "/pot", "--vector", "text=0.5,-1")).Code);

        var item = CommandRun.Json((await Run("items", "show", "pot", "--json")).Out);

        Assert.Equal(("coupon", "Acme", 4.5, "pots"), (Text("kind"), Text("brand"), item.GetProperty("rating").GetDouble(), Text("group")));
        Assert.Equal(("2026-01-01T00:00:00+00:00", "2026-12-31T00:00:00+00:00", "A pot.", "/pot"), (Text("from"), Text("until"), Text("text"), Text("url")));
        Assert.Equal([0.5f, -1], item.GetProperty("vectors").GetProperty("text").EnumerateArray().Select(v => v.GetSingle()));
        Assert.Equal(["new", "red"], item.GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal(0, (await Run("items", "put", "plain")).Code);
        Assert.Equal("product", CommandRun.Json((await Run("items", "show", "plain", "--json")).Out).GetProperty("kind").GetString());

        string? Text(string name) => item.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("kind 'thing': must be one of", "--kind", "thing"), InlineData("from 'soon': must be ISO 8601", "--from", "soon"), InlineData("vector 'text': must be a name", "--vector", "text")]
    [InlineData("vector 'text=1,x': must be a name", "--vector", "text=1,x"), InlineData("url 'pot': must begin with", "--url", "pot")]
    public async Task Items_PutWithABadDetail_AreRefused(string message, params string[] options)
    {
        var (code, _, said) = await Run(["items", "put", "pot", .. options]);
        Assert.Equal(2, code);
        Assert.Contains(message, said);
    }

    [Fact]
    public async Task Users_PutAndMerged_AreShown()
    {
        Assert.Equal(0, (await Run("users", "put", "ann", "--attribute", "country=DE", "--no-personalise", "--retention-days", "30")).Code);
        Assert.Equal(0, (await Run("users", "merge", "ann", "--from", "visitor")).Code);

        var (code, shown, _) = await Run("users", "show", "ann");

        Assert.Equal(0, code);
        Assert.Contains("attributes: country=DE", shown);
        Assert.Contains("consent: personalise no, store yes", shown);
        Assert.Contains("retention: 30 days", shown);
        Assert.Contains("attribute 'country': must be a name", (await Run("users", "put", "ann", "--attribute", "country")).Error);
        Assert.Equal(2, (await Run("users", "put", "ann", "--retention-days", "0")).Code);
        Assert.Equal(2, (await Run("users", "merge", "ann", "--from", "ann")).Code);
    }

    [Fact]
    public async Task EventTypes_PutFromAFile_AreListed()
    {
        string file = Path.Combine(_folder, "types.json");
        await File.WriteAllTextAsync(file, """[{"type":"wishlist","weight":2,"halfLifeDays":30}]""", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await Run("event-types", "put", file)).Code);

        var types = CommandRun.Json((await Run("event-types", "list", "--json")).Out).GetProperty("types").EnumerateArray().ToArray();
        Assert.Equal("wishlist", types[^1].GetProperty("type").GetString());
        Assert.Contains(types, t => t.GetProperty("type").GetString() == "dislike" && t.GetProperty("sign").GetString() == "negative");
        await File.WriteAllTextAsync(file, "[{", TestContext.Current.CancellationToken);
        Assert.Equal(2, (await Run("event-types", "put", file)).Code);
        Assert.Equal(2, (await Run("event-types", "put", "nowhere.json")).Code);
    }

    private Task<(int Code, string Out, string Error)> Run(params string[] args) => CommandRun.Of([.. args, "--data", Data]);
}
