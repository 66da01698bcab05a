using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Silo.Import;

/// <summary>What to import and how to read it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">Its layout.</param>
/// <param name="Columns">Which column is what, for csv, tsv and jsonl.</param>
/// <param name="Type">The type of lines that have none of their own.</param>
/// <param name="ListedMax">How many rejected lines to list one by one.</param>
public sealed record ImportPlan(string Path, ImportFormat Format, ImportColumns Columns, string Type = EventTypeRules.Interaction, int ListedMax = 0);

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
    /// <param name="cancellation">Lines not yet sent are dropped.</param>
    /// <exception cref="BadInputException">The file cannot be read to its end. What came before that is imported.</exception>
    public static async Task<ImportReport> Run(
        ImportPlan plan, IEventSink sink, EventTypeRules types, TimeProvider time, IRecommender? catalogueOwner = null,
        IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        var report = new ImportReport(plan.ListedMax);
        var catalogue = plan.Format == ImportFormat.OnlineRetail && catalogueOwner is not null ? new Catalogue() : null;
        var lanes = new EventLanes(sink, report, cancellation);
        var reader = new Reader(plan, sink, types, time.GetUtcNow().ToUnixTimeMilliseconds(), report, lanes, catalogue, progress, cancellation);
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

    /// <summary>Opens a file as lines.</summary>
    public static ILineSource Open(ImportPlan plan, Catalogue? catalogue = null, Action<long>? onRead = null)
    {
        var stream = InteractionFile.Open(plan.Path, onRead);
        try
        {
            return plan.Format switch
            {
                ImportFormat.Csv => new CsvLines(stream, plan.Path, ',', plan.Columns, plan.Type),
                ImportFormat.Tsv => new CsvLines(stream, plan.Path, '\t', plan.Columns, plan.Type),
                ImportFormat.JsonLines => new JsonLines(stream, plan.Columns, plan.Type),
                ImportFormat.MovieLens => new MovieLensLines(stream, plan.Path),
                ImportFormat.OnlineRetail => new OnlineRetailLines(stream, plan.Path, catalogue),
                _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.Format, "not a format"),
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private sealed class Reader(
        ImportPlan plan, IEventSink sink, EventTypeRules types, long nowMs, ImportReport report, EventLanes lanes, Catalogue? catalogue,
        IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        private readonly OccurrenceKeys _keys = new();
        private long _bytesRead;

        public long LastLine { get; private set; }

        public void ReadAll()
        {
            using var source = Open(plan, catalogue, bytes => _bytesRead = bytes);
            long bytesTotal = new FileInfo(plan.Path).Length;
            long lines = 0;
            var line = new ImportLine();
            while (source.Read(ref line))
            {
                LastLine = line.Number;
                Take(ref line);
                if (++lines % ProgressLines == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report(new(_bytesRead, bytesTotal, lines));
                }
                report.Lines = lines;
            }
            progress?.Report(new(bytesTotal, bytesTotal, lines));
        }

        private void Take(ref ImportLine line)
        {
            if (line.Rejected is null && Check(line) is { } violation)
                line.Reject($"{violation.Field} {violation.Rule}", violation.Field, violation.Value);
            if (line.Rejected is { } why)
            {
                lock (report)
                    report.Reject(line.Number, why);
                return;
            }
            ulong key = line.EventId is not { } id ? _keys.KeyOf(line) : EventKeys.TryParse(id, out ulong named) ? named : IdHash.Of(id);
            lanes.Add(new(line.User!, line.Item!, line.Type!, (float)(line.Value ?? 1), line.TimeMs ?? nowMs, line.Session, key), line.Number);
        }

        // A receiver with types of its own checks the type itself; everything else is the same there as here.
        private RuleViolation? Check(in ImportLine line)
        {
            string? type = sink.KnowsTypes || (line.Type is { } t && types.TryGet(t, out _)) ? line.Type : EventTypeRules.Interaction;
            return EventRules.CheckEvent(line.User, line.Item, type, line.Value, line.TimeMs, line.Session, line.EventId, types, nowMs)
                ?? EventRules.CheckId("type", line.Type);
        }
    }
}
