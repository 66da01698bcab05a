using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>
/// Writes over what deleted rows left in the store's file and its log. Rows that go are zeroed in their page (secure_delete=FAST), pages that become
/// free are not: a table of zeros takes them all, piece by piece between other commits, and is dropped again; then the log is emptied.
/// </summary>
/// <remarks>
/// Bound: writes as many bytes as there are free pages.
/// </remarks>
internal sealed class FreeSpacePurge(StoreWriter writer)
{
    private const int TruncationsMax = 40;

    private static readonly TimeSpan readersPeriod = TimeSpan.FromMilliseconds(250);

    private readonly SharedRuns runs = new(() => Purge(writer));

    public Task Run() => runs.Run();

    private static async Task Purge(StoreWriter writer)
    {
        FreePagesFill fill;
        do
        {
            fill = new();
            await writer.Write(fill).ConfigureAwait(false);
        }
        while (fill.FreePagesLeft > 0);
        await writer.Write(new FillDrop()).ConfigureAwait(false);
        for (int n = 0; n < TruncationsMax; n++)
        {
            var truncation = new LogTruncation();
            await writer.Write(truncation).ConfigureAwait(false);
            if (truncation.IsDone)
                return;
            // A reader, such as a backup, still needs pages of the log.
            await Task.Delay(readersPeriod).ConfigureAwait(false);
        }
        throw new StoreUnavailableException("The log of the store cannot be emptied: something has been reading it for 10 seconds.");
    }

    /// <summary>Takes up to 1 MB of free pages for zeros.</summary>
    private sealed class FreePagesFill() : StoreWrite(CommitQueue.BulkBytesMax)
    {
        private const long PagesMax = 250, PageContentBytes = 4084;

        public long FreePagesLeft { get; private set; }

        public override bool IsBulk => true;

        protected override Exception? TryApply(WriteSession session)
        {
            session.Connection.Run("CREATE TABLE IF NOT EXISTS purge(zeros BLOB NOT NULL) STRICT");
            long free = session.Connection.Number("PRAGMA freelist_count")!.Value;
            if (free > 0)
                session.Connection.Run("INSERT INTO purge(zeros) VALUES(zeroblob($0))", Math.Min(free, PagesMax) * PageContentBytes);
            FreePagesLeft = session.Connection.Number("PRAGMA freelist_count")!.Value;
            return null;
        }
    }

    private sealed class FillDrop() : StoreWrite(0)
    {
        protected override Exception? TryApply(WriteSession session)
        {
            session.Connection.Run("DROP TABLE IF EXISTS purge");
            return null;
        }
    }

    private sealed class LogTruncation() : StoreWrite(0)
    {
        public bool IsDone { get; private set; }

        public override void AfterCommit(WriteSession session)
        {
            using var answer = session.Connection.Query("PRAGMA wal_checkpoint(TRUNCATE)");
            IsDone = answer.Read() && answer.GetInt64(0) == 0;
        }

        protected override Exception? TryApply(WriteSession session) => null;
    }
}
