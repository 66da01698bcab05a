using OrleansRec.Contracts;

namespace OrleansRec.Silo.Import;

/// <summary>Sends events that are in memory already.</summary>
internal static class EventImport
{
    /// <summary>Sends them and completes when all are durable.</summary>
    public static async Task<ImportReport> Run(IReadOnlyList<EventRecord> events, IEventSink sink, CancellationToken cancellation)
    {
        var report = new ImportReport(0) { Lines = events.Count };
        var lanes = new EventLanes(sink, report, cancellation);
        bool failed = true;
        try
        {
            await Task.Run(() =>
            {
                for (int i = 0; i < events.Count; i++)
                    lanes.Add(events[i], i + 1);
            }, cancellation);
            failed = false;
        }
        finally
        {
            await lanes.Finish(failed);
        }
        return report;
    }
}
