using OrleansRec.Model;
using OrleansRec.Silo.Storage.Verification;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>What is said of the rows of a stream, by values alone: the same for every store.</summary>
public sealed class StreamCheckTests
{
    private static readonly byte[] oneRecord = Log("lamp"), twoRecords = Log("lamp", "tea");

    private readonly FolderReport report = new();

    [Fact]
    public void Batch_OfRowsInOrder_FindsNothing()
    {
        StreamCheck check = Check(snapshotSequence: 4);
        check.Batch(3, 2, matches: true, twoRecords);
        check.Batch(5, 1, matches: true, oneRecord);
        Assert.Empty(report.Findings);
        Assert.Equal((5, 3), (check.LastSequence, report.Records));
    }

    [Theory]
    [InlineData(5, 2, true, "batch of 'default/items/0', records 5 to 6", "holds 1 records")]
    [InlineData(5, 1, false, "batch of 'default/items/0', records 5 to 5", "does not match its checksum")]
    [InlineData(6, 1, true, "batch of 'default/items/0', records 6 to 6", "the record before it is missing: 4 comes before")]
    public void Batch_ThatIsNotAsWritten_IsNamed(long first, long count, bool matches, string record, string message)
    {
        Assert.Equal(record, Check(snapshotSequence: 4).Batch(first, count, matches, oneRecord));
        Assert.Equal(new Finding(FindingKind.Damage, "table t_batch", record, message), Assert.Single(report.Findings));
    }

    [Fact]
    public void Batch_AfterAGap_IsNamed()
    {
        StreamCheck check = Check(snapshotSequence: 0);
        check.Batch(1, 1, matches: true, oneRecord);
        check.Batch(3, 1, matches: true, oneRecord);
        Assert.Equal("the record before it is missing: 1 comes before", Assert.Single(report.Findings).Message);
    }

    [Theory]
    [InlineData(true, 3, "is 2 bytes long, not 3")]
    [InlineData(false, 2, "does not match its checksum")]
    public void EndSnapshot_ThatIsNotAsWritten_IsNamed(bool matches, long bytes, string message)
    {
        StreamCheck check = Check(snapshotSequence: 4);
        check.Chunk(matches, [1]);
        check.Chunk(matches: true, [2]);
        check.EndSnapshot(bytes);
        Assert.Equal(new Finding(FindingKind.Damage, "table t_snapshot_chunk", "snapshot of 'default/items/0' through record 4", message), Assert.Single(report.Findings));
        Assert.Equal(1, report.Snapshots);
    }

    private StreamCheck Check(long snapshotSequence) => new("default/items/0", snapshotSequence, "t_", report);

    private static byte[] Log(params string[] deleted)
    {
        var writer = new ItemLogWriter();
        foreach (string item in deleted)
            writer.Delete(item);
        return writer.Seal();
    }
}
