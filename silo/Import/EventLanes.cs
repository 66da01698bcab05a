using System.Threading.Channels;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Import;

/// <summary>Collects events into batches, one lane for each shard, and sends them while the reader goes on.</summary>
/// <remarks>A full lane holds the reader up, so memory stays bounded by lanes × (waiting + 2) × batch.</remarks>
internal sealed class EventLanes
{
    /// <summary>Batches that may wait in a lane behind the one being sent.</summary>
    public const int WaitingBatchesMax = 2;

    private sealed record Batch(EventRecord[] Events, long[] Lines);

    private sealed class Lane(int batchEventsMax)
    {
        public readonly Channel<Batch> Waiting = Channel.CreateBounded<Batch>(WaitingBatchesMax);
        public EventRecord[] Events = new EventRecord[batchEventsMax];
        public long[] Lines = new long[batchEventsMax];
        public int Count;
    }

    private readonly IEventSink _sink;
    private readonly ImportReport _report;
    private readonly Lane[] _lanes;
    private readonly Task _senders;
    private readonly CancellationTokenSource _stop;

    public EventLanes(IEventSink sink, ImportReport report, CancellationToken cancellation)
    {
        (_sink, _report) = (sink, report);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _lanes = [.. Enumerable.Range(0, sink.LaneCount).Select(_ => new Lane(sink.BatchEventsMax))];
        _senders = Task.WhenAll(_lanes.Select((lane, index) => Task.Run(() => SendAll(lane, index))));
    }

    /// <summary>Adds an event; waits where its lane is full. Called by the reader's own thread, which may block.</summary>
    public void Add(in EventRecord e, long line)
    {
        var lane = _lanes[_sink.LaneOf(e.UserId)];
        lane.Events[lane.Count] = e;
        lane.Lines[lane.Count] = line;
        if (++lane.Count == lane.Events.Length)
            Hand(lane);
    }

    /// <summary>Sends what is left and completes when all of it is durable, or throws what went wrong in a lane.</summary>
    public async Task Finish(bool readerFailed)
    {
        try
        {
            foreach (var lane in _lanes)
            {
                if (lane.Count > 0 && !_stop.IsCancellationRequested)
                    Hand(lane);
                lane.Waiting.Writer.TryComplete();
            }
        }
        catch (OperationCanceledException) when (_senders.IsFaulted || _stop.IsCancellationRequested)
        {
            // The sender's own exception says more; it comes out of the wait below.
        }
        try
        {
            await _senders;
        }
        catch (Exception) when (readerFailed)
        {
            // What the reader threw is already on its way.
        }
        finally
        {
            _stop.Dispose();
        }
    }

    private void Hand(Lane lane)
    {
        bool isFull = lane.Count == lane.Events.Length;
        var batch = isFull ? new Batch(lane.Events, lane.Lines) : new Batch(lane.Events[..lane.Count], lane.Lines[..lane.Count]);
        // The batch belongs to its receiver from here on.
        (lane.Events, lane.Lines, lane.Count) = (new EventRecord[_sink.BatchEventsMax], new long[_sink.BatchEventsMax], 0);
        var write = lane.Waiting.Writer.WriteAsync(batch, _stop.Token);
        if (!write.IsCompletedSuccessfully)
            write.AsTask().GetAwaiter().GetResult();
    }

    private async Task SendAll(Lane lane, int index)
    {
        try
        {
            await foreach (var batch in lane.Waiting.Reader.ReadAllAsync(_stop.Token))
            {
                var answer = await _sink.Send(index, batch.Events, _stop.Token);
                lock (_report)
                    Count(batch, answer);
            }
        }
        catch
        {
            // The reader and the other lanes have nothing more to do.
            await _stop.CancelAsync();
            throw;
        }
    }

    private void Count(Batch batch, SinkAnswer answer)
    {
        _report.Count(answer.Accepted, answer.Duplicates);
        var rejected = answer.Rejected.Count == 0 ? null : answer.Rejected.ToDictionary(r => r.Index);
        for (int i = 0; i < batch.Events.Length; i++)
            if (rejected is not null && rejected.TryGetValue(i, out var why))
                _report.Reject(batch.Lines[i], new($"{why.Field} {why.Rule}", why.Field, why.Value));
            else
                _report.See(batch.Events[i].UserId, batch.Events[i].ItemId);
    }
}
