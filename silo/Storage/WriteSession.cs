namespace OrleansRec.Silo.Storage;

/// <summary>
/// The writer's connection and what it knows of the streams. Streams are read from the file once and then followed in memory; a failed
/// commit drops the session and with it what was followed, so memory never runs ahead of the file. Only the ids given to snapshots are handed
/// on to the next session, because the writers of those go on.
/// </summary>
internal sealed class WriteSession : IDisposable
{
    private readonly Dictionary<string, StreamPosition> positions = [];

    private WriteSession(StoreConnection connection, long snapshotsGiven)
    {
        Connection = connection;
        LastSnapshot = Math.Max(snapshotsGiven, Math.Max(
            connection.Number("SELECT max(snapshot) FROM stream") ?? 0,
            (connection.Number("SELECT max(id) FROM snapshot_chunk") ?? 0) >> StoreSchema.ChunkBits));
    }

    public StoreConnection Connection { get; }

    /// <summary>The last id that a snapshot was given, with or without a chunk in the file.</summary>
    public long LastSnapshot { get; private set; }

    public static WriteSession Open(string path, string synchronous, long snapshotsGiven = 0)
    {
        var connection = StoreConnection.OpenForWriting(path, synchronous);
        try
        {
            return new(connection, snapshotsGiven);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Begin() => Connection.Run("BEGIN IMMEDIATE");

    public void Commit() => Connection.Run("COMMIT");

    public void Dispose() => Connection.Dispose();

    /// <summary>A snapshot id that no chunk in the file bears, nor any still to come.</summary>
    public long NextSnapshot() => ++LastSnapshot;

    /// <summary>The epoch of the next opening. One counter serves all streams, so that a stream deleted and made again never repeats an epoch.</summary>
    public long NextEpoch() => NextNumber("epoch");

    /// <summary>Counts up a number of the folder.</summary>
    public long NextNumber(string key) => Connection.Number(
        "INSERT INTO folder(key, value) VALUES($0, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value", key)!.Value;

    public StreamPosition? Find(string stream)
    {
        if (positions.TryGetValue(stream, out var known))
            return known;
        var found = Load(stream);
        if (found is not null)
            positions[stream] = found;
        return found;
    }

    public StreamPosition Create(string stream)
    {
        long id = Connection.Number("INSERT INTO stream(name, epoch) VALUES($0, 0) RETURNING id", stream)!.Value;
        return positions[stream] = new() { Id = id };
    }

    public void Forget(string stream) => positions.Remove(stream);

    private StreamPosition? Load(string stream)
    {
        StreamPosition position;
        using (var row = Connection.Query("SELECT id, epoch, coalesce(snapshot, 0), snapshot_sequence FROM stream WHERE name = $0", stream))
        {
            if (!row.Read())
                return null;
            position = new() { Id = row.GetInt64(0), Epoch = row.GetInt64(1), Snapshot = row.GetInt64(2), SnapshotSequence = row.GetInt64(3) };
        }
        position.LastSequence = position.SnapshotSequence;
        using var last = Connection.Query(
            "SELECT id, record_count FROM batch WHERE id BETWEEN $0 AND $1 ORDER BY id DESC LIMIT 1",
            StoreSchema.BatchId(position.Id, 0), StoreSchema.BatchId(position.Id + 1, -1));
        if (last.Read())
            position.LastSequence = Math.Max(position.LastSequence, StoreSchema.SequenceOf(last.GetInt64(0)) + last.GetInt64(1) - 1);
        return position;
    }
}

/// <summary>Where a stream stands, as of the writer's open transaction.</summary>
internal sealed class StreamPosition
{
    public long Id { get; init; }

    public long Epoch { get; set; }

    public long LastSequence { get; set; }

    /// <summary>Id of the snapshot, 0 where there is none.</summary>
    public long Snapshot { get; set; }

    public long SnapshotSequence { get; set; }
}
