using Microsoft.Extensions.Options;
using OrleansRec.Api;

namespace OrleansRec.Silo.Dashboard.Live;

/// <summary>
/// Asks the server how one tenant is, once for all browser windows, and only while one of them is visible. A window that falls behind sees the latest view,
/// never a queue of old ones.
/// </summary>
public sealed class LiveFeed(IRecommender recommender, IOptions<DashboardOptions> options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<LiveWindow> _watchers = [];
    private readonly Queue<TrafficPoint> _traffic = new();
    private CancellationTokenSource? _stop;
    private TrafficInfo? _lastTraffic;
    private long _asked, _shown;

    /// <summary>The latest view.</summary>
    public LiveView View { get; private set; } = LiveView.Empty;

    /// <summary>Adds a window; false where there are <see cref="DashboardOptions.WatchersMax"/> already.</summary>
    public bool TryWatch(LiveWindow window)
    {
        lock (_lock)
        {
            if (_watchers.Contains(window))
                return true;
            if (_watchers.Count >= options.Value.WatchersMax)
                return false;
            _watchers.Add(window);
            if (_stop is null)
            {
                _stop = new();
                _ = Poll(_stop.Token);
            }
            return true;
        }
    }

    /// <summary>Removes a window; the last one to leave ends the polling.</summary>
    public void Leave(LiveWindow window)
    {
        lock (_lock)
        {
            if (_watchers.Remove(window) && _watchers.Count == 0)
            {
                _stop?.Cancel();
                _stop = null;
            }
        }
    }

    /// <summary>
    /// Asks now, after an operator changed something, so that the page need not wait for the next poll. Questions overlap: an answer that comes after that to
    /// a later question is older than what is shown, and is dropped.
    /// </summary>
    public async Task Refresh(CancellationToken cancellation = default)
    {
        long turn = Interlocked.Increment(ref _asked);
        LiveView view = await Ask(cancellation);
        LiveWindow[] watchers;
        lock (_lock)
        {
            if (turn < _shown)
                return;
            (_shown, View) = (turn, view.Problem is null ? view with { Traffic = Add(view.Taken!.Value, view.Status!.Traffic) } : view);
            watchers = [.. _watchers];
        }
        foreach (LiveWindow window in watchers)
            window.Notify();
    }

    private async Task Poll(CancellationToken stop)
    {
        await Task.Yield();
        using PeriodicTimer timer = new(options.Value.PollPeriod, clock);
        try
        {
            do
                await Refresh(stop);
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The last window has gone.
        }
    }

    private async Task<LiveView> Ask(CancellationToken cancellation)
    {
        try
        {
            Task<ServerStatus> status = recommender.GetStatusAsync(cancellation);
            Task<TrainingInfo> training = recommender.GetTrainingAsync(cancellation);
            Task<ModelsAnswer> models = recommender.ListModelsAsync(cancellation);
            await Task.WhenAll(status, training, models);
            return new(await status, await training, await models, [], clock.GetUtcNow(), null);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // Whatever keeps the server from answering is what the operator has to see; the last good numbers stay beside it.
            return View with { Problem = Problems.Say(problem) };
        }
    }

    /// <summary>The points with one more; called under the lock, in the order of the questions.</summary>
    private TrafficPoint[] Add(DateTimeOffset now, TrafficInfo traffic)
    {
        _traffic.Enqueue(TrafficPoint.Of(now, traffic, _lastTraffic));
        _lastTraffic = traffic;
        while (_traffic.Count > options.Value.TrafficPointsMax)
            _traffic.Dequeue();
        return [.. _traffic];
    }
}
