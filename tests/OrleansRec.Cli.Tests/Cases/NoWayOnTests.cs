using OrleansRec.Cli.Import;
using OrleansRec.Cli.Tests.Import;

namespace OrleansRec.Cli.Tests.Cases;

/// <summary>Files that were once refused with no way on, each with its number in ../shared/cases/import.md: the sample, then the rest of its kind.</summary>
public class NoWayOnTests
{
    // Case 14.
    [Theory]
    [InlineData(null)]
    [InlineData(";")]
    [InlineData("semicolon")]
    public void Semicolons_AreFoundOrGiven(string? separator)
    {
        var read = ReadFile.Text("\"User-ID\";\"ISBN\";\"Book-Rating\"\r\n\"276725\";\"034545104X\";\"0\"\r\n", options: new() { Separator = separator });
        var e = Assert.Single(read.Events.Concat(read.Rejected));
        Assert.Equal(("276725", "034545104X", 0), (e.User, e.Item, e.Value));
    }

    [Theory]
    [InlineData("user|item\na|x,1\n", "x,1")]
    [InlineData("user\titem\na\t\"x\n", "\"x")]
    [InlineData("\"user\"\t\"item\"\n\"a\"\t\"x\ty\"\n", "x\ty")]
    [InlineData("user::item\na::x: y\n", "x: y")]
    [InlineData("user;item\na;x,y,z\n", "x,y,z")]
    public void Separator_IsFoundFromTheHeader(string text, string item)
    {
        foreach (var format in new ImportFormat?[] { null, ImportFormat.Csv })
            Assert.Equal([item], ReadFile.Text(text, format).Items);
    }

