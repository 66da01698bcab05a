using System.Text.Json;

namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Files in and out by the command line: what is found is said, what is not sure ends with 2 and the option's name, and an export is a file that an import reads.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ImportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("import-command-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Import_WithoutFormat_SaysWhatItFoundAndGoesOn()
    {
        string file = Write("events.csv", "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n1433224214164,992329,addtocart,248676,\n");
        var (code, written, _) = await CommandRun.Of("import", file, "--data", Data);
        Assert.Equal(0, code);
        Assert.Contains("format: retail-rocket, Retail Rocket (events.csv)", written);
        Assert.Contains("times: milliseconds since 1970", written);
        Assert.Contains("2015-06-02 05:50:14Z", written);
        Assert.Contains("sure", written);
        var json = CommandRun.Json((await CommandRun.Of("import", file, "--data", Data, "--json")).Out);
        Assert.Equal((0, 2, "retail-rocket"), (json.GetProperty("accepted").GetInt32(), json.GetProperty("duplicates").GetInt32(), json.GetProperty("found").GetProperty("format").GetString()));
    }

    [Fact]
    public async Task Import_OfWhatIsNotSure_EndsWithTwoAndTheOptionsName()
    {
        string file = Write("events.csv", "user,item,time\na,x,01/02/2021\n");
        var (code, _, said) = await CommandRun.Of("import", file, "--data", Data);
        Assert.Equal(2, code);
        Assert.Contains("give --day-first or --month-first", said);
        (code, string written, said) = await CommandRun.Of("import", Write("two.csv", "user_id,customer_id,item\na,b,x\n"), "--data", Data);
        Assert.Equal(2, code);
        Assert.Contains("columns: user=user_id, item=item", written);
        Assert.Contains("columns 'user_id, customer_id': must say which", said);
    }

    [Fact]
    public async Task Import_EachOption_IsTaken()
    {
        string file = Write("odd.txt", "Order;Mail;State;When;Qty;Sku;Name;What\n#1;null;ok;20210102;2,5;;Tea;buy\n;;;;-1; p ;Pot;pv\n#2;x;bad;20210102;1;p;;buy\n");
        var (code, written, _) = await CommandRun.Of(
            "import", file, "--data", Data, "--json", "--format", "csv", "--separator", ";", "--encoding", "utf-8", "--decimal", ",", "--time-format", "yyyyMMdd", "--time-zone", "+01:00",
            "--types", "pv=view,buy=purchase", "--where", "State=ok", "--carry-forward", "Order,Mail,When", "--missing", "-1", "--null-ids", "keep", "--key-by", "file",
            "--columns", "user=Mail,item=Sku|Name,value=Qty,time=When,type=What,session=Order");
        Assert.Equal(0, code);
        Assert.Equal(2, CommandRun.Json(written).GetProperty("accepted").GetInt32());
        Assert.Equal(1, CommandRun.Json(written).GetProperty("warnings").GetProperty("item: spaces at the edges taken off (--keep-spaces keeps them)").GetProperty("count").GetInt32());
        var export = CommandRun.Json((await CommandRun.Of("users", "export", "null", "--data", Data, "--json")).Out).GetProperty("events");
        Assert.Equal(["Tea purchase 2.5 2021-01-01T23:00:00+00:00 #1", "p view 1 2021-01-01T23:00:00+00:00 #1"],
            export.EnumerateArray().Select(e => $"{e.GetProperty("itemId")} {e.GetProperty("type")} {e.GetProperty("value")} {e.GetProperty("time")} {e.GetProperty("sessionId")}"));
    }

    [Theory]
    [InlineData("decimal 'x': must be . or ,", "--decimal", "x")]
    [InlineData("null-ids 'drop': must be refuse or keep", "--null-ids", "drop")]
    [InlineData("key-by 'line': must be content or file", "--key-by", "line")]
    [InlineData("where 'x': must be COLUMN=VALUE", "--where", "x")]
    [InlineData("types 'x': must be THEIRS=OURS", "--types", "x")]
    [InlineData("separator 'ü': must be 1 to 16 ASCII", "--separator", "ü")]
    [InlineData("encoding 'x': must be utf-8", "--encoding", "x")]
    [InlineData("time-zone 'x': must be a zone", "--time-zone", "x")]
    [InlineData("time-format 'HH': must hold year, month and day", "--time-format", "HH")]
    [InlineData("day-first '': must not be given together", "--day-first", "--month-first")]
    public async Task Import_OptionThatBreaksItsRule_IsNamed(string message, params string[] options)
    {
        var (code, _, said) = await CommandRun.Of(["import", Write("e.csv", "user,item\na,x\n"), "--data", Data, .. options]);
        Assert.Equal(2, code);
        Assert.Contains(message, said);
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("jsonl.gz")]
    [InlineData("csv")]
    [InlineData("csv.gz")]
    [InlineData("parquet")]
    public async Task Export_OfEventsAndItems_IsAFileThatAnImportReadsBack(string ending)
    {
        await CommandRun.Of("import", Write("e.csv", "user,item,type,value,time,session\n\"ann, b\",x,view,,1600000000,s1\nbob,\"y \"\"z\"\"\",purchase,2.5,1600000000123,\nann,x,rating,4,2021-03-01,\n".Replace("view,,", "view,1,")), "--data", Data, "--format", "csv");
        await CommandRun.Of("items", "import", Write("i.jsonl", "{\"itemId\":\"x\",\"title\":\"Tée, \\\"a\\\"\",\"categories\":[\"a|b\",\"c\"],\"price\":1.5,\"stock\":3,\"visible\":false,\"colour\":\"blue\"}\n{\"itemId\":\"w\"}\n"), "--data", Data);
        foreach (string kind in new[] { "events", "items", "users" })
        {
            var (code, written, said) = await CommandRun.Of("export", kind, "--to", Path.Combine(_folder, $"{kind}.{ending}"), "--data", Data, "--json");
            Assert.True(code == 0, said);
            Assert.Equal(kind == "items" ? 2 : 3, CommandRun.Json(written).GetProperty("rows").GetInt32());
        }

        string other = Path.Combine(_folder, "other");
        var events = CommandRun.Json((await CommandRun.Of("import", Path.Combine(_folder, $"events.{ending}"), "--data", other, "--json")).Out);
        Assert.Equal((3, 3), (events.GetProperty("lines").GetInt32(), events.GetProperty("accepted").GetInt32()));
        Assert.Equal(0, (await CommandRun.Of("items", "import", Path.Combine(_folder, $"items.{ending}"), "--data", other)).Code);
        Assert.Equal(await Everything(Data), await Everything(other));
        // The events have kept their keys, so that they are the same events.
        Assert.Equal(3, CommandRun.Json((await CommandRun.Of("import", Path.Combine(_folder, $"events.{ending}"), "--data", Data, "--json")).Out).GetProperty("duplicates").GetInt32());
    }

    [Theory]
    [InlineData("to", "events.xml")]
    [InlineData("to", "events.parquet.gz")]
    [InlineData("to", "there.csv")]
    [InlineData("to", "nowhere/events.csv")]
    [InlineData("format", "events.csv", "--format", "xml")]
    public async Task Export_ToWhatCannotBe_IsRefusedAndLeavesNothing(string field, string name, params string[] options)
    {
        await CommandRun.Of("import", Write("there.csv", "user,item\na,x\n"), "--data", Data);
        string[] before = Directory.GetFiles(_folder);
        var (code, _, said) = await CommandRun.Of(["export", "events", "--to", Path.Combine(_folder, name), "--data", Data, .. options]);
        Assert.Equal(2, code);
        Assert.StartsWith($"error: {field} ", said);
        Assert.Equal(before, Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task ItemsImport_CountsLinesAndNamesWhatItLeavesOut()
    {
        string file = Write("items.csv", "sku,title,price\nA,Tea,1.5\nnull,x,1\nB,Pot,cheap\nA,Green tea,2\n");
        var dry = CommandRun.Json((await CommandRun.Of("items", "import", file, "--dry-run", "--json")).Out);
        Assert.Equal((4, 2), (dry.GetProperty("lines").GetInt32(), dry.GetProperty("accepted").GetInt32()));
        Assert.Equal([3, 4], dry.GetProperty("rejectedLines").EnumerateArray().Select(l => l.GetProperty("line").GetInt32()));
        Assert.Equal(0, (await CommandRun.Of("items", "import", file, "--data", Data)).Code);
        var item = CommandRun.Json((await CommandRun.Of("items", "show", "A", "--data", Data, "--json")).Out);
        Assert.Equal(("Green tea", 2.0), (item.GetProperty("title").GetString(), item.GetProperty("price").GetDouble()));
    }

    private static async Task<string> Everything(string data)
    {
        var texts = new List<string>();
        foreach (string user in new[] { "ann, b", "bob", "ann" })
            texts.Add((await CommandRun.Of("users", "export", user, "--data", data, "--json")).Out);
        foreach (string item in new[] { "x", "w" })
        {
            JsonElement record = CommandRun.Json((await CommandRun.Of("items", "show", item, "--data", data, "--json")).Out);
            texts.AddRange(new[] { "title", "categories", "price", "stock", "visible", "attributes" }.Select(name => record.GetProperty(name).GetRawText()));
        }
        return string.Join('\n', texts);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
