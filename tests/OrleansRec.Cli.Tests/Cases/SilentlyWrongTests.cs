using System.IO.Compression;
using System.Text;
using OrleansRec.Cli.Import;
using OrleansRec.Cli.Tests.Import;
using OrleansRec.Model;

namespace OrleansRec.Cli.Tests.Cases;

/// <summary>Files that were once accepted and silently wrong, each with its number in ../shared/cases/import.md: the sample, then the rest of its kind.</summary>
public class SilentlyWrongTests
{
    // Case 1.
    [Fact]
    public void TextAfterAClosingQuote_IsRefused_AndTheAnswerNamesTheLinesThatTheFieldSpans()
    {
        var read = ReadFile.Text("user,item,value\nu1,\"abc,1\nu2,b,1\nu3,c,1\nu4,\"x\",1\nu5,d,1\n");
        Assert.Equal(["u5"], read.Users);
        var refused = Assert.Single(read.Rejected);
        Assert.Equal((2, "text must not follow a closing quote", "lines 2 to 5"), (refused.Number, refused.Rejected!.Reason, refused.Rejected.Value));
    }

    [Fact]
    public void TextAfterAClosingQuote_OnOneLine_NamesThatLineAndLosesNoOther()
    {
        var read = ReadFile.Text("user,item\na,\"x\"y\nb,z\nc,\"p\"\"q\"\nd,\"r\" \n");
        Assert.Equal(["b", "c"], read.Users);
        Assert.Equal(["z", "p\"q"], read.Items);
        Assert.Equal(["line 2", "line 5"], read.Rejected.Select(r => r.Rejected!.Value));
    }

    // Case 2.
    [Fact]
    public void DecimalCommas_AreRefusedUnlessGroupsAreOfThreeDigits()
    {
        var read = ReadFile.Text("user,item,rating\nu1,i1,\"4,5\"\nu2,i1,\"12,5\"\nu3,i1,\"1,234\"\nu4,i1,\"1,234,5\"\nu5,i1,\"1,234.5\"\nu6,i1,\"12,34\"\n", type: "rating");
        Assert.Equal([1234, 1234.5], read.Events.Select(e => e.Value));
        Assert.Equal([2, 3, 5, 7], read.Rejected.Select(r => r.Number));
        Assert.All(read.Reasons, reason => Assert.Contains("--decimal ,", reason));
    }

    [Fact]
    public void DecimalCommas_WithTheOption_AreRead()
    {
        var read = ReadFile.Text("user,item,rating\nu1,i1,\"4,5\"\nu2,i1,\"12,5\"\nu3,i1,\"1.234,5\"\nu4,i1,7\nu5,i1,4.5\n", type: "rating", options: new() { DecimalMark = ',' });
        Assert.Equal([4.5, 12.5, 1234.5, 7], read.Events.Select(e => e.Value));
        Assert.Equal("u5", Assert.Single(read.Rejected).User);
    }

    // Case 3.
    [Fact]
    public void DayFirstTimes_AreReadByOneOrderFoundFromTheWholeFile()
    {
        var read = ReadFile.Text("user,item,time\na,x,05-02-2021 07:01\nb,x,29-01-2021 07:01\nc,x,01.02.2021 10:00\n");
        Assert.Equal(["2021-02-05T07:01:00Z", "2021-01-29T07:01:00Z", "2021-02-01T10:00:00Z"], read.Times);
        Assert.Contains("day first, as line 3 shows", read.Found.Times);
    }

    [Fact]
    public void DayOrder_IsFoundInALineFarBehindTheHead()
    {
        string lines = string.Concat(Enumerable.Range(0, ColumnScan.HeadRecordsMax + 500).Select(i => $"u{i},x,05/02/2021\n"));
        Assert.Equal("2021-02-05T00:00:00Z", ReadFile.Text($"user,item,time\n{lines}z,x,31/01/2021\n").Times.First());
        Assert.Equal("2021-05-02T00:00:00Z", ReadFile.Text($"user,item,time\n{lines}z,x,01/31/2021\n").Times.First());
    }

    [Theory]
    [InlineData("a,x,05-02-2021 07:01\nb,x,01.02.2021 10:00\n")]
    [InlineData("a,x,13/02/2021\nb,x,02/13/2021\n")]
    public void DayOrder_ThatNothingShowsOrThatIsMixed_IsRefusedWithTheOptionsName(string lines)
    {
        var e = Assert.Throws<BadInputException>(() => ReadFile.Text($"user,item,time\n{lines}"));
        Assert.Equal("day-first", e.Field);
        Assert.Contains("--day-first or --month-first", e.Rule);
    }

