using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Silo.Import;

/// <summary>How far an import is.</summary>
public readonly record struct ImportProgress(long BytesRead, long BytesTotal, long Lines);

/// <summary>Streams a file into a sink: one thread reads and checks lines, the lanes send them.</summary>
public static class FileImport
{
    private const int ProgressLines = 8192;

    /// <summary>Imports a file. Good lines are kept whatever the others hold.</summary>
    /// <param name="plan">What to import.</param>
    /// <param name="sink">Where events go.</param>
    /// <param name="types">The event types of this process.</param>
    /// <param name="time">Time of lines without one.</param>
    /// <param name="catalogueOwner">Gets titles and prices, where the format has them; null: nobody.</param>
    /// <param name="progress">Told now and then; may be null.</param>
    /// <param name="onFound">Told what was found about the file, before it is read; may be null.</param>
    /// <param name="cancellation">Lines not yet sent are dropped.</param>
    /// <exception cref="BadInputException">The file cannot be read to its end. What came before that is imported.</exception>
    public static async Task<ImportReport> Run(
        ImportPlan plan, IEventSink sink, EventTypeRules types, TimeProvider time, IRecommender? catalogueOwner = null,
        IProgress<ImportProgress>? progress = null, Action<FileFindings>? onFound = null, CancellationToken cancellation = default)
    {
        var report = new ImportReport(plan.ListedMax);
        var catalogue = catalogueOwner is not null ? new Catalogue() : null;
        var lanes = new EventLanes(sink, report, cancellation);
        var reader = new Reader(plan, sink, types, time.GetUtcNow().ToUnixTimeMilliseconds(), report, lanes, catalogue, progress, onFound, cancellation);
        BadInputException? broken = null;
        bool failed = true;
        try
        {
            await Task.Factory.StartNew(reader.ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            failed = false;
        }
        catch (BadInputException e)
        {
            // The lines before it are good: they are sent, then it is told.
            (broken, failed) = (e, false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A lane failed and stopped the reader; Finish throws what it failed with.
            failed = false;
        }
        finally
        {
            await lanes.Finish(failed);
        }
        cancellation.ThrowIfCancellationRequested();
        if (catalogue is { Count: > 0 })
            report.CatalogueItems = await catalogue.PutMissing(catalogueOwner!, cancellation);
        if (broken is not null && reader.LastLine == 0)
            throw broken;
        return broken is null ? report
            : throw new BadInputException(broken.Field, broken.Value, $"{broken.Rule}; the last good line is {reader.LastLine}, and {report.Accepted + report.Duplicates} events up to it are kept", broken);
    }

    private sealed class Reader(
        ImportPlan plan, IEventSink sink, EventTypeRules types, long nowMs, ImportReport report, EventLanes lanes, Catalogue? catalogue,
        IProgress<ImportProgress>? progress, Action<FileFindings>? onFound, CancellationToken cancellation)
    {
        private long _bytesRead;

        public long LastLine { get; private set; }

        public void ReadAll()
        {
            using var file = InteractionReading.Open(plan, catalogue, bytes => _bytesRead = bytes);
            report.Found = file.Found;
            onFound?.Invoke(file.Found);
            var rules = new LineRules(types, sink.KnowsTypes, plan, file.Warnings, nowMs);
            try
            {
                ReadLines(file.Lines, rules);
            }
            finally
            {
                report.Tell(file, rules, plan);
            }
        }

        private void ReadLines(ILineSource source, LineRules rules)
        {
            long bytesTotal = new FileInfo(plan.Path).Length;
            long lines = 0;
            var line = new ImportLine();
            while (source.Read(ref line))
            {
                LastLine = line.Number;
                Take(ref line, rules);
                if (++lines % ProgressLines == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report(new(_bytesRead, bytesTotal, lines));
                }
                report.Lines = lines;
            }
            progress?.Report(new(bytesTotal, bytesTotal, lines));
        }

        private void Take(ref ImportLine line, LineRules rules)
        {
            rules.Check(ref line);
            if (line.Rejected is { } why)
            {
                lock (report)
                    report.Reject(line.Number, why);
                return;
            }
            ulong key = rules.KeyOf(line);
            lanes.Add(new(line.User!, line.Item!, line.Type!, (float)(line.Value ?? 1), line.TimeMs ?? nowMs, line.Session, key), line.Number);
        }
    }
}
