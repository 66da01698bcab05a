using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;

namespace OrleansRec.Grains.Training;

/// <summary>What an item shard holds and does for a training: its columns, its rows' factors, the checkpoints.</summary>
/// <param name="shard">The shard's index.</param>
/// <param name="map">How many shards there are.</param>
/// <param name="grains">To reach user shards and the coordinator.</param>
/// <param name="solver">Solves on the compute pool.</param>
/// <param name="copies">The user side, shared with the other shards of the silo.</param>
/// <param name="store">Where checkpoints and published blocks are kept.</param>
/// <param name="unasked">Ends the work when the silo stops.</param>
/// <param name="companions">Builds the models beside the factors, where this shard is told to.</param>
/// <param name="sequences">Trains the sequence model, where this shard is told to.</param>
/// <param name="logger">Where trouble is told.</param>
internal sealed class ItemShardTraining(
    int shard, ShardMap map, TenantGrains grains, SideSolver solver, TrainingCopies copies, ILogStore store, UnaskedCalls unasked, CompanionWork companions, SequenceWork sequences,
    ILogger logger)
{
    private readonly BucketRange _range = Buckets.OfShard(shard, map.ItemShards);
    private readonly ShardWork _work = new(shard, grains, unasked, logger);
    private AlsOptions _options = new();
    private string[] _ids = [];
    private InteractionRows? _rows;
    private int[] _bucketStarts = [];
    private ShardFactors _factors = ShardFactors.None;

    /// <summary>The sweep that <see cref="_factors"/> is of; −1 while there are none, or while they change.</summary>
    private int _sweep = -1;

    public void Gather(GatherCommand command) => _work.Begin(command.Version, command.Attempt, TrainingPhase.Gathering, 0, async stop =>
    {
        Forget();
        command.Plan.RequireRung();
        _options = command.Plan.ToOptions();
        copies.Expect(items: false, command.Version, command.Attempt, command.UserRows, _options.Width);
        var merge = new ColumnMerge();
        for (int userShard = 0; userShard < command.UserRows.Length; userShard++)
            await CountColumns(command, userShard, merge, stop);
        merge.Reserve(command.UserRows.Sum());
        int[] offsets = TrainingCopies.Offsets(command.UserRows);
        for (int userShard = 0; userShard < command.UserRows.Length; userShard++)
            await FillColumns(command, userShard, offsets[userShard], merge, stop);
        stop.ThrowIfCancellationRequested();
        (_ids, _rows) = merge.Build();
        _bucketStarts = BucketStarts.Of(_ids, _range);
        return new(command.Version, command.Attempt, TrainingPhase.Gathering, 0, shard, _rows.RowCount, _rows.PairCount, 0, [], [], null);
    });

    private async Task CountColumns(GatherCommand command, int userShard, ColumnMerge merge, CancellationToken stop)
    {
        IUserShardTraining grain = grains.UserTraining(userShard);
        for (int item = 0, total = 1; item < total;)
        {
            ColumnSizes sizes = await grain.GetColumnSizes(command.Version, command.Attempt, shard, item, stop);
            merge.Count(sizes.Ids, sizes.Pairs);
            item += sizes.Ids.Length;
            total = sizes.TotalItems;
        }
    }

    private async Task FillColumns(GatherCommand command, int userShard, int firstUserRow, ColumnMerge merge, CancellationToken stop)
    {
        IUserShardTraining grain = grains.UserTraining(userShard);
        for (int item = 0, total = 1; item < total;)
        {
            ColumnChunk chunk = await grain.GetColumns(command.Version, command.Attempt, shard, item, stop);
            merge.Fill(firstUserRow, chunk.Ids, chunk.Starts, MemoryMarshal.Cast<byte, int>(chunk.Rows), MemoryMarshal.Cast<byte, float>(chunk.Values));
            item += chunk.Ids.Length;
            total = chunk.TotalItems;
        }
    }

    public RowIdChunk GetRowIds(long version, int attempt, int firstRow)
    {
        // There while pairs are, and after them until the version is published.
        if (!_work.Is(version, attempt) || _bucketStarts.Length == 0)
            throw Unknown(version);
        int count = Math.Min(RowIdsMax, _ids.Length - firstRow);
        return new(firstRow, _ids.Length, _ids[firstRow..(firstRow + count)]);
    }

    public void TakeStart(StartCommand command)
    {
        // Start values undo whatever was solved since: a sweep that was done must be done again.
        _work.Forget(TrainingPhase.Starting);
        _work.Forget(TrainingPhase.SolvingItems);
        _work.Begin(command.Version, command.Attempt, TrainingPhase.Starting, command.Sweep, async stop =>
        {
            InteractionRows rows = _rows ?? throw Unknown(command.Version);
            PublishedBlock? kept = command.Sweep == 0 ? null : await ReadCheckpoint(command.Version, command.Sweep, stop);
            stop.ThrowIfCancellationRequested();
            _factors = copies.Place(items: true, command.Version, command.Attempt, shard, rows.RowCount * _options.Width);
            _factors.Begin();
            if (kept is null)
                FillStart(_factors.Span);
            else
                FillFrom(kept, _factors.Span);
            _factors.Solved(_sweep = command.Sweep);
            SumNode[] sums = await solver.Sum(_options, _range, _bucketStarts, _factors.Rows, null, stop);
            byte[] hashes = await HashIfLast(command.Sweep, stop);
            return new(command.Version, command.Attempt, TrainingPhase.Starting, command.Sweep, shard, rows.RowCount, rows.PairCount, 0, sums, hashes, null);
        });
    }

    public void SolveItems(SolveCommand command) => _work.Begin(command.Version, command.Attempt, TrainingPhase.SolvingItems, command.Sweep, async stop =>
    {
        InteractionRows rows = _rows ?? throw Unknown(command.Version);
        if (_sweep != command.Sweep - 1)
            throw Unknown(command.Version);
        int width = _options.Width;
        FixedSide users = await copies.Users(grains, _options, command).WaitAsync(stop);
        stop.ThrowIfCancellationRequested();
        var half = new HalfSweep(users, fromZero: false);
        ShardFactors factors = _factors;
        _sweep = -1;
        factors.Begin();
        var observed = new double[rows.RowCount];
        await solver.Solve(half, rows, factors.Rows, observed, stop);
        factors.Solved(_sweep = command.Sweep);
        SumNode[] sums = await solver.Sum(
            _options, _range, _bucketStarts, factors.Rows, (row, terms) =>
            {
                terms[0] += observed[row];
                half.AddRegularisation(rows, row, factors.Span.Slice(row * width, width), terms);
            }, stop);
        await WriteBlock(LogStreams.Checkpoint(grains.Tenant, command.Version, shard, command.Sweep), command.Sweep, stop);
        byte[] hashes = await HashIfLast(command.Sweep, stop);
        return new(command.Version, command.Attempt, TrainingPhase.SolvingItems, command.Sweep, shard, rows.RowCount, rows.PairCount, 0, sums, hashes, null);
    });

    public FactorChunk GetFactors(long version, int attempt, int sweep, int firstRow) =>
        _work.Is(version, attempt) && sweep == _sweep ? FactorChunks.Cut(_factors.Span, _options.Width, firstRow) : throw Unknown(version);

    public void LearnEpoch(LearnCommand command) => _work.Begin(command.Version, command.Attempt, TrainingPhase.LearningSequences, command.Number, async stop =>
    {
        if (_bucketStarts.Length == 0)
            throw Unknown(command.Version);
        ShardEpoch epoch = await sequences.Learn(command, stop);
        return new(command.Version, command.Attempt, TrainingPhase.LearningSequences, command.Number, shard, _ids.Length, 0, 0, [], [], null, Epoch: epoch);
    });

    public void Prepare(PrepareCommand command) => _work.Begin(command.Version, command.Attempt, TrainingPhase.Publishing, command.Sweep, async stop =>
    {
        if (_sweep != command.Sweep)
            throw Unknown(command.Version);
        // No sweep is to come, and the published version needs room beside what is held.
        _rows = null;
        await WriteBlock(LogStreams.Model(grains.Tenant, command.Version, shard), command.Attempt, stop);
        if (command.Companion is { } companion)
        {
            if (companion.SequenceEpochs > 0)
                await sequences.Publish(command.Version, command.Attempt, companion, stop);
            await companions.Build(command.Version, command.Attempt, command.Sweep, companion, stop);
        }
        return new(command.Version, command.Attempt, TrainingPhase.Publishing, command.Sweep, shard, _ids.Length, 0, 0, [], [], null);
    });

    /// <summary>The training that something is held of.</summary>
    public long Version => _work.Version;

    /// <summary>Lets go of what is in memory of a training.</summary>
    public void Forget(long version)
    {
        if (version != _work.Version)
            return;
        _work.Reset(version, _work.Attempt);
        Forget();
        copies.Release(version);
    }

    /// <summary>Earlier trainings whose checkpoints are deleted again.</summary>
    private const int EarlierVersions = 2;

    /// <summary>Forgets a training and deletes its checkpoint; what it published stays.</summary>
    /// <remarks>A coordinator that others took for dead may have driven an earlier training on after its end, and its silo may be gone: so those before it are deleted once more.</remarks>
    public async Task Release(long version, CancellationToken cancellation)
    {
        Forget(version);
        // What is being written now would be there again after it was deleted.
        await _work.Ended.WaitAsync(cancellation);
        await VersionStore.Delete(store, CheckpointsOf(version), cancellation);
    }

    /// <summary>Forgets a training or a version and deletes all that it stored.</summary>
    public async Task Discard(long version, CancellationToken cancellation)
    {
        await Release(version, cancellation);
        TenantId tenant = grains.Tenant;
        string[] beside = shard == CompanionShard ? [LogStreams.Companion(tenant, version), LogStreams.SequenceModel(tenant, version)] : [];
        await VersionStore.Delete(store, [LogStreams.Model(tenant, version, shard), .. beside], cancellation);
    }

    private IEnumerable<string> CheckpointsOf(long version)
    {
        for (long each = version; each > 0 && each >= version - EarlierVersions; each--)
            for (int parity = 0; parity < 2; parity++)
            {
                yield return LogStreams.Checkpoint(grains.Tenant, each, shard, parity);
                if (shard == CompanionShard)
                    yield return LogStreams.SequenceCheckpoint(grains.Tenant, each, parity);
            }
    }

    /// <summary>The item shard that trains the sequence model and builds the models beside the factors, and deletes them.</summary>
    public const int CompanionShard = 0;

    /// <summary>Ids in one chunk: 16,384, at most 4 MB of UTF-8.</summary>
    private const int RowIdsMax = 16_384;

    private void FillStart(Span<float> factors)
    {
        int width = _options.Width;
        for (int row = 0; row < _ids.Length; row++)
            StartFactors.Fill(_options, _ids[row], factors.Slice(row * width, width));
    }

    private async Task<PublishedBlock> ReadCheckpoint(long version, int sweep, CancellationToken stop)
    {
        LogSnapshot? kept = await store.ReadSnapshot(LogStreams.Checkpoint(grains.Tenant, version, shard, sweep), stop);
        return kept is not null && kept.ThroughSequence == sweep ? PublishedBlock.Read(kept.Content.Span)
            : throw new TrainingFailedException($"Item shard {shard} has no checkpoint of version {version} after sweep {sweep}.");
    }

    /// <summary>The factors of a checkpoint, row by row of this training.</summary>
    /// <remarks>Ids differ only where a user was erased since: a row that the checkpoint lacks takes its start value.</remarks>
    private void FillFrom(PublishedBlock block, Span<float> factors)
    {
        if (block.Ids.AsSpan().SequenceEqual(_ids))
        {
            block.Factors.CopyTo(factors);
            return;
        }
        var rowOf = new Dictionary<string, int>(block.RowCount);
        for (int row = 0; row < block.RowCount; row++)
            rowOf.Add(block.Ids[row], row);
        FillStart(factors);
        for (int row = 0; row < _ids.Length; row++)
            if (rowOf.TryGetValue(_ids[row], out int source))
                block.Factors.AsSpan(source * block.Width, block.Width).CopyTo(factors[(row * block.Width)..]);
    }

    /// <summary>Keeps the factors as they are now: a checkpoint, whose sequence is the sweep, or a published version, whose sequence is the attempt.</summary>
    /// <remarks>An activation that others take for dead may be late here: what a later sweep or attempt has stored stays.</remarks>
    private async Task WriteBlock(string stream, long sequence, CancellationToken stop)
    {
        LogOpening opening = await store.Open(stream, stop);
        if (opening.SnapshotSequence > sequence)
            throw new TrainingUnknownException($"Stream {stream} holds block {opening.SnapshotSequence}; item shard {shard} is late with {sequence}.");
        await using ISnapshotWriter written = await store.BeginSnapshot(stream, opening.Epoch, stop);
        await PublishedBlock.Write(written, _options.Width, _ids, _factors.Rows, stop);
        await written.Complete(sequence, compact: true, stop);
    }

    private Task<byte[]> HashIfLast(int sweep, CancellationToken stop) => sweep == _options.Sweeps
        ? solver.Hash(_range, _bucketStarts, _ids, _factors.Rows, _options.Width, stop)
        : Task.FromResult(Array.Empty<byte>());

    private void Forget()
    {
        (_ids, _rows, _bucketStarts, _factors) = ([], null, [], ShardFactors.None);
        _sweep = -1;
        sequences.Forget();
    }

    private TrainingUnknownException Unknown(long version) => new($"Item shard {shard} holds nothing of version {version} for this.");
}