    [Fact]
    public void Separator_OfAFileWithoutHeader_IsTheOneThatSplitsEachLineAlike() =>
        Assert.Equal(["x,1", "y", "z,1,2"], ReadFile.Text("a;x,1;5\nb;y;4\nc;z,1,2;3\n", columns: "user=1,item=2,value=3").Items);

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("ü")]
    public void Separator_ThatCannotBe_IsRefused(string separator) =>
        Assert.Equal("separator", Assert.Throws<BadInputException>(() => ReadFile.Text("user,item\na,x\n", options: new() { Separator = separator })).Field);

    // Case 15: both editions of the file; NamedLayoutTests reads whole ones.
    [Fact]
    public void OnlineRetailII_IsReadAsOnlineRetail()
    {
        var read = ReadFile.Text("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n489434,85048,GLASS BALL,12,2009-12-01 07:45:00,6.95,13085.0,United Kingdom\n", ImportFormat.OnlineRetail);
        Assert.Equal(("13085", "85048", "489434"), (read.Events[0].User, read.Events[0].Item, read.Events[0].Session));
    }

    // Case 16.
    [Theory]
    [InlineData("2019-10-01 00:00:00 UTC", "2019-10-01T00:00:00Z")]
    [InlineData("2019-10-01T00:00:00Z", "2019-10-01T00:00:00Z")]
    [InlineData("2019-10-01 02:00:00 +0200", "2019-10-01T00:00:00Z")]
    [InlineData("2019-10-01 02:00:00+02", "2019-10-01T00:00:00Z")]
    [InlineData("2019-10-01T02:00:00.123456+02:00", "2019-10-01T00:00:00Z")]
    [InlineData("2019-10-01 02:00:00 Europe/Berlin", "2019-10-01T00:00:00Z")]
    [InlineData("2019-10-01T02:00:00+02:00[Europe/Berlin]", "2019-10-01T00:00:00Z")]
    [InlineData("2019-09-30 20:00:00 EDT", "2019-10-01T00:00:00Z")]
    [InlineData("Tue, 01 Oct 2019 02:00:00 +0200", "2019-10-01T00:00:00Z")]
    [InlineData("Tue, 1 Oct 2019 00:00:00 GMT", "2019-10-01T00:00:00Z")]
    [InlineData("Tue Oct 01 00:00:00 UTC 2019", "2019-10-01T00:00:00Z")]
    [InlineData("Tue Oct 01 2019 02:00:00 GMT+0200 (Central European Summer Time)", "2019-10-01T00:00:00Z")]
    [InlineData("Oct 1, 2019, 12:00:00 AM", "2019-10-01T00:00:00Z")]
    [InlineData("October 1, 2019 1:05 PM", "2019-10-01T13:05:00Z")]
    [InlineData("01-Oct-2019", "2019-10-01T00:00:00Z")]
    [InlineData("1 October 2019 13:05", "2019-10-01T13:05:00Z")]
    [InlineData("2019/10/01 13:05", "2019-10-01T13:05:00Z")]
    [InlineData("20191001T130500Z", "2019-10-01T13:05:00Z")]
    [InlineData("31.12.2019 13:05", "2019-12-31T13:05:00Z")]
    [InlineData("12/31/2019 1:05:06 pm", "2019-12-31T13:05:06Z")]
    [InlineData("1569888000.5", "2019-10-01T00:00:00Z")]
    public void Times_WithZonesAndInRfc2822_AreRead(string time, string utc)
    {
        var read = ReadFile.Text($"user\titem\ttime\na\tx\t{time}\n", ImportFormat.Tsv);
        Assert.Equal([utc], read.Times);
    }

    [Theory]
    [InlineData("2019-10-01 00:00:00 IST")]
    [InlineData("2019-10-01 00:00:00 Nowhere/Atlantis")]
    [InlineData("2019-02-30 00:00:00")]
    [InlineData("2019-13-01")]
    [InlineData("2019-10-01 24:00:00")]
    [InlineData("2019-10-01 00:60")]
    [InlineData("2019-10-01 13:00 PM x")]
    [InlineData("32.01.2019")]
    [InlineData("13/13/2019")]
    [InlineData("1/2/19")]
    [InlineData("yesterday")]
    [InlineData("2019-10")]
    public void Times_ThatAreNone_AreRefused(string time) => Assert.Single(ReadFile.Text($"user\titem\ttime\na\tx\t{time}\n", ImportFormat.Tsv).Rejected);

    [Theory]
    [InlineData("Europe/Berlin", "2019-10-01 02:00:00", "2019-10-01T00:00:00Z")]
    [InlineData("+02:00", "2019-10-01 02:00:00", "2019-10-01T00:00:00Z")]
    [InlineData("-05:00", "2019-09-30 19:00:00", "2019-10-01T00:00:00Z")]
    [InlineData("Europe/Berlin", "2019-10-27 02:30:00", "2019-10-27T00:30:00Z")]
    [InlineData("Europe/Berlin", "2019-10-01 00:00:00 UTC", "2019-10-01T00:00:00Z")]
    public void TimeZone_IsThatOfTimesThatNameNone(string zone, string time, string utc) =>
        Assert.Equal([utc], ReadFile.Text($"user,item,time\na,x,{time}\n", options: new() { TimeZone = zone }).Times);

    [Fact]
    public void TimeZone_WhoseClocksSkipTheHour_RefusesIt() =>
        Assert.Equal([TimeReader.NoSuchClock], ReadFile.Text("user,item,time\na,x,2019-03-31 02:30:00\n", options: new() { TimeZone = "Europe/Berlin" }).Reasons);

    [Fact]
    public void TimeZone_ThatIsNone_IsRefused() =>
        Assert.Equal("time-zone", Assert.Throws<BadInputException>(() => ReadFile.Text("user,item\na,x\n", options: new() { TimeZone = "Atlantis" })).Field);

    // Case 17.
    private const string Orders = "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem sku,Notes\n"
        + "#1,ann@x.org,paid,2021-03-01 10:11:12 +0100,2,Tea,TEA,\"ring\ntwice\"\n#1,,,,1,Mug,,\n#2,bob@x.org,pending,2021-03-02 10:11:12 +0100,1,Tea,TEA,\n#3,,paid,2021-03-02 11:00:00 +0100,1,Pot,POT,\n";

    private const string OrderColumns = "user=Email,item=Lineitem sku|Lineitem name,value=Lineitem quantity,time=Created at,session=Name";

    [Fact]
    public void OrderExport_WithCarryForwardFallbackAndWhere_GivesEachLineItsBuyer()
    {
        var read = ReadFile.Text(Orders, columns: OrderColumns, type: "purchase", options: new()
        {
            CarryForward = ["Name", "Email", "Created at"], Where = [RowCondition.Parse("Financial Status=paid")],
        });
        Assert.Equal([("ann@x.org", "TEA", "#1"), ("ann@x.org", "Mug", "#1")], read.Events.Select(e => (e.User!, e.Item!, e.Session!)));
        Assert.Equal(["2021-03-01T09:11:12Z", "2021-03-01T09:11:12Z"], read.Times);
        // The pending order, and the order of a guest, who must not become the buyer before.
        Assert.Equal(["not --where Financial Status=paid", "userId must not be empty"], read.Reasons);
        Assert.Equal(["Notes"], read.Unread);
    }

    [Theory]
    [InlineData("Financial Status!=pending", 2)]
    [InlineData("financial status=PAID | pending", 3)]
    [InlineData("Financial Status=refunded", 0)]
    public void Where_ComparesWithoutCase(string condition, int events) =>
        Assert.Equal(events, ReadFile.Text(Orders, columns: OrderColumns, options: new() { CarryForward = ["Name", "Email", "Created at"], Where = [RowCondition.Parse(condition)] }).Events.Count);

    [Theory]
    [InlineData("carry-forward")]
    [InlineData("where")]
    public void CarryForwardAndWhere_OfAColumnThatIsNotThere_AreRefused(string option)
    {
        var options = option == "where" ? new ReadOptions { Where = [RowCondition.Parse("Colour=blue")] } : new ReadOptions { CarryForward = ["Colour"] };
        Assert.Equal(option, Assert.Throws<BadInputException>(() => ReadFile.Text(Orders, columns: OrderColumns, options: options)).Field);
    }

    [Theory]
    [InlineData("paid")]
    [InlineData("=paid")]
    [InlineData("")]
    public void Where_WithoutColumnOrValue_IsRefused(string text) => Assert.Equal("where", Assert.Throws<BadInputException>(() => RowCondition.Parse(text)).Field);

    [Fact]
    public void Types_WithoutAColumnOfTypes_AreRefused() =>
        Assert.Equal("types", Assert.Throws<BadInputException>(() => ReadFile.Text("user,item\na,x\n", options: new() { Types = TypeNames.Parse("pv=view") })).Field);

    [Fact]
    public void Where_OfAKnownLayout_IsNotForgotten()
    {
        const string text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,A,x,1,2010-12-01 08:26:00,2,7,UK\n2,A,x,1,2010-12-01 08:26:00,2,8,France\n";
        Assert.Equal(["8"], ReadFile.Text(text, null, options: new() { Where = [RowCondition.Parse("Country=France")] }).Users);
    }

    [Fact]
    public void Missing_StandsForAnEmptyField()
    {
        var read = ReadFile.Text("user,item,rating\na,x,-1\nb,x,5\n-1,x,4\n", type: "rating", options: new() { Missing = ["-1"] });
        Assert.Equal([5], read.Events.Select(e => e.Value));
        Assert.Equal(["value must be given for a rating", "userId must not be empty"], read.Reasons);
    }

    [Theory]
    [InlineData("pv")]
    [InlineData("pv=")]
    [InlineData("pv=view,pv=cart")]
    public void Types_ThatAreNoPairs_AreRefused(string text) => Assert.Equal("types", Assert.Throws<BadInputException>(() => TypeNames.Parse(text)).Field);
}
