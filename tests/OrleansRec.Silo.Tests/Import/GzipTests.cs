using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Import;

/// <summary>Gzip is told by its first bytes; a file that ends too early is an error, not a short file.</summary>
public class GzipTests
{
    private static readonly string Text = "user,item\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"u{i * 7919 % 1000},i{i}\n"));

    [Fact]
    public async Task Gzip_Whole_IsReadLikePlainText()
    {
        var report = await ImportedText.Run(ImportedText.Gzip(Text), ImportFormat.Csv);
        Assert.Equal(20_000, report.Accepted);
    }

    [Fact]
    public async Task Gzip_SeveralMembers_AreReadAsOneFile()
    {
        byte[] content = [.. ImportedText.Gzip(Text), .. ImportedText.Gzip("ann,x\n"), .. ImportedText.Gzip("bob,y\n")];
        var report = await ImportedText.Run(content, ImportFormat.Csv);
        Assert.Equal(20_002, report.Accepted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    public async Task Gzip_CutShort_IsAnErrorThatNamesTheLastGoodLine(int cut)
    {
        var sink = new MemorySink();
        var e = await Assert.ThrowsAsync<BadInputException>(() => ImportedText.Run(ImportedText.Gzip(Text)[..^cut], ImportFormat.Csv, sink));
        Assert.Equal("file", e.Field);
        Assert.Contains("whole gzip file", e.Rule);
        // Line 1 is the header, so the last good line is one more than the events kept.
        Assert.Contains($"the last good line is {sink.Events.Count + 1},", e.Rule);
        Assert.All(sink.Events, x => Assert.Equal(x.UserId, $"u{int.Parse(x.ItemId[1..]) * 7919 % 1000}"));
    }

    [Fact]
    public async Task Gzip_SecondMemberCutShort_IsAnError()
    {
        byte[] content = [.. ImportedText.Gzip(Text), .. ImportedText.Gzip(Text)[..^500]];
        await Assert.ThrowsAsync<BadInputException>(() => ImportedText.Run(content, ImportFormat.Csv));
    }

    [Fact]
    public async Task Gzip_DamagedByte_IsAnError()
    {
        byte[] content = ImportedText.Gzip(Text);
        content[content.Length / 2] ^= 0x55;
        await Assert.ThrowsAsync<BadInputException>(() => ImportedText.Run(content, ImportFormat.Csv));
    }

    [Fact]
    public void Open_NamedGzipButIsNot_IsRefused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"import-{Guid.NewGuid():N}.csv.gz");
        File.WriteAllText(path, Text);
        try
        {
            var e = Assert.Throws<BadInputException>(() => InteractionFile.Open(path));
            Assert.Contains("must be gzip", e.Rule);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Import_NoSuchFile_NamesIt()
    {
        var plan = new ImportPlan("/nowhere/at-all.csv", ImportFormat.Csv, ImportColumns.Default);
        var e = await Assert.ThrowsAsync<BadInputException>(() =>
            FileImport.Run(plan, new MemorySink(), Model.EventTypeRules.Default, TimeProvider.System));
        Assert.Equal(("file", "/nowhere/at-all.csv"), (e.Field, e.Value));
    }
}
