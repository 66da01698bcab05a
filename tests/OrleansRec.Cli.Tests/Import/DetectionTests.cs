using OrleansRec.Cli.Import;

namespace OrleansRec.Cli.Tests.Import;

/// <summary>Without a format, a file is found out: what is sure is taken and said, and what is not is refused with the option that decides.</summary>
public class DetectionTests
{
    [Fact]
    public void Detection_TellsWhatItFoundWithAPreviewOfFiveLines()
    {
        string lines = string.Concat(Enumerable.Range(1, 9).Select(i => $"c{i};p{i};{i},5;0{i}.10.2020 10:00;x\n"));
        var found = ReadFile.Text($"Customer-ID;Product ID;rating;created_at;colour\n{lines}c;p;3;31.10.2020 09:00;y\n", null).Found;
        Assert.Equal("csv", found.Format);
        Assert.StartsWith("utf-8 (only ASCII", found.Encoding);
        Assert.StartsWith("; (", found.Separator);
        Assert.Equal("user=Customer-ID, item=Product ID, value=rating, time=created_at", string.Join(", ", found.Columns.Select(c => $"{c.Key}={c.Value}")));
        Assert.Equal(["colour"], found.Unread);
        Assert.Equal("rating", found.Type);
        Assert.Equal("dates, day first, as line 11 shows, UTC where they name no zone", found.Times);
        Assert.Equal([("c1", 1.5), ("c2", 2.5), ("c3", 3.5), ("c4", 4.5), ("c5", 5.5)], found.Preview.Select(l => (l.User!, l.Value!.Value)));
        Assert.Equal("sure", found.Told().Last());
    }

    [Theory]
    [InlineData("1,2,3\n4,5,6\n", "columns", "--columns user=")]
    [InlineData("who,what\na,x\n", "columns", "--columns user=")]
    [InlineData("user_id,customer_id,item\na,b,x\n", "columns", "which of these columns is the user")]
    [InlineData("user,item,time\na,x,yesterday\nb,x,today\n", "time-format", "how times are written")]
    [InlineData("user,item,time\na,x,20210129\n", "time-format", "how times are written")]
    [InlineData("user,item,time\na,x,01/02/2021\n", "day-first", "--day-first or --month-first")]
    [InlineData("[{\"user\":1,\"item\":2}]", "file", "JSON Lines")]
    [InlineData("", "file", "header")]
    public void Detection_OfWhatIsNotSure_NamesTheOptionThatDecides(string text, string field, string rule)
    {
        var e = Assert.ThrowsAny<BadInputException>(() => ReadFile.Text(text, null));
        Assert.Equal(field, e.Field);
        Assert.Contains(rule, e.Rule);
    }

    [Fact]
    public void Detection_OfAnUnsureFile_SaysWhatItFoundAllTheSame()
    {
        var e = Assert.Throws<UnsureFileException>(() => ReadFile.Text("user_id,customer_id,item\na,b,x\n", null));
        Assert.Equal("not sure: --columns must say which of these columns is the user: --columns user=...", e.Found.Told().Last());
        Assert.Equal("a", Assert.Single(e.Found.Preview).User);
    }

    [Fact]
    public void Detection_WithColumnsGiven_LeavesLayoutsAlone()
    {
        var read = ReadFile.Text("timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n", null, "user=itemid,item=visitorid");
        Assert.Null(read.Found.Layout);
        Assert.Equal(["355908"], read.Users);
    }

    [Fact]
    public void Header_ThatNamesAColumnTwice_IsRefusedWhereItIsRead()
    {
        Assert.Equal("columns", Assert.Throws<BadInputException>(() => ReadFile.Text("user,item,item\na,x,y\n")).Field);
        Assert.Equal(["x"], ReadFile.Text("user,item,colour,colour\na,x,1,2\n").Items);
    }

    [Fact]
    public void Fields_BeyondTheHeader_AreRefusedUnlessEmpty()
    {
        var read = ReadFile.Text("user,item,value\na,x,5,\nb,x, y,5\n");
        Assert.Equal(["a"], read.Users);
        Assert.Equal([CsvRecords.TooManyFields], read.Reasons);
    }

    [Fact]
    public void Json_NamesAPropertyTwice_IsRefused() =>
        Assert.Equal(["a line must not name a property twice"], ReadFile.Text("{\"user\":\"a\",\"item\":\"x\",\"user\":\"b\"}\n", ImportFormat.JsonLines).Reasons);

    [Fact]
    public void Json_PropertiesWithinProperties_AreColumns() =>
        Assert.Equal(["ann"], ReadFile.Text("{\"who\":{\"id\":\"ann\"},\"item\":\"x\"}\n", ImportFormat.JsonLines, "user=who.id").Users);

    [Theory]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("{\"a\":1}")]
    public void Json_IdThatIsNoTextOrNumber_IsRefused(string id) =>
        Assert.Equal(["user must be a text or a number"], ReadFile.Text($"{{\"user\":{id},\"item\":\"x\"}}\n", ImportFormat.JsonLines).Reasons);

    [Fact]
    public void Fallback_TakesTheFirstColumnThatIsNotEmpty() =>
        Assert.Equal(["s", "n"], ReadFile.Text("user,sku,name\na,s,n\nb,,n\n", columns: "item=sku|name").Items);
}
