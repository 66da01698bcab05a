using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>What is true, from the durable writes alone: every grain's answer is held against it, and every write against the writes before it.</summary>
internal sealed class Truth
{
    private readonly SimulatedDisk _disk;
    private readonly ShardMap _map;
    private readonly TimeProvider _clock;
    private readonly Checks _checks;
    private readonly SortedDictionary<long, ModelTruth> _models = [];
    private readonly HashSet<long> _ended = [];

    public Truth(SimulatedDisk disk, SharedStates states, ShardMap map, TimeProvider clock, Checks checks)
    {
        (_disk, _map, _clock, _checks) = (disk, map, clock, checks);
        Users = new(map.UserShards)
        {
            Doubled = message => checks.Fail(CheckNames.NothingIsDoubled, message), NotAgreed = message => checks.Fail(CheckNames.ConsentIsKept, message),
        };
        Catalogue = new(map.ItemShards);
        disk.Appended = OnAppended;
        disk.Snapshotted = OnSnapshotted;
        states.Written = OnWritten;
    }

    public UserTruth Users { get; }

    public CatalogueTruth Catalogue { get; }

    /// <summary>The training as it was last kept.</summary>
    public TrainingRecord? Training { get; private set; }

    /// <summary>The directory as it was last kept.</summary>
    public ModelDirectory Directory { get; private set; } = new(0, []);

    /// <summary>Versions held no more, whose blocks the next publication deletes.</summary>
    public IReadOnlyList<long> Discarded { get; private set; } = [];

    /// <summary>Versions that someone has asked to be made current, and until when such a call may still be on its way.</summary>
    public Dictionary<long, DateTimeOffset> Promoted { get; } = [];

    /// <summary>Calls that take events back and may still be on their way: a shard trains without an event from the moment on that it hears of one.</summary>
    public int TakenBack { get; set; }

    /// <summary>Every merge that was asked for.</summary>
    public List<BegunMerge> Merges { get; } = [];

    /// <summary>Every version that was ever published.</summary>
    public IReadOnlyDictionary<long, ModelTruth> Models => _models;

    private void OnAppended(LogBatch batch)
    {
        for (var shard = 0; shard < _map.UserShards; shard++)
            if (batch.Stream == LogStreams.Users(World.Tenant, shard))
                Users.Take(shard, batch);
        for (var shard = 0; shard < _map.ItemShards; shard++)
            if (batch.Stream == LogStreams.Items(World.Tenant, shard))
                Catalogue.Take(shard, batch);
    }

    private void OnSnapshotted(string stream, LogSnapshot snapshot)
    {
        foreach (var (version, model) in _models)
        {
            for (var shard = 0; shard < _map.ItemShards; shard++)
            {
                if (stream != LogStreams.Model(World.Tenant, version, shard))
                    continue;
                var block = PublishedBlock.Read(snapshot.Content.Span);
                _checks.Require(
                    block.Ids.All(model.Has) && block.Ids.Length == model.Info.ShardRows[shard], CheckNames.ModelIsWhole,
                    () => $"Block {shard} of version {version} is written again with other rows after it was published.");
            }
        }
    }

    private void OnWritten(object? before, object? after)
    {
        if (after is ModelDirectoryState directory)
            OnDirectory(directory);
        else if (after is TrainingRecord training)
            OnTraining(training);
    }

    private void OnDirectory(ModelDirectoryState state)
    {
        var (before, next) = (Directory, state.Directory);
        Discarded = state.Discarded;
        _checks.Note($"directory {next.Revision}: version {next.Current} of {string.Join(", ", next.Models.Select(m => m.Version))}");
        Directory = next;
        foreach (var info in next.Models)
            if (!_models.ContainsKey(info.Version))
                OnPublished(info, before);
        var lost = before.Models.Select(m => m.Version).Except(next.Models.Select(m => m.Version)).ToArray();
        _checks.Require(
            lost.All(version => next.Models.All(m => m.Version > version)), CheckNames.VersionsGrow,
            () => $"Version {string.Join(", ", lost)} is gone from the directory, which goes on with {string.Join(", ", next.Models.Select(m => m.Version))}.");
        _checks.Require(
            next.Current >= before.Current || (Promoted.TryGetValue(next.Current, out var until) && _clock.GetUtcNow() <= until), CheckNames.VersionsGrow,
            () => $"The current version goes from {before.Current} to {next.Current}, which nobody has promoted.");
    }