    [Theory]
    [InlineData(DayOrder.DayFirst, "2021-02-05T07:01:00Z", 0)]
    [InlineData(DayOrder.MonthFirst, "2021-05-02T07:01:00Z", 1)]
    public void DayOrder_ThatIsGiven_IsTaken_AndDatesOfTheOtherAreLeftOut(DayOrder order, string time, int rejected)
    {
        var read = ReadFile.Text("user,item,time\na,x,05-02-2021 07:01\nb,x,29-01-2021 07:01\n", options: new() { DayOrder = order });
        Assert.Equal(time, read.Times.First());
        Assert.Equal(Enumerable.Repeat(TimeReader.OtherOrder, rejected), read.Reasons);
    }

    // Case 4.
    [Theory]
    [InlineData("07:01")]
    [InlineData("81")]
    [InlineData("2021")]
    [InlineData("20210129")]
    [InlineData("0")]
    [InlineData("7:01 PM")]
    public void ClockTimesBareYearsAndShortNumbers_AreNoTimes(string time)
    {
        var read = ReadFile.Text($"user,item,time\na,x,{time}\n");
        Assert.Equal([TimeReader.TooShort], read.Reasons);
    }

    [Fact]
    public void DatesOfDigits_AreReadByTimeFormat()
    {
        var read = ReadFile.Text("user,item,time\na,x,20210129\nb,x,2021-01-29\n", options: new() { TimeFormat = "yyyyMMdd" });
        Assert.Equal(["2021-01-29T00:00:00Z"], read.Times);
        Assert.Equal(["time must have the form of --time-format yyyyMMdd"], read.Reasons);
    }

    [Theory]
    [InlineData("HH:mm")]
    [InlineData("yyyy")]
    [InlineData("%")]
    public void TimeFormat_WithoutADate_IsRefused(string format) =>
        Assert.Equal("time-format", Assert.Throws<BadInputException>(() => ReadFile.Text("user,item,time\na,x,1\n", options: new() { TimeFormat = format })).Field);

    [Fact]
    public void NumbersOfSixteenDigits_AreMicroseconds_AndNamedSo()
    {
        var read = ReadFile.Text("user,item,time\na,x,1612069510766593\nb,x,1612069510766\nc,x,1612069510\nd,x,1612069510766593000\n");
        Assert.Equal([1612069510766, 1612069510766, 1612069510000], read.Events.Select(e => e.TimeMs));
        Assert.Contains("microseconds since 1970", read.Found.Times);
        Assert.Equal([TimeReader.NotTime], read.Reasons);
    }

    // Case 7.
    [Fact]
    public void ColumnsThatNobodyReads_AreListed()
    {
        const string text = "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n1433224214164,992329,addtocart,248676,\n";
        var read = ReadFile.Text(text, columns: "user=visitorid,item=itemid,time=timestamp");
        Assert.Equal(["event", "transactionid"], read.Unread);
        var typed = ReadFile.Text(text, columns: "user=visitorid,item=itemid,time=timestamp,type=event", options: new() { Types = TypeNames.Parse("addtocart=cart,transaction=purchase") });
        Assert.Equal(["view", "cart"], typed.Events.Select(e => e.Type));
        Assert.Equal(["transactionid"], typed.Unread);
    }

    [Fact]
    public void PropertiesThatNobodyReads_AreListed() =>
        Assert.Equal(["colour", "geo"], ReadFile.Text("{\"userId\":\"a\",\"itemId\":\"x\",\"colour\":1}\n{\"userId\":\"a\",\"itemId\":\"x\",\"geo\":{\"city\":\"Ulm\"}}\n", ImportFormat.JsonLines).Unread);

    [Fact]
    public void TypesThatAreUnknown_AreRefusedWithTheOptionsName() =>
        Assert.Contains("--types", Assert.Single(ReadFile.Text("user,item,type\na,x,pv\n").Reasons));

    // Case 8.
    [Fact]
    public void NullLikeIds_AreRefused_CountedByValue_AndADashIsKeptWithAWarning()
    {
        string[] ids = ["null", "NULL", "NaN", "None", "undefined", "(null)", "(not set)", Guid.Empty.ToString(), "-", "nullable"];
        var read = ReadFile.Text($"user,item\n{string.Concat(ids.Select(id => $"{id},x\n"))}ann,null\n");
        Assert.Equal(["-", "nullable"], read.Users);
        Assert.Equal(2, read.Reasons.Count(r => r == "userId must be an id; 'null' stands for a missing one (--null-ids keep takes it)"));
        Assert.Equal(7, read.Reasons.Where(r => r.StartsWith("userId", StringComparison.Ordinal)).Distinct().Count());
        Assert.Single(read.Reasons, r => r.StartsWith("itemId must be an id; 'null'", StringComparison.Ordinal));
        Assert.Equal(1, read.Warnings.Counts["ids that are only '-' kept"].Count);
        var kept = ReadFile.Text($"user,item\n{string.Concat(ids.Select(id => $"{id},x\n"))}", options: new() { Kept = IdLeniency.NullLike });
        Assert.Equal(ids, kept.Users);
    }

