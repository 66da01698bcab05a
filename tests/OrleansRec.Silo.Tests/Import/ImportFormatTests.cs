using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Import;

/// <summary>Each format on a text small enough to check by eye: what is read, and which line is left out for which reason.</summary>
public class ImportFormatTests
{
    [Fact]
    public async Task Csv_NamedColumns_ReadsEachPart()
    {
        var sink = new MemorySink();
        var report = await ImportedText.Run(
            "when,who,what,how,visit,n\n2011-01-02 03:04:05,ann,\"a \"\"b\"\", c\",purchase,s1,2.5\n",
            ImportFormat.Csv, sink, "user=who,item=what,value=n,time=when,type=how,session=visit");
        Assert.Equal((1, 1, 0), (report.Lines, report.Accepted, report.RejectedLines));
        var e = Assert.Single(sink.Events);
        Assert.Equal(("ann", "a \"b\", c", "purchase", 2.5f, "s1"), (e.UserId, e.ItemId, e.Type, e.Value, e.SessionId));
        Assert.Equal(new DateTimeOffset(2011, 1, 2, 3, 4, 5, TimeSpan.Zero).ToUnixTimeMilliseconds(), e.TimeMs);
    }

    [Fact]
    public async Task Csv_UsualNames_NeedNoColumnsOption()
    {
        var sink = new MemorySink();
        await ImportedText.Run("userId,itemId\r\nann,x\r\nbob,y\r\n", ImportFormat.Csv, sink);
        Assert.Equal(["ann", "bob"], sink.Events.Select(e => e.UserId).Order());
        Assert.All(sink.Events, e => Assert.Equal(("interaction", 1f), (e.Type, e.Value)));
    }

    [Fact]
    public async Task Csv_ColumnNumbers_MeanNoHeader()
    {
        var sink = new MemorySink();
        await ImportedText.Run("x,ann,3\ny,bob,4\n", ImportFormat.Csv, sink, "user=2,item=1,value=3");
        Assert.Equal([("ann", "x", 3f), ("bob", "y", 4f)], sink.Events.Select(e => (e.UserId, e.ItemId, e.Value)).Order());
    }

    [Fact]
    public async Task Csv_LineBreakInQuotes_IsOneRecordAndCountsItsLines()
    {
        var report = await ImportedText.Run("user,item,value\nann,\"x\ny\",1\nbob,z,oops\n", ImportFormat.Csv);
        Assert.Equal((2, 1), (report.Lines, report.Accepted));
        Assert.Equal(4, Assert.Single(report.Rejected).Value.FirstLine);
    }

    [Theory]
    [InlineData("ann,x", "too few columns")]
    [InlineData("ann,x,ten", "value must be a number")]
    [InlineData("ann,x,NaN", "value must be a finite number")]
    [InlineData("ann,x,Infinity", "value must be a finite number")]
    [InlineData("ann,x,1e400", "value must be a finite number")]
    [InlineData("ann,x,-1", "value must be at least 0.000001 for every type but rating")]
    [InlineData(",x,1", "userId must not be empty")]
    [InlineData("ann,,1", "itemId must not be empty")]
    [InlineData("ann,\uFFFD,1", "an id must be valid UTF-8")]
    public async Task Csv_BadLine_IsLeftOutWithItsReasonAndNumber(string bad, string reason)
    {
        var report = await ImportedText.Run($"user,item,value\nann,good,1\n{bad}\nbob,good,1\n{bad}\n", ImportFormat.Csv);
        Assert.Equal((4, 2), (report.Lines, report.Accepted));
        var (name, count) = Assert.Single(report.Rejected);
        Assert.Equal((reason, 2, 3), (name, count.Count, count.FirstLine));
        Assert.Equal([3, 5], report.Listed.Select(l => l.Line));
    }

    [Theory]
    [InlineData(256, 1)]
    [InlineData(257, 0)]
    [InlineData(300, 0)]
    public async Task Csv_LongId_IsAcceptedUpTo256Bytes(int bytes, int accepted)
    {
        var report = await ImportedText.Run($"user,item\n{new string('u', bytes)},x\n", ImportFormat.Csv);
        Assert.Equal(accepted, report.Accepted);
        if (accepted == 0)
            Assert.Equal("userId must be at most 256 bytes of UTF-8", Assert.Single(report.Rejected).Key);
    }

    [Fact]
    public async Task Csv_UnknownType_IsLeftOut()
    {
        var report = await ImportedText.Run("user,item,type\nann,x,stroll\n", ImportFormat.Csv);
        Assert.StartsWith("type must be one of view", Assert.Single(report.Rejected).Key);
    }

    [Fact]
    public async Task Csv_UnclosedQuote_IsLeftOutAndSaid()
    {
        var report = await ImportedText.Run("user,item\nann,x\nbob,\"y\ncid,z\n", ImportFormat.Csv);
        Assert.Equal((1, "a quote is never closed"), (report.Accepted, Assert.Single(report.Rejected).Key));
    }

    [Theory]
    [InlineData("user=nobody,item=b", "columns")]
    [InlineData("user=a", "columns")]
    [InlineData("user=a,thing=b", "columns")]
    [InlineData("user", "columns")]
    [InlineData("user=a,user=b", "columns")]
    public async Task Csv_WrongColumns_NameTheOption(string columns, string field)
    {
        var e = await Assert.ThrowsAsync<BadInputException>(() => ImportedText.Run("a,b\n1,2\n", ImportFormat.Csv, columns: columns));
        Assert.Equal(field, e.Field);
    }

