using System.Text.Json;

namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Goal: the lists that `recommend --all` and `recommend --users` write are the lists that `recommend USER` prints, one row an entry, in each format.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class RecommendFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("recommend-file-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Recommend_AllToJsonLines_EqualsTheSingleLists()
    {
        await Import();
        string file = Path.Combine(_folder, "lists.jsonl");

        var (code, written, said) = await CommandRun.Of("recommend", "--all", "--k", "2", "--to", file, "--data", Data, "--json");

        Assert.True(code == 0, said);
        Assert.Equal((3, 5), (CommandRun.Json(written).GetProperty("users").GetInt32(), CommandRun.Json(written).GetProperty("rows").GetInt32()));
        string[] rows = await File.ReadAllLinesAsync(file);
        foreach (string user in new[] { "ann", "bob", "cem" })
            Assert.Equal(await Single(user), Entries(rows, user));
    }

    [Fact]
    public async Task Recommend_UsersOfAFile_KeepTheirOrder()
    {
        await Import();
        string users = Path.Combine(_folder, "ids.txt"), file = Path.Combine(_folder, "lists.jsonl");
        await File.WriteAllTextAsync(users, "cem\r\nann\n\nbob");

        var (code, _, said) = await CommandRun.Of("recommend", "--users", users, "--k", "2", "--to", file, "--data", Data);

        Assert.True(code == 0, said);
        string[] rows = await File.ReadAllLinesAsync(file);
        Assert.Equal(["cem", "ann", "bob"], rows.Select(r => CommandRun.Json(r).GetProperty("userId").GetString()!).Distinct());
        Assert.Equal(await Single("ann"), Entries(rows, "ann"));
    }

    [Fact]
    public async Task Recommend_AllToParquet_IsAParquetFile()
    {
        await Import();
        string file = Path.Combine(_folder, "lists.parquet");

        var (code, written, said) = await CommandRun.Of("recommend", "--all", "--k", "2", "--to", file, "--data", Data, "--json");

        Assert.True(code == 0, said);
        Assert.Equal(5, CommandRun.Json(written).GetProperty("rows").GetInt32());
        Assert.Equal("PAR1"u8.ToArray(), (await File.ReadAllBytesAsync(file))[..4]);
    }

    [Theory]
    [InlineData("users", "--users", "none.txt", "--to", "x.csv")]
    [InlineData("to", "--all", "--to", "x.xml")]
    public async Task Recommend_FileThatCannotBe_IsNamed(string field, params string[] options)
    {
        await Import();

        var (code, _, said) = await CommandRun.Of(["recommend", .. options, "--data", Data]);

        Assert.Equal(2, code);
        Assert.Contains($"{field} '", said);
    }

    private async Task Import()
    {
        string events = Path.Combine(_folder, "events.csv");
        await File.WriteAllTextAsync(events, "user,item,type\nann,x,purchase\nann,y,purchase\nbob,x,purchase\ncem,z,purchase\n");
        Assert.Equal(0, (await CommandRun.Of("import", events, "--data", Data, "--format", "csv")).Code);
        // Counts of popular items come a moment after the start of each command; a model is there at once.
        Assert.Equal(0, (await CommandRun.Of("train", "--data", Data, "--rank", "2", "--sweeps", "2", "--seed", "1")).Code);
    }

    private async Task<string[]> Single(string user)
    {
        JsonElement list = CommandRun.Json((await CommandRun.Of("recommend", user, "--k", "2", "--data", Data, "--json")).Out);
        return [.. list.GetProperty("items").EnumerateArray().Select(i => Entry(i, list.GetProperty("historyVersion")))];
    }

    private static string[] Entries(string[] rows, string user) =>
        [.. rows.Select(CommandRun.Json).Where(r => r.GetProperty("userId").GetString() == user).Select(r => Entry(r, r.GetProperty("historyVersion")))];

    private static string Entry(JsonElement entry, JsonElement history) =>
        $"{entry.GetProperty("rank")} {entry.GetProperty("itemId")} {entry.GetProperty("score").GetSingle()} {entry.GetProperty("source")} {history}";
}