    // Case 9.
    [Fact]
    public void EdgeSpaces_AreTakenOffWithACountedWarning_OrKept()
    {
        const string text = "user,item\n u1,x\nu1 ,x\nu1,x\n\u00A0u1\u00A0,x\nu 1,x\n";
        var read = ReadFile.Text(text);
        Assert.Equal(["u1", "u1", "u1", "u1", "u 1"], read.Users);
        Assert.Equal((3, 2), (Assert.Single(read.Warnings.Counts).Value.Count, Assert.Single(read.Warnings.Counts).Value.FirstLine));
        Assert.Equal([" u1", "u1 ", "u1", "\u00A0u1\u00A0", "u 1"], ReadFile.Text(text, options: new() { Kept = IdLeniency.EdgeSpaces }).Users);
    }

    [Fact]
    public void WholeNumbersOfJson_TakeOneForm()
    {
        var read = ReadFile.Text(string.Concat(new[] { "1", "1.0", "1e0", "\"1\"", "100E-2", "1.5", "\"1.0\"", "-0.0", "123456789012345678901" }.Select(id => $"{{\"user\":{id},\"item\":\"x\"}}\n")), ImportFormat.JsonLines);
        Assert.Equal(["1", "1", "1", "1", "1", "1.5", "1.0", "0", "123456789012345678901"], read.Users);
    }

    [Fact]
    public void PointZeroInCsv_IsTakenOffOnlyWhereTheWholeColumnEndsSo()
    {
        Assert.Equal(["1", "2"], ReadFile.Text("user,item\n1.0,7\n2.0,8\n").Users);
        Assert.Equal(["1.0", "2"], ReadFile.Text("user,item\n1.0,7\n2,8\n").Users);
        string many = string.Concat(Enumerable.Range(0, ColumnScan.HeadRecordsMax + 10).Select(i => $"{i}.0,x\n"));
        Assert.Equal("0", ReadFile.Text($"user,item\n{many}").Users.First());
        Assert.Equal("0.0", ReadFile.Text($"user,item\n{many}v1.0,x\n").Users.First());
    }

    // Case 10.
    [Fact]
    public void Latin1_IsFound()
    {
        var read = ReadFile.Bytes(Encoding.Latin1.GetBytes("user,item\nM\u00FCller,PAINTED \u00A3 HEART\nann,x\n"));
        Assert.Equal(["M\u00FCller", "ann"], read.Users);
        Assert.Equal("PAINTED \u00A3 HEART", read.Items.First());
        Assert.StartsWith("windows-1252", read.Found.Encoding);
    }

    [Fact]
    public void Latin1_OfAnOnlineRetailTitle_IsNeverStoredBroken()
    {
        var catalogue = new Catalogue();
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,85123A,PAINTED \u00A3 HEART,6,2010-12-01 08:26:00,2.55,17850.0,UK\n"));
        try
        {
            using var file = InteractionReading.Open(new(path, ImportFormat.OnlineRetail, ImportColumns.Default), catalogue);
            var line = new ImportLine();
            Assert.True(file.Lines.Read(ref line));
            Assert.Null(line.Rejected);
            Assert.Equal("PAINTED \u00A3 HEART", catalogue.TitleOf("85123A"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("latin1")]
    [InlineData("windows-1252")]
    public void Latin1_WithTheOption_IsRead(string name) =>
        Assert.Equal(["M\u00FCller"], ReadFile.Bytes(Encoding.Latin1.GetBytes("user,item\nM\u00FCller,x\n"), options: new() { Encoding = name }).Users);

    [Fact]
    public void BrokenBytesInUtf8_AreRefusedLineByLine_AndNothingIsStoredBroken()
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ü,x\n", 50)).Insert(0, "user,item\n")), 0x4D, 0xFC, 0x2C, 0x78, 0x0A];
        var read = ReadFile.Bytes(text);
        Assert.Equal(50, read.Events.Count);
        Assert.Equal([EventLines.NotUnicode], read.Reasons);
    }

    [Fact]
    public void TextHalfInOneEncodingAndHalfInAnother_IsRefusedWithTheOptionsName()
    {
        byte[] text = [.. Encoding.UTF8.GetBytes("user,item\nü,x\n"), 0x4D, 0xFC, 0x2C, 0x78, 0x0A];
        Assert.Equal("encoding", Assert.Throws<BadInputException>(() => ReadFile.Bytes(text)).Field);
        Assert.Equal(["ü"], ReadFile.Bytes(text, options: new() { Encoding = "utf-8" }).Users);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-8", true)]
    public void Unicode_WithAndWithoutMark_IsFound(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] text = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("user,item\nM\u00FCller,x\n")];
        Assert.Equal(["M\u00FCller"], ReadFile.Bytes(text).Users);
        byte[] json = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("{\"user\":\"M\u00FCller\",\"item\":\"x\"}\n")];
        Assert.Equal(["M\u00FCller"], ReadFile.Bytes(json, null).Users);
    }