    [Fact]
    public async Task Tsv_QuotesAreText()
    {
        var sink = new MemorySink();
        await ImportedText.Run("user\titem\nann\t\"x\n", ImportFormat.Tsv, sink);
        Assert.Equal("\"x", Assert.Single(sink.Events).ItemId);
    }

    [Fact]
    public async Task JsonLines_ReadsEachPartAndLeavesBadLinesOut()
    {
        var sink = new MemorySink();
        var report = await ImportedText.Run(
            """
            {"userId":"ann","itemId":42,"type":"view","value":2,"time":"2020-01-01T00:00:00Z","sessionId":"s","other":{"a":[1]}}

            {"userId":"ann"
            {"userId":"ann","itemId":"x","value":"many"}
            {"userId":"ann","itemId":["x"]}
            [1]
            {"userId":"ann","itemId":"y"} trailing
            """, ImportFormat.JsonLines, sink);
        Assert.Equal((6, 1), (report.Lines, report.Accepted));
        var e = Assert.Single(sink.Events);
        Assert.Equal(("ann", "42", "view", 2f, 1577836800000, "s"), (e.UserId, e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId));
        Assert.Equal(new RejectionCount(3, 3), report.Rejected["a line must be one JSON object"]);
        Assert.Equal(new RejectionCount(1, 4), report.Rejected["value must be a number"]);
        Assert.Equal(new RejectionCount(1, 5), report.Rejected["item must be a text or a number"]);
    }

    [Fact]
    public async Task JsonLines_OverlongLine_IsLeftOutAndTheNextIsRead()
    {
        string text = $"{{\"user\":\"{new string('x', JsonRecords.LineBytesMax + 200_000)}\"}}\n{{\"user\":\"ann\",\"item\":\"x\"}}";
        var report = await ImportedText.Run(text, ImportFormat.JsonLines);
        Assert.Equal((2, 1), (report.Lines, report.Accepted));
        Assert.Equal(1, Assert.Single(report.Rejected).Value.FirstLine);
    }

    [Fact]
    public async Task JsonLines_EventId_IsTheIdentity()
    {
        var sink = new MemorySink();
        var report = await ImportedText.Run(
            "{\"user\":\"a\",\"item\":\"x\",\"eventId\":\"1\"}\n{\"user\":\"a\",\"item\":\"y\",\"eventId\":\"1\"}\n", ImportFormat.JsonLines, sink);
        Assert.Equal((1, 1), (report.Accepted, report.Duplicates));
        Assert.Equal(Model.IdHash.Of("1"), Assert.Single(sink.Events).EventKey);
    }

    [Theory]
    [InlineData("196\t242\t3\t881250949\n186\t302\t0\t891717742\nbad\n")]
    [InlineData("196::242::3::881250949\n186::302::0::891717742\nbad\n")]
    [InlineData("userId,movieId,rating,timestamp\n196,242,3,881250949\n186,302,0,891717742\nbad\n")]
    public async Task MovieLens_EachLayout_ReadsRatings(string text)
    {
        var sink = new MemorySink();
        var report = await ImportedText.Run(text, ImportFormat.MovieLens, sink);
        Assert.Equal((3, 2), (report.Lines, report.Accepted));
        Assert.Equal("too few columns", Assert.Single(report.Rejected).Key);
        Assert.Equal(
            [("186", "302", "rating", 0f, 891717742000), ("196", "242", "rating", 3f, 881250949000)],
            sink.Events.Select(e => (e.UserId, e.ItemId, e.Type, e.Value, e.TimeMs)).Order());
    }

    [Fact]
    public async Task OnlineRetail_KeepsGoodsBoughtByCustomers()
    {
        const string header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
        var sink = new MemorySink();
        var report = await ImportedText.Run(header +
            "1,85123A,T-LIGHT,6,2010-12-01 08:26:00,2.55,17850.0,UK\n" +
            "1,85123A,T-LIGHT,6,2010-12-01 08:26:00,2.55,17850.0,UK\n" +
            "2,85123A,T-LIGHT,6,2010-12-01 08:26:00,2.55,,UK\n" +
            "C3,85123A,T-LIGHT,-6,2010-12-01 08:26:00,2.55,17850.0,UK\n" +
            "4,85123A,T-LIGHT,0,2010-12-01 08:26:00,2.55,17850.0,UK\n" +
            "5,85123A,T-LIGHT,1,2010-12-01 08:26:00,0,17850.0,UK\n" +
            "6,POST,POSTAGE,1,2010-12-01 08:26:00,18,17850.0,UK\n", ImportFormat.OnlineRetail, sink);
        Assert.Equal((7, 2, 5, 1), (report.Lines, report.Accepted, report.RejectedLines, report.Pairs));
        Assert.All(sink.Events, e => Assert.Equal(("17850", "85123A", "purchase", 1f, "1"), (e.UserId, e.ItemId, e.Type, e.Value, e.SessionId)));
        Assert.Equal([4, 5, 6, 7, 8], report.Listed.Select(l => l.Line));
        Assert.Equal(5, report.Rejected.Count);
    }
}
