using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Grains.Training;

/// <summary>Carries out what <see cref="TrainingMachine"/> decides: keeps its state, tells shards to begin, publishes.</summary>
/// <remarks>
/// Commands to shards return as soon as the work has begun, so no call here lasts longer than a store write. A shard that cannot be reached is asked again
/// after <see cref="TrainingOptions.SilencePeriod"/>, a write that failed is tried again after it, and so is a shard that has not let go of a training that ended.
/// </remarks>
[KeepAlive]
public sealed partial class TrainingCoordinatorGrain(
    [PersistentState("training", "rec")] IPersistentState<TrainingRecord> storage, ShardMap map, TimeProvider time, IOptions<TrainingOptions> options,
    IOptions<QualityGateOptions> gate, UnaskedCalls unasked, ILogger<TrainingCoordinatorGrain> logger) : Grain, ITrainingCoordinatorGrain
{
    private TrainingState _state = new();
    private TenantGrains _grains;
    private readonly HashSet<long> _releasing = [];
    private readonly Queue<long> _released = new();
    private IGrainTimer? _silence;
    private bool _saveDue;
    private long _lastProgress;
    private long _sweepStarted;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await FirstTurn.End();
        _grains = new(GrainFactory, GrainKey.Parse(this.GetPrimaryKeyString()).Tenant);
        _state = storage.State.ToState();
        _silence = this.RegisterGrainTimer(CheckSilence, new GrainTimerCreationOptions(options.Value.SilencePeriod, options.Value.SilencePeriod));
        if (!_state.IsOver)
            Log.Resumes(logger, _state.Version, _state.Checkpoint);
        else if (storage.RecordExists)
            // What was read may be older than what is stored, and an end that is of the past would never be written over: this write then fails.
            await Save();
        await Apply(await IsPublished(cancellationToken) ? new TrainingEvent.Published() : new TrainingEvent.Resumed());
    }

    /// <summary>
    /// Whether the activation before this one has published the version. If not, it never will: its attempt is refused from now on, so that no attempt
    /// of this one prepares blocks over those that lists are being computed from.
    /// </summary>
    private async Task<bool> IsPublished(CancellationToken cancellation) =>
        TrainingMachine.IsSwept(_state)
        && await _grains.Models.Claim(_state.Version, _state.Attempt + 1, cancellation);

    public async Task<TrainingStarted> Start(TrainingPlan plan, CancellationToken cancellation = default)
    {
        if (!_state.IsOver)
            return new(false, _state.Version);
        if (_state.Unreleased.Count >= TrainingMachine.UnreleasedMax)
            throw new OverloadedException(
                $"{_state.Unreleased.Count} ended trainings wait for shards that cannot be reached; {nameof(TrainingMachine.UnreleasedMax)} is {TrainingMachine.UnreleasedMax}.");
        plan = plan with { KernelRung = plan.KernelRung ?? ActiveRung.Name, HeldOut = await HoldOut(plan, cancellation) };
        storage.State = storage.State with
        {
            Plan = plan, StartedMs = NowMs(), EndedMs = 0, SweepSeconds = [], Users = 0, Items = 0, Pairs = 0,
        };
        await Apply(new TrainingEvent.Started(plan.ToOptions(), map.UserShards, map.ItemShards, plan.ToRule(), plan.ToSequence()));
        return new(true, _state.Version);
    }

    /// <summary>What to hold out. It goes with the plan, so that an attempt that begins again, and whoever compares with the version later, knows it.</summary>
    private async Task<HeldOutPlan?> HoldOut(TrainingPlan plan, CancellationToken cancellation)
    {
        QualityGateOptions limits = gate.Value;
        if (!limits.Enabled || plan.Objective != Objective.Implicit)
            return null;
        UserShardStatus[] shards = await Task.WhenAll(Enumerable.Range(0, map.UserShards).Select(s => _grains.UserShard(s).GetStatus(cancellation)));
        double share = HeldOutSample.ShareOf(shards.Sum(s => s.Users), limits.ShareMax, limits.UsersMin, limits.UsersMax);
        return share > 0 ? new(share, limits.UsersMin, limits.Tolerance) : null;
    }

    public async Task<bool> Stop(CancellationToken cancellation = default)
    {
        bool wasOver = _state.IsOver;
        await Apply(new TrainingEvent.Stopped());
        return _state.Phase == TrainingPhase.Stopped && !wasOver;
    }

    public Task<TrainingStatus> GetStatus(CancellationToken cancellation = default)
    {
        TrainingRecord kept = storage.State;
        return Task.FromResult(new TrainingStatus(
            _state.Phase, _state.Version, kept.Plan, _state.IsOver || _state.Phase == TrainingPhase.LearningSequences ? _state.Checkpoint : _state.Sweep, _state.ReportedCount, _state.Reports.Count,
            [.. _state.Losses], Math.Max(kept.Users, _state.UserRows.Sum(r => (long)r)), Math.Max(kept.Items, _state.ItemRows.Sum(r => (long)r)),
            Math.Max(kept.Pairs, _state.Pairs), kept.StartedMs, kept.EndedMs, kept.SweepSeconds, _state.Reason,
            RuntimeIdentity, _state.IsOver ? kept.Quality : ModelQuality.Of(_state.Quality), StatusOfSequence()));
    }

    private SequenceStatus? StatusOfSequence()
    {
        if (_state.Sequence is not { } options)
            return null;
        SequenceProgress epochs = _state.Epochs;
        int again = epochs.Done - epochs.Ndcg.Count;
        SequenceStep at = _state.NextEpoch ?? new(false, again);
        return new(
            _state.Phase == TrainingPhase.LearningSequences ? at.Epoch : at.IsChoosing ? epochs.Ndcg.Count : again,
            at.IsChoosing ? options.Epochs : SequenceCourse.Chosen(options, epochs), at.IsChoosing, [.. epochs.Losses], [.. epochs.Ndcg]);
    }

    public Task Report(ShardReport report, CancellationToken cancellation = default)
    {
        if ((report.Version, report.Attempt).CompareTo((_state.Version, _state.Attempt)) <= 0)
            return Apply(new TrainingEvent.Reported(TrainingWire.ToReport(report)));
        // Another activation drove a later attempt and may be gone: the next one reads what it has kept.
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task CheckSilence(CancellationToken cancellation)
    {
        while (_released.TryDequeue(out long version))
            await Apply(new TrainingEvent.Released(version));
        bool isSilent = (!_state.IsOver || _state.Unreleased.Count > 0) && time.GetElapsedTime(_lastProgress) >= options.Value.SilencePeriod;
        if (!_saveDue && !isSilent)
            return;
        if (_saveDue)
            await Save();
        // What was to follow the write was not carried out; silence asks for all of it.
        await Apply(new TrainingEvent.Silence());
    }

    private async Task Apply(TrainingEvent happened)
    {
        var (next, commands) = TrainingMachine.Step(_state, happened);
        if (happened is not TrainingEvent.Silence)
            _lastProgress = time.GetTimestamp();
        KeepTimes(_state, next);
        LogChange(_state, next);
        _state = next;
        foreach (TrainingCommand command in commands)
            await Carry(command);
    }

    private async Task Carry(TrainingCommand command)
    {
        switch (command)
        {
            case TrainingCommand.Save:
                await Save();
                break;
            case TrainingCommand.Begin begin:
                _ = Tell(begin.Shard, () => TrainingWire.Begin(_grains, _state, storage.State.Plan!, storage.State.StartedMs, begin.Shard));
                break;
            case TrainingCommand.Publish:
                await Publish();
                break;
            case TrainingCommand.Release release:
                _ = Release(release.Ended);
                break;
        }
    }

    /// <summary>A write that fails leaves the commands after it undone; <see cref="CheckSilence"/> tries both again.</summary>
    private async Task Save()
    {
        _saveDue = true;
        storage.State = storage.State.With(_state);
        try
        {
            await storage.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation drives the training: what this one knows is of the past.
            DeactivateOnIdle();
            throw;
        }
        _saveDue = false;
    }

    private async Task Publish()
    {
        double seconds = storage.State.SweepSeconds.Sum();
        var model = new ModelInfo(
            _state.Version, storage.State.Plan!, _state.UserRows.Sum(r => (long)r), _state.ItemRows.Sum(r => (long)r), _state.Pairs, _state.GlobalMean,
            _state.ItemGram, [.. _state.Losses], _state.FactorsHash, NowMs(), seconds, [.. _state.ItemRows], _state.Attempt);
        try
        {
            using var deadline = new CancellationTokenSource(options.Value.PublishTimeout, time);
            await _grains.Models.Publish(model, deadline.Token);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or StoreUnavailableException or OrleansException)
        {
            // Publishing is idempotent by version: the next silence asks again.
            Log.PublishFailed(logger, e, _state.Version);
            return;
        }
        catch (FencedException e)
        {
            // A later activation has claimed the version.
            Log.PublishFailed(logger, e, _state.Version);
            DeactivateOnIdle();
            return;
        }
        catch (TrainingFailedException e)
        {
            await Apply(new TrainingEvent.Refused(e.Message));
            return;
        }
        await Apply(new TrainingEvent.Published());
    }

    /// <summary>Not awaited by calls: shards may be long in coming back. That all have let go is fed to the machine by a tick of the timer, as a call of its own.</summary>
    private async Task Release(TrainingRelease ended)
    {
        if (!_releasing.Add(ended.Version))
            return;
        var calls = new List<Task<bool>>();
        for (int shard = 0; shard < map.UserShards; shard++)
        {
            IUserShardTraining grain = _grains.UserTraining(shard);
            calls.Add(Tell(shard, () => grain.Release(ended.Version)));
        }
        for (int shard = 0; shard < map.ItemShards; shard++)
        {
            IItemShardTraining grain = _grains.ItemTraining(shard);
            calls.Add(Tell(shard, () => ended.Published ? grain.Release(ended.Version) : grain.Discard(ended.Version)));
        }
        bool[] told = await Task.WhenAll(calls);
        _releasing.Remove(ended.Version);
        if (!Array.TrueForAll(told, t => t))
            return;
        _released.Enqueue(ended.Version);
        _silence?.Change(TimeSpan.Zero, options.Value.SilencePeriod);
    }

    /// <summary>Whether the shard was reached. An unreachable one does not hold up the others, and is asked again by <see cref="CheckSilence"/>.</summary>
    private async Task<bool> Tell(int shard, Func<Task> call)
    {
        if (!unasked.TryBegin())
            return false;
        try
        {
            await call();
            return true;
        }
        catch (Exception e)
        {
            Log.ShardUnreachable(logger, e, shard, _state.Version, _state.Phase);
            return false;
        }
        finally
        {
            unasked.End();
        }
    }

    private void KeepTimes(TrainingState before, TrainingState after)
    {
        if (after.Phase == TrainingPhase.SolvingUsers && before.Phase != TrainingPhase.SolvingUsers)
        {
            if (before.Phase != TrainingPhase.SolvingItems)
                _sweepStarted = time.GetTimestamp();
        }
        if (after.Checkpoint > before.Checkpoint)
        {
            double seconds = time.GetElapsedTime(_sweepStarted).TotalSeconds;
            storage.State = storage.State with { SweepSeconds = [.. storage.State.SweepSeconds, seconds] };
            TrainingMetrics.SweepDuration.Record(seconds);
            _sweepStarted = time.GetTimestamp();
        }
        if (after.IsOver && !before.IsOver)
        {
            storage.State = storage.State with { EndedMs = NowMs() };
            TrainingMetrics.Ended.Add(1, new KeyValuePair<string, object?>("outcome", after.Phase.ToString()));
        }
    }

    private void LogChange(TrainingState before, TrainingState after)
    {
        if (after.Phase == TrainingPhase.Failed && before.Phase != TrainingPhase.Failed)
            Log.Failed(logger, after.Version, after.Reason);
        else if (after.Phase == TrainingPhase.Refused && before.Phase != TrainingPhase.Refused)
            Log.Refused(logger, after.Version, after.Reason);
        else if (after.Restarts > before.Restarts)
            Log.Restarts(logger, after.Version, after.Checkpoint, after.Reason);
        else if (after.Checkpoint > before.Checkpoint)
            Log.Swept(logger, after.Version, after.Checkpoint, after.Losses[^1]);
        else if (after.Epochs.Done > before.Epochs.Done)
            Log.Learned(logger, after.Version, after.Epochs.Done, after.Epochs.Losses[^1]);
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Training of version {Version} goes on after sweep {Sweep}.")]
        public static partial void Resumes(ILogger logger, long version, int sweep);

        [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version}: sweep {Sweep} done, objective {Loss}.")]
        public static partial void Swept(ILogger logger, long version, int sweep, double loss);

        [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version}: epoch {Epoch} of the sequence model done, loss {Loss}.")]
        public static partial void Learned(ILogger logger, long version, int epoch, double loss);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Version {Version} begins again from sweep {Sweep}: {Reason}")]
        public static partial void Restarts(ILogger logger, long version, int sweep, string? reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Training of version {Version} failed: {Reason}")]
        public static partial void Failed(ILogger logger, long version, string? reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Version {Version} is not published, because it is worse than the current one: {Reason}")]
        public static partial void Refused(ILogger logger, long version, string? reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Version {Version} is not published yet.")]
        public static partial void PublishFailed(ILogger logger, Exception exception, long version);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} was not reached for version {Version}, phase {Phase}.")]
        public static partial void ShardUnreachable(ILogger logger, Exception exception, int shard, long version, TrainingPhase phase);
    }
}