    // Case 12.
    [Fact]
    public void Zip_WithRatings_IsRead()
    {
        byte[] zip = Zip(("ml/ratings.csv", "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n"), ("ml/README.txt", "hello"), ("ml/movies.csv", "movieId,title\n31,x\n"));
        foreach (var format in new ImportFormat?[] { null, ImportFormat.Csv })
            Assert.Equal(("1", "31", 2.5), Of(Assert.Single(ReadFile.Bytes(zip, format).Events)));
        Assert.Equal("1", Assert.Single(ReadFile.Bytes(Zip(("a.csv", "user,item\n1,2\n"))).Events).User);
        var several = Assert.Throws<BadInputException>(() => ReadFile.Bytes(Zip(("a.csv", "user,item\n1,2\n"), ("b.csv", "user,item\n3,4\n"))));
        Assert.Equal("entry", several.Field);
        Assert.Contains("a.csv, b.csv", several.Rule);
        Assert.Equal("3", Assert.Single(ReadFile.Bytes(Zip(("a.csv", "user,item\n1,2\n"), ("b.csv", "user,item\n3,4\n")), options: new() { Entry = "b.csv" }).Events).User);
    }

    [Fact]
    public void Zip_Damaged_IsRefused()
    {
        byte[] zip = Zip(("a.csv", "user,item\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"u{i * 7919 % 1000},i{i}\n"))));
        byte[] broken = [.. zip];
        broken[zip.Length / 2] ^= 0x55;
        Assert.Contains("whole zip archive", Assert.Throws<BadInputException>(() => ReadFile.Bytes(broken)).Rule);
        Assert.Contains("whole zip archive", Assert.Throws<BadInputException>(() => ReadFile.Bytes(zip[..^30])).Rule);
    }

    [Theory]
    [InlineData("Excel workbook (.xlsx): save the sheet as CSV", "xl/workbook.xml")]
    [InlineData("OpenDocument", "content.xml")]
    [InlineData("Word document", "word/document.xml")]
    public void OfficeFiles_GivenAsCsv_AreNamedWithWhatToDo(string rule, string entry) =>
        Assert.Contains(rule, Assert.Throws<BadInputException>(() => ReadFile.Bytes(Zip(("[Content_Types].xml", "<x/>"), (entry, "<x/>")))).Rule);

    [Theory]
    [InlineData("D0CF11E0A1B11AE1", "Excel workbook (.xls)")]
    [InlineData("425A6839", "bzip2")]
    [InlineData("FD377A585A00", "xz")]
    [InlineData("28B52FFD", "zstd")]
    [InlineData("377ABCAF271C", "7z")]
    [InlineData("255044462D", "PDF")]
    [InlineData("3C21444F43545950452068746D6C3E", "web page")]
    [InlineData("4F626A01", "Avro")]
    public void OtherFiles_GivenAsCsv_AreNamedWithWhatToDo(string head, string name)
    {
        byte[] bytes = [.. Convert.FromHexString(head), .. new byte[600]];
        Assert.Contains(name, Assert.Throws<BadInputException>(() => ReadFile.Bytes(bytes)).Rule);
    }

    [Fact]
    public void AnArchiveWithinAnArchive_IsNamed()
    {
        byte[] inner = Zip(("a.csv", "user,item\n1,2\n"));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(inner);
        Assert.Contains("Zip within an archive", Assert.Throws<BadInputException>(() => ReadFile.Bytes(packed.ToArray())).Rule);
    }

    // Case 13.
    [Fact]
    public void KeyByFile_TellsTheSameLineOfTwoFilesApart()
    {
        ulong Key(string path, bool byFile)
        {
            var plan = new ImportPlan(path, ImportFormat.Csv, ImportColumns.Default) { Read = new() { KeyByFile = byFile } };
            return new LineRules(EventTypeRules.Default, true, plan, new(), 0).KeyOf(new() { User = "a", Item = "x", Type = "view" });
        }
        Assert.Equal(Key("/data/monday.csv", false), Key("/data/tuesday.csv", false));
        Assert.NotEqual(Key("/data/monday.csv", true), Key("/data/tuesday.csv", true));
        Assert.Equal(Key("/data/monday.csv", true), Key("/elsewhere/monday.csv", true));
    }

    private static (string?, string?, double?) Of(ImportLine line) => (line.User, line.Item, line.Value);

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in files)
            {
                using var entry = new StreamWriter(zip.CreateEntry(name).Open());
                entry.Write(text);
            }
        return packed.ToArray();
    }
}
