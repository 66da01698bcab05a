namespace OrleansRec.Silo.Storage;

/// <summary>The tables of the store as the newest format has them.</summary>
/// <remarks>
/// A batch's id is its stream's id and its first sequence number in one integer, so that one B-tree, without an index beside it, serves
/// both the append and the read in order. Worked example: stream 3, records from 17 on: id = 3 · 2^40 + 17. Chunks of snapshots likewise:
/// snapshot · 2^20 + index of the chunk.
/// </remarks>
internal static class StoreSchema
{
    /// <summary>What this product writes. An older one is migrated, a newer one refused.</summary>
    public static int FormatVersion => FolderMigrations.NewestFormat(FolderMigrations.Steps);

    /// <summary>"ORec": how a SQLite file says whose it is.</summary>
    public const int ApplicationId = 0x4F526563;

    public const int SequenceBits = 40;
    public const int ChunkBits = 20;

    public const string Tables = """
        CREATE TABLE folder(key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE stream(
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL,
            snapshot INTEGER, snapshot_sequence INTEGER NOT NULL DEFAULT 0, snapshot_bytes INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE TABLE batch(
            id INTEGER PRIMARY KEY, record_count INTEGER NOT NULL, epoch INTEGER NOT NULL, checksum INTEGER NOT NULL, content BLOB NOT NULL) STRICT;
        CREATE TABLE snapshot_chunk(id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, content BLOB NOT NULL) STRICT;
        CREATE TABLE grain_state(
            state TEXT NOT NULL, grain TEXT NOT NULL, etag INTEGER NOT NULL, format INTEGER NOT NULL, content BLOB,
            PRIMARY KEY(state, grain)) STRICT, WITHOUT ROWID;
        """;

    public static long BatchId(long stream, long firstSequence) => (stream << SequenceBits) + firstSequence;

    public static long SequenceOf(long batchId) => batchId & ((1L << SequenceBits) - 1);

    public static long ChunkId(long snapshot, long index) => (snapshot << ChunkBits) + index;
}
