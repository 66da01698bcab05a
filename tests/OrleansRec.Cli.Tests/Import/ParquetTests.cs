using OrleansRec.Cli.Import;
using Parquet;
using Parquet.Schema;

namespace OrleansRec.Cli.Tests.Import;

/// <summary>Parquet files made by the library itself, of each type of column that shops use.</summary>
public class ParquetTests
{
    // Case 12 of ../shared/cases/import.md: it is read whatever format is named.
    [Theory]
    [InlineData(null)]
    [InlineData(ImportFormat.Parquet)]
    [InlineData(ImportFormat.Csv)]
    public async Task Parquet_IsRead(ImportFormat? format)
    {
        byte[] file = await Make(
            (new DataField<string>("user_id"), g => f => g.WriteAsync(f, new string?[] { "ann", "bob", null })),
            (new DataField("item_id", typeof(long), false), g => f => g.WriteAsync<long>(f, new long[] { 7, 8, 9 })),
            (new DataField("rating", typeof(double), true), g => f => g.WriteAsync<double>(f, new double?[] { 4.5, null, 3 })),
            (new DateTimeDataField("timestamp", DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Micros, false), g => f => g.WriteAsync<DateTime>(f, new[] { Day(1), Day(2), Day(3) })));
        var read = ReadFile.Bytes(file, format, type: "interaction");
        Assert.Equal("parquet", read.Found.Format);
        Assert.Equal([("ann", "7", 4.5), ("bob", "8", (double?)null)], read.Events.Select(e => (e.User, e.Item, e.Value)));
        Assert.Equal(["2021-01-01T00:00:00Z", "2021-01-02T00:00:00Z"], read.Times);
        Assert.Equal(["userId must not be empty"], read.Reasons);
    }

    [Fact]
    public async Task Parquet_NumbersOfDataFrames_TakeOneForm()
    {
        byte[] file = await Make(
            (new DataField("user", typeof(double), true), g => f => g.WriteAsync<double>(f, new double?[] { 17, double.NaN, null, 1e15 })),
            (new DataField("item", typeof(int), true), g => f => g.WriteAsync<int>(f, new int?[] { 1, 2, 3, 4 })),
            (new DataField("time", typeof(long), false), g => f => g.WriteAsync<long>(f, new long[] { 1612069510, 1612069510766, 1612069510766593, 5 })));
        var read = ReadFile.Bytes(file, ImportFormat.Parquet, type: "view");
        Assert.Equal(["17"], read.Users);
        Assert.Equal(["userId must not be empty", "userId must not be empty", TimeReader.TooShort], read.Reasons);
    }

    [Fact]
    public async Task Parquet_WithTheColumnsOfALayout_IsThatLayout()
    {
        byte[] file = await Make(
            (new DataField("timestamp", typeof(long), false), g => f => g.WriteAsync<long>(f, new long[] { 1433221332117 })), (new DataField("visitorid", typeof(int), false), g => f => g.WriteAsync<int>(f, new[] { 257597 })),
            (new DataField<string>("event"), g => f => g.WriteAsync(f, new string?[] { "addtocart" })), (new DataField("itemid", typeof(int), false), g => f => g.WriteAsync<int>(f, new[] { 355908 })),
            (new DataField("transactionid", typeof(int), true), g => f => g.WriteAsync<int>(f, new int?[] { null })));
        var e = Assert.Single(ReadFile.Bytes(file, null).Events);
        Assert.Equal(("257597", "355908", "cart", null), (e.User, e.Item, e.Type, e.Session));
    }

    [Fact]
    public async Task Parquet_DamagedAnywhere_IsReadOrRefused_AndNeverCrashes()
    {
        byte[] file = await Make(
            (new DataField<string>("user"), g => f => g.WriteAsync(f, Enumerable.Range(0, 200).Select(i => $"u{i % 7}").ToArray())),
            (new DataField("item", typeof(long), true), g => f => g.WriteAsync<long>(f, Enumerable.Range(0, 200).Select(i => (long?)i).ToArray())));
        int refused = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var dice = new Random(seed);
            byte[] damaged = [.. file];
            for (int i = dice.Next(1, 4); i > 0; i--)
                damaged[dice.Next(4, file.Length)] ^= (byte)(1 << dice.Next(8));
            try
            {
                ReadFile.Bytes(dice.Next(4) == 0 ? damaged[..dice.Next(4, file.Length)] : damaged, null, columns: "user=user,item=item");
            }
            catch (BadInputException e) when (e.Rule.Length > 0)
            {
                refused++;
            }
        }
        Assert.True(refused > 50, $"Only {refused} of 300 damaged files were refused.");
    }

    private static DateTime Day(int day) => new(2021, 1, day, 0, 0, 0, DateTimeKind.Utc);

    internal static async Task<byte[]> Make(params (DataField Field, Func<ParquetRowGroupWriter, Func<DataField, Task>> Write)[] columns)
    {
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(c => c.Field)), file))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, write) in columns)
                await write(group)(field);
        }
        return file.ToArray();
    }
}
