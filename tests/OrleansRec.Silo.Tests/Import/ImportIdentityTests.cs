using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Import;

/// <summary>An event is its content and how often that content came before: lines that repeat are kept, files that repeat add nothing.</summary>
public class ImportIdentityTests
{
    private const string Header = "user,item,time\n";

    [Fact]
    public async Task Import_RepeatedLines_AreEventsOfTheirOwn()
    {
        var sink = new MemorySink();
        var report = await ImportedText.Run(Header + "ann,x,1600000005\nann,x,1600000005\nann,x,1600000006\nann,x,1600000005\n", ImportFormat.Csv, sink);
        Assert.Equal((4, 0, 1), (report.Accepted, report.Duplicates, report.Pairs));
    }

    [Fact]
    public async Task Import_AgainOrShuffled_AddsNothing()
    {
        var random = new Random(7);
        string[] lines = [.. Enumerable.Range(0, 500).Select(_ => $"u{random.Next(20)},i{random.Next(10)},{1_600_000_000 + random.Next(3)}\n")];
        var sink = new MemorySink();
        var first = await ImportedText.Run(Header + string.Concat(lines), ImportFormat.Csv, sink);
        Assert.Equal((500, 0), (first.Accepted, first.Duplicates));
        random.Shuffle(lines);
        var second = await ImportedText.Run(Header + string.Concat(lines), ImportFormat.Csv, sink);
        Assert.Equal((0, 500), (second.Accepted, second.Duplicates));
        Assert.Equal((first.Users, first.Items, first.Pairs), (second.Users, second.Items, second.Pairs));
    }

    [Fact]
    public async Task Import_LinesWithoutTime_AreTheSameWheneverTheyCome()
    {
        var sink = new MemorySink();
        await ImportedText.Run("user,item\nann,x\n", ImportFormat.Csv, sink);
        var again = await ImportedText.Run("user,item\nann,x\n", ImportFormat.Csv, sink);
        Assert.Equal((0, 1), (again.Accepted, again.Duplicates));
    }

    // Case 13 of ../shared/cases/import.md.
    [Fact]
    public async Task Import_OfTwoFilesWithTheSamePair_SaysThatContentIsTheIdentity_OrTellsTheFilesApart()
    {
        var sink = new MemorySink();
        var first = await ImportedText.Run("user,item\nann,x\n", ImportFormat.Csv, sink);
        Assert.Contains("--key-by file", first.Identity);
        Assert.Equal(1, (await ImportedText.Run("user,item\nann,x\nann,y\n", ImportFormat.Csv, sink)).Duplicates);
        Assert.Null((await ImportedText.Run("user,item,time\nann,x,1600000000\n", ImportFormat.Csv, sink)).Identity);
        Assert.Null((await ImportedText.Run("user,item,eventId\nann,x,7\n", ImportFormat.Csv, sink)).Identity);
        var (monday, tuesday) = (new MemorySink(), new ReadOptions { KeyByFile = true });
        Assert.Equal(1, (await ImportedText.Run("user,item\nann,x\n", ImportFormat.Csv, monday, options: tuesday)).Accepted);
        var other = await ImportedText.Run("user,item\nann,x\n", ImportFormat.Csv, monday, options: tuesday);
        Assert.Equal((1, 0), (other.Accepted, other.Duplicates));
    }

    [Fact]
    public async Task Import_TextsThatRunTogether_StayApart()
    {
        var sink = new MemorySink();
        var report = await ImportedText.Run("user,item,session\nu,ab,c\nu,a,bc\nu,abc,\n", ImportFormat.Csv, sink);
        Assert.Equal(3, report.Accepted);
        Assert.Equal(3, sink.Events.Select(e => e.EventKey).Distinct().Count());
    }

    [Fact]
    public async Task Import_ManyLines_KeepEachUsersOrder()
    {
        var sink = new MemorySink();
        await ImportedText.Run("user,item\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"u{i % 7},{i}\n")), ImportFormat.Csv, sink);
        Assert.Equal(1000, sink.Events.Count);
        foreach (var user in sink.Events.GroupBy(e => e.UserId))
            Assert.Equal(user.Select(e => int.Parse(e.ItemId)).Order(), user.Select(e => int.Parse(e.ItemId)));
    }
}
