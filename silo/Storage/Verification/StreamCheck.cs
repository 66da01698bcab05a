using static OrleansRec.Silo.Storage.Verification.FolderVerification;

namespace OrleansRec.Silo.Storage.Verification;

/// <summary>What is checked of one stream as its rows come in: each blob by its checksum and by decoding it, once, and the batches by their numbers. Knows no database.</summary>
/// <param name="stream">The stream's name.</param>
/// <param name="snapshotSequence">The record that its snapshot reaches; 0 where it has none.</param>
/// <param name="tables">What the names of the store's tables begin with.</param>
/// <param name="report">Where findings go.</param>
internal sealed class StreamCheck(string stream, long snapshotSequence, string tables, FolderReport report)
{
    private readonly string snapshotRecord = $"snapshot of '{stream}' through record {Text(snapshotSequence)}";
    private readonly MemoryStream snapshot = new();
    private bool isSnapshotWhole = true;
    private long next;

    /// <summary>The last record that its batches, or its snapshot, reach.</summary>
    public long LastSequence => Math.Max(next - 1, snapshotSequence);

    /// <summary>Checks a batch; they come in the order of their records.</summary>
    /// <param name="first">Number of its first record.</param>
    /// <param name="count">How many records the row says that it has.</param>
    /// <param name="matches">Whether the row matches its checksum.</param>
    /// <param name="content">The records.</param>
    /// <returns>The row, in the store's words.</returns>
    public string Batch(long first, long count, bool matches, byte[] content)
    {
        string record = $"batch of '{stream}', records {Text(first)} to {Text(first + count - 1)}";
        long? decoded = null;
        if (!matches)
            Damage("batch", record, "does not match its checksum");
        else if (BlobDecoding.Problem(() => decoded = BlobDecoding.CountRecords(stream, content)) is { } problem)
            Damage("batch", record, problem);
        else if (decoded is { } held && held != count)
            Damage("batch", record, $"holds {Text(held)} records");
        if (next == 0 ? first > snapshotSequence + 1 : first != next)
            Damage("batch", record, $"the record before it is missing: {Text(next == 0 ? snapshotSequence : next - 1)} comes before");
        next = first + count;
        report.Records += count;
        return record;
    }

    /// <summary>Takes a chunk of the snapshot, in order.</summary>
    /// <returns>The row, in the store's words.</returns>
    public string Chunk(bool matches, byte[] chunk)
    {
        isSnapshotWhole &= matches;
        snapshot.Write(chunk);
        return snapshotRecord;
    }

    /// <summary>All chunks have come: checks the snapshot.</summary>
    /// <param name="bytes">How long it is said to be.</param>
    public void EndSnapshot(long bytes)
    {
        if (!isSnapshotWhole)
            Damage("snapshot_chunk", snapshotRecord, "does not match its checksum");
        else if (snapshot.Length != bytes)
            Damage("snapshot_chunk", snapshotRecord, $"is {Text(snapshot.Length)} bytes long, not {Text(bytes)}");
        else if (BlobDecoding.Problem(() => BlobDecoding.ReadSnapshot(stream, snapshot.GetBuffer().AsSpan(0, (int)snapshot.Length))) is { } problem)
            Damage("snapshot_chunk", snapshotRecord, problem);
        report.Snapshots++;
    }

    private void Damage(string table, string record, string message) => report.Add(FindingKind.Damage, $"table {tables}{table}", record, message);
}