    private void OnPublished(ModelInfo info, ModelDirectory before)
    {
        _checks.Require(
            before.Models.All(m => m.Version < info.Version), CheckNames.VersionsGrow,
            () => $"Version {info.Version} is published after {before.Models.Max(m => m.Version)}.");
        var blocks = new List<PublishedBlock>();
        for (var shard = 0; shard < _map.ItemShards; shard++)
        {
            if (_disk.ReadSnapshot(LogStreams.Model(World.Tenant, info.Version, shard)) is not { } kept)
            {
                _checks.Fail(CheckNames.ModelIsWhole, $"Version {info.Version} is published without the block of item shard {shard}.");
                return;
            }
            blocks.Add(PublishedBlock.Read(kept.Content.Span));
        }
        if (_disk.ReadSnapshot(LogStreams.Companion(World.Tenant, info.Version)) is not { } companion)
            _checks.Fail(CheckNames.ModelIsWhole, $"Version {info.Version} is published without the models beside its factors.");
        else if (OrleansRec.Model.Companions.CompanionCoding.Read(companion.Content.Span) is var beside && (beside.Version, beside.Attempt, beside.ItemCount) != (info.Version, info.Attempt, (int)info.Items))
            _checks.Fail(
                CheckNames.ModelIsWhole,
                $"Beside the {info.Items} items of version {info.Version}, attempt {info.Attempt}, are models of {beside.ItemCount} items of version {beside.Version}, attempt {beside.Attempt}.");
        if (info.Plan.Sequence is not null)
            OnSequence(info, [.. blocks.SelectMany(b => b.Ids)]);
        var model = new ModelTruth(info, blocks);
        _models.Add(info.Version, model);
        if (model.Fault() is { } fault)
            _checks.Fail(CheckNames.ModelIsWhole, fault);
        else if (TakenBack == 0 && Training is { } training && training.Version == info.Version && Reference.HashOf(Users, info.Plan, training.Watermarks) is { } hash)
            _checks.Require(
                hash == info.FactorsHash, CheckNames.ModelIsTheTraining,
                () => $"Version {info.Version} has the factors {info.FactorsHash}; one thread comes to {hash} on the same events.");
    }

    private void OnSequence(ModelInfo info, string[] ids)
    {
        // Of users with a retention or without consent the shards read less than the log has.
        bool isKnown = TakenBack == 0 && Training?.Version == info.Version && Users.Users.All(user => !Users.HasHadRetention(user) && !Users.HasRefused(user));
        var events = isKnown ? Reference.EventsAt(Users, Training!.Watermarks) : null;
        if (SequenceTruth.Fault(info, _disk.ReadSnapshot(LogStreams.SequenceModel(World.Tenant, info.Version)), ids, events) is { } fault)
            _checks.Fail(events is null ? CheckNames.ModelIsWhole : CheckNames.ModelIsTheTraining, fault);
        else if (events is not null)
            _checks.Note($"the sequence model of version {info.Version} is that of one thread");
    }

    private void OnTraining(TrainingRecord next)
    {
        var before = Training;
        Training = next;
        _checks.Note($"training {next.Version}, attempt {next.Attempt}: {next.Phase}, sweep {next.Checkpoint} {next.Reason}");
        if (next.Phase is TrainingPhase.Failed or TrainingPhase.Refused)
            _checks.Require(!string.IsNullOrEmpty(next.Reason), CheckNames.TrainingEnds, () => $"The training of version {next.Version} failed without a reason.");
        if (next.Phase is TrainingPhase.Done)
            _checks.Require(
                _models.ContainsKey(next.Version), CheckNames.TrainingEnds, () => $"The training of version {next.Version} is done, but the version is not published.");
        if (next.Phase.IsEnd() && next.Phase != TrainingPhase.Idle && before?.Phase != next.Phase)
            _checks.Require(_ended.Add(next.Version), CheckNames.TrainingEnds, () => $"The training of version {next.Version} ends a second time.");
        if (next.Phase.IsEnd() && next.Quality is { } quality)
            OnCompared(next, quality);
        _checks.Require(
            before is null || next.Version >= before.Version, CheckNames.TrainingEnds,
            () => $"After the training of version {before!.Version} that of {next.Version} is kept.");
    }

    private void OnCompared(TrainingRecord training, ModelQuality quality)
    {
        _checks.Require(
            quality.IsRefused == (training.Phase == TrainingPhase.Refused) && (!quality.IsRefused || quality.New < quality.Current), CheckNames.WorseIsRefused,
            () => $"The training of version {training.Version} is {training.Phase}: {quality}");
        if (TakenBack == 0 && _models.TryGetValue(quality.ComparedWith, out var current) && Reference.EventsAt(Users, training.Watermarks) is { } events
            && HeldOutTruth.Fault(quality, events, training.Plan!.HeldOut!.Share, _models.GetValueOrDefault(training.Version), current) is { } fault)
            _checks.Fail(CheckNames.WorseIsRefused, $"Version {training.Version}: {fault}");
    }
}
