using System.Text.Json;

namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Goal: pages, categories and brands on the command line are those of the verbs, and a wrong block is refused with its rule. Method: one data folder of three items.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class PageCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Page_TwoBlocks_ShareNoItem()
    {
        await Put();
        var (code, shown, said) = await Run("page", "ann", "--block", "home:2", "--block", "search", "--json");
        Assert.True(code == 0, said);
        JsonElement[] blocks = [.. CommandRun.Json(shown).GetProperty("blocks").EnumerateArray()];
        Assert.Equal(["home", "search"], blocks.Select(b => b.GetProperty("name").GetString()));
        string[][] items = [.. blocks.Select(b => b.GetProperty("list").GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!).ToArray())];
        Assert.Equal([2, 1], items.Select(i => i.Length));
        Assert.Equal(["cup", "pot", "spade"], items.SelectMany(i => i).Order());
        Assert.Contains("home", (await Run("page", "ann", "--block", "home:2")).Out);
    }

    [Theory, InlineData("home:x"), InlineData(":3"), InlineData("home:-1")]
    public async Task Page_BadBlock_IsRefused(string block)
    {
        var (code, _, said) = await Run("page", "ann", "--block", block);
        Assert.Equal(2, code);
        Assert.Contains($"block '{block}': must be a scenario", said);
    }

    [Fact]
    public async Task CategoriesAndBrands_OfAUserAndTrending_AreListed()
    {
        await Put();
        JsonElement categories = CommandRun.Json((await Run("categories", "ann", "--json")).Out);
        Assert.Equal(["garden", "kitchen"], categories.GetProperty("labels").EnumerateArray().Select(l => l.GetProperty("name").GetString()!).Order());
        Assert.Contains("Acme", (await Run("brands", "--trending")).Out);
        Assert.Contains("Acme", (await Run("brands", "ann", "--scenario", "home")).Out);
        Assert.Equal(2, (await Run("categories")).Code);
        Assert.Equal(2, (await Run("categories", "ann", "--trending")).Code);
        Assert.Equal(2, (await Run("categories", "--trending", "--scenario", "home")).Code);
        Assert.Equal(2, (await Run("categories", "ann", "--k", "101")).Code);
    }

    private async Task Put()
    {
        foreach ((string item, string category) in new[] { ("cup", "kitchen"), ("pot", "kitchen"), ("spade", "garden") })
            Assert.Equal(0, (await Run("items", "put", item, "--category", category, "--brand", "Acme")).Code);
    }

    private Task<(int Code, string Out, string Error)> Run(params string[] arguments) => CommandRun.Of([.. arguments, "--data", Path.Combine(_folder, "data")]);
}
