using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.Pages;

namespace OrleansRec.Silo.Storage;

/// <summary>
/// Takes what deleted rows left out of the store's file and its log. A store up to <see cref="RewriteBytesMax"/> is written anew, which leaves nothing but its
/// rows. In a larger one rows that go are zeroed in their page (secure_delete=FAST), pages that become free are not: a table of zeros takes them all, piece by
/// piece between other commits, and is dropped again. Then the log is emptied.
/// </summary>
/// <remarks>
/// Bound: writes as many bytes as there are rows, up to that size, and above it as there are free pages. Only the first reaches what SQLite leaves in pages that
/// are in use: between the cells of a page that it rebuilt, and behind the end of a long row.
/// </remarks>
/// <param name="writer">The store.</param>
/// <param name="rewriteBytesMax">Up to how many bytes it is written anew.</param>
internal sealed class FreeSpacePurge(StoreWriter writer, long rewriteBytesMax = FreeSpacePurge.RewriteBytesMax)
{
    /// <summary>Held in memory for that time, while other commits wait.</summary>
    public const long RewriteBytesMax = 64 << 20;

    private const int TruncationsMax = 40;

    private static readonly TimeSpan readersPeriod = TimeSpan.FromMilliseconds(250);

    private readonly SharedRuns runs = new(() => Purge(writer, rewriteBytesMax));

    public Task Run() => runs.Run();

    private static async Task Purge(StoreWriter writer, long rewriteBytesMax)
    {
        var rewriting = new Rewriting(rewriteBytesMax);
        await writer.Write(rewriting).ConfigureAwait(false);
        if (!rewriting.IsDone)
            await FillFreePages(writer).ConfigureAwait(false);
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

    private static async Task FillFreePages(StoreWriter writer)
    {
        FreePagesFill fill;
        do
        {
            fill = new();
            await writer.Write(fill).ConfigureAwait(false);
        }
        while (fill.FreePagesLeft > 0);
        await writer.Write(new FillDrop()).ConfigureAwait(false);
    }

    private sealed class Rewriting(long bytesMax) : StoreWrite(0)
    {
        public bool IsDone { get; private set; }

        /// <summary>What shares the commit stands, whether this succeeds or not.</summary>
        public override void AfterCommit(WriteSession session)
        {
            var connection = session.Connection;
            try
            {
                long pages = connection.Number("PRAGMA page_count")!.Value - connection.Number("PRAGMA freelist_count")!.Value;
                if (pages * PageChecksum.PageBytes > bytesMax)
                    return;
                // Not in a file, which would lie outside of the folder.
                connection.Run("PRAGMA temp_store=MEMORY");
                connection.Run("VACUUM");
                IsDone = true;
            }
            catch (SqliteException e)
            {
                Refusal = StoreFaults.Translate(e, connection.Path, connection.Sqlite);
            }
        }

        protected override Exception? TryApply(WriteSession session) => null;
    }

    /// <summary>Takes up to 1 MB of free pages for zeros.</summary>
    private sealed class FreePagesFill() : StoreWrite(CommitQueue.BulkBytesMax)
    {
        private const long PagesMax = 250, PageContentBytes = 4084;

        /// <summary>What SQLite keeps of a long row beside the row's other pages where those are full: a page has 4,088 bytes for it, 4,084 of them after the number of the next page.</summary>
        private const long LocalBytes = (4088 - 12) * 32 / 255 - 23;

        public long FreePagesLeft { get; private set; }

        public override bool IsBulk => true;

        protected override Exception? TryApply(WriteSession session)
        {
            session.Connection.Run("CREATE TABLE IF NOT EXISTS purge(zeros BLOB NOT NULL) STRICT");
            long free = session.Connection.Number("PRAGMA freelist_count")!.Value;
            if (free > 0)
                session.Connection.Run("INSERT INTO purge(zeros) VALUES(zeroblob($0))", ZerosFor(Math.Min(free, PagesMax)));
            FreePagesLeft = session.Connection.Number("PRAGMA freelist_count")!.Value;
            return null;
        }

        /// <summary>
        /// Zeros whose row fills so many pages to the last byte: SQLite does not clear what is behind the end of a row, and a page that was at the head of the list of
        /// free pages comes with what it held.
        /// </summary>
        private static long ZerosFor(long pages)
        {
            long row = LocalBytes + pages * PageContentBytes;
            // Before the zeros stand the length of the row's head, one byte, and their type, which is 2 n + 12 in groups of seven bits.
            for (long head = 2; ; head++)
                if (2 * (row - head) + 12 < 1L << (int)(7 * (head - 1)))
                    return row - head;
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
