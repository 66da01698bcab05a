using Microsoft.Extensions.Logging;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;

namespace OrleansRec.Grains.Training;

/// <summary>The one piece of training work that a shard does at a time: begun by a command, ended by a report.</summary>
/// <remarks>
/// Work belongs to one attempt at one training; a command of an earlier attempt is answered with the later one, one of a later attempt ends everything before it.
/// A command for work that is under way changes nothing; for work that is done, the shard reports again; for other work, it stops what is under way and
/// waits for its end, because both would change the same factors. Runs on the shard's own scheduler, without holding up its calls.
/// </remarks>
internal sealed class ShardWork(int shard, TenantGrains grains, UnaskedCalls unasked, ILogger logger)
{
    private readonly Dictionary<(TrainingPhase Phase, int Sweep), ShardReport> _done = [];
    private (TrainingPhase Phase, int Sweep)? _underWay;
    private CancellationTokenSource _stop = new();
    private Task _last = Task.CompletedTask;

    public long Version { get; private set; }

    public int Attempt { get; private set; }

    /// <summary>Whether this is the training, and the attempt at it, that the shard works for.</summary>
    public bool Is(long version, int attempt) => version == Version && attempt == Attempt;

    /// <summary>Completes when no work is under way any more, however it ended.</summary>
    public Task Ended => _last;

    /// <summary>Begins work, unless it is under way or done.</summary>
    public void Begin(long version, int attempt, TrainingPhase phase, int sweep, Func<CancellationToken, Task<ShardReport>> work)
    {
        if ((version, attempt).CompareTo((Version, Attempt)) < 0)
        {
            // Who still drives an earlier attempt writes nothing for a long time, so it hears from here that there is a later one.
            _ = Send(new(Version, Attempt, TrainingPhase.Idle, 0, shard, 0, 0, 0, [], [], null));
            return;
        }
        if (!Is(version, attempt))
            Reset(version, attempt);
        if (_underWay == (phase, sweep))
            return;
        if (_done.TryGetValue((phase, sweep), out ShardReport? report))
            _ = Send(report);
        else
            Replace(phase, sweep, work);
    }

    /// <summary>Forgets that work was done, so that the next command does it again.</summary>
    public void Forget(TrainingPhase phase)
    {
        foreach (var key in _done.Keys.Where(k => k.Phase == phase).ToArray())
            _done.Remove(key);
    }

    /// <summary>Stops what is under way and goes over to another training or attempt.</summary>
    public void Reset(long version, int attempt)
    {
        Stop();
        _done.Clear();
        _underWay = null;
        (Version, Attempt) = (version, attempt);
    }

    private void Stop()
    {
        _stop.Cancel();
        _stop = new();
    }

    private void Replace(TrainingPhase phase, int sweep, Func<CancellationToken, Task<ShardReport>> work)
    {
        Stop();
        _underWay = (phase, sweep);
        _last = Run(phase, sweep, work, _last, _stop.Token);
    }

    /// <summary>Completes when the work has ended, however it ends. Work that the end of the silo interrupts is begun again by the next activation of the coordinator.</summary>
    private async Task Run(TrainingPhase phase, int sweep, Func<CancellationToken, Task<ShardReport>> work, Task earlier, CancellationToken stop)
    {
        await earlier;
        if (!unasked.TryBegin())
            return;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, unasked.Stopping);
            await Run(phase, sweep, work, either.Token);
        }
        finally
        {
            unasked.End();
        }
    }

    private async Task Run(TrainingPhase phase, int sweep, Func<CancellationToken, Task<ShardReport>> work, CancellationToken stop)
    {
        ShardReport report;
        var (version, attempt) = (Version, Attempt);
        try
        {
            stop.ThrowIfCancellationRequested();
            report = await work(stop);
        }
        catch (Exception e)
        {
            if (stop.IsCancellationRequested)
                return;
            logger.LogWarning(e, "Shard {Shard} could not do {Phase} of version {Version}.", shard, phase, version);
            _underWay = null;
            _ = Send(new(version, attempt, phase, sweep, shard, 0, 0, 0, [], [], e.Message, e is TrainingFailedException { IsFinal: true }));
            return;
        }
        if (stop.IsCancellationRequested)
            return;
        _underWay = null;
        // Only the last solve of a side can be told again: its factors are what the shard still holds.
        if (phase is TrainingPhase.SolvingUsers or TrainingPhase.SolvingItems)
            Forget(phase);
        _done[(phase, sweep)] = report;
        _ = Send(report);
    }

    private async Task Send(ShardReport report)
    {
        if (!unasked.TryBegin())
            return;
        try
        {
            await grains.Coordinator.Report(report);
        }
        catch (Exception e)
        {
            // The coordinator asks again when it hears nothing.
            logger.LogWarning(e, "Shard {Shard} could not report {Phase} of version {Version}.", shard, report.Phase, report.Version);
        }
        finally
        {
            unasked.End();
        }
    }
}
