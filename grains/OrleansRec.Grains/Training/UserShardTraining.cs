using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Grains.Training;

/// <summary>What a training works on in one user shard.</summary>
/// <param name="Pairs">The pairs.</param>
/// <param name="Watermark">The last record that is in them.</param>
/// <param name="HeldOut">Sampled users, whose newest item is not in them.</param>
/// <param name="Texts">What the numbers in the events of those stand for; read in the shard's turns.</param>
internal sealed record FrozenPairs(PairBlock Pairs, long Watermark, IReadOnlyList<HeldOutUser> HeldOut, EventTexts Texts);

/// <summary>What a user shard holds and does for a training: its frozen pairs, and its users' factors of the last sweep.</summary>
/// <param name="shard">The shard's index.</param>
/// <param name="map">How many shards there are.</param>
/// <param name="grains">To reach item shards and the coordinator.</param>
/// <param name="solver">Solves on the compute pool.</param>
/// <param name="copies">The item side, shared with the other shards of the silo.</param>
/// <param name="freeze">Reads the shard's pairs up to a watermark (−1: all that is durable).</param>
/// <param name="current">The version that lists are computed from now, or null.</param>
/// <param name="unasked">Ends the work when the silo stops.</param>
/// <param name="logger">Where trouble is told.</param>
internal sealed class UserShardTraining(
    int shard, ShardMap map, TenantGrains grains, SideSolver solver, TrainingCopies copies,
    Func<TrainingPlan, long, CancellationToken, Task<FrozenPairs>> freeze, Func<CancellationToken, Task<PublishedModel?>> current, UnaskedCalls unasked, ILogger logger)
{
    private readonly BucketRange _range = Buckets.OfShard(shard, map.UserShards);
    private readonly ShardWork _work = new(shard, grains, unasked, logger);
    private AlsOptions _options = new();
    private PairBlock? _pairs;
    private HeldOutUsers _heldOut = HeldOutUsers.None(solver);
    private InteractionRows? _byUser;
    private int[] _bucketStarts = [];
    private ShardFactors _factors = ShardFactors.None;
    private int _sweep;

    public void Freeze(FreezeCommand command) => _work.Begin(command.Version, command.Attempt, TrainingPhase.Freezing, 0, async stop =>
    {
        Forget();
        command.Plan.RequireRung();
        _options = command.Plan.ToOptions();
        var (pairs, watermark, heldOut, texts) = await freeze(command.Plan, command.Watermark, stop);
        stop.ThrowIfCancellationRequested();
        (_pairs, _heldOut) = (pairs, new(heldOut, texts, solver));
        _bucketStarts = BucketStarts.Of(pairs.UserIds, _range);
        InteractionRows rows = pairs.ByUser;
        var sums = BucketTree.Nodes(_range, 2, (bucket, into) =>
        {
            for (int row = _bucketStarts[bucket - _range.First]; row < _bucketStarts[bucket - _range.First + 1]; row++)
            {
                for (int at = rows.Starts[row]; at < rows.Starts[row + 1]; at++)
                    into[0] += rows.AllValues[at];
                into[1] += rows.CountOf(row);
            }
        });
        return new(command.Version, command.Attempt, TrainingPhase.Freezing, 0, shard, rows.RowCount, rows.PairCount, watermark, TrainingWire.ToNodes(sums), [], null);
    });

    public ColumnSizes GetColumnSizes(long version, int attempt, int itemShard, int firstItem)
    {
        PairBlock pairs = PairsOf(version, attempt);
        var (first, end) = pairs.ItemsOf(Buckets.OfShard(itemShard, map.ItemShards));
        int from = first + firstItem, to = Math.Min(end, from + ColumnIdsMax);
        return new(firstItem, end - first, pairs.ItemIds[from..to], pairs.PairsOfItem[from..to].ToArray());
    }

    public ColumnChunk GetColumns(long version, int attempt, int itemShard, int firstItem)
    {
        PairBlock pairs = PairsOf(version, attempt);
        var (first, end) = pairs.ItemsOf(Buckets.OfShard(itemShard, map.ItemShards));
        int from = first + firstItem, to = from;
        for (int count = 0; to < end && (to == from || count + pairs.PairsOfItem[to] <= ColumnPairsMax); to++)
            count += pairs.PairsOfItem[to];
        var (starts, rows, values) = pairs.ByItem(from, to);
        return new(
            firstItem, end - first, pairs.ItemIds[from..to], starts, MemoryMarshal.AsBytes(rows.AsSpan()).ToArray(), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    /// <summary>Ids in one answer: 8,192, at most 2 MB of UTF-8.</summary>
    private const int ColumnIdsMax = 8192;

    /// <summary>Pairs in one chunk, unless one item has more: its arrays then stay below what .NET allocates apart and collects late.</summary>
    private const int ColumnPairsMax = 16_384;

    /// <summary>The frozen pairs; there are none any more once users are mapped to the item side.</summary>
    private PairBlock PairsOf(long version, int attempt) => _work.Is(version, attempt) && _pairs is { } pairs ? pairs : throw Unknown(version);

    public void MapItems(MapCommand command) => _work.Begin(command.Version, command.Attempt, TrainingPhase.Mapping, 0, async stop =>
    {
        PairBlock pairs = _pairs ?? throw Unknown(command.Version);
        copies.Expect(items: true, command.Version, command.Attempt, command.ItemRows, _options.Width);
        int[] rowOf = await LocateItems(command, pairs.ItemIds, stop);
        stop.ThrowIfCancellationRequested();
        // Every item shard has its columns by now.
        _pairs = null;
        _byUser = pairs.TakeWithColumns(rowOf, command.ItemRows.Sum());
        return new(command.Version, command.Attempt, TrainingPhase.Mapping, 0, shard, _byUser.RowCount, _byUser.PairCount, 0, [], [], null);
    });

    public void SolveUsers(SolveCommand command) => _work.Begin(command.Version, command.Attempt, TrainingPhase.SolvingUsers, command.Sweep, async stop =>
    {
        InteractionRows rows = _byUser ?? throw Unknown(command.Version);
        int width = _options.Width;
        FixedSide items = await copies.Items(grains, _options, command).WaitAsync(stop);
        stop.ThrowIfCancellationRequested();
        if (_factors.Rows.Length != rows.RowCount * width)
            _factors = copies.Place(items: false, command.Version, command.Attempt, shard, rows.RowCount * width);
        ShardFactors factors = _factors;
        var half = new HalfSweep(items, fromZero: true);
        _sweep = 0;
        factors.Begin();
        await solver.Solve(half, rows, factors.Rows, [], stop);
        factors.Solved(_sweep = command.Sweep);
        SumNode[] sums = await solver.Sum(
            _options, _range, _bucketStarts, factors.Rows, (row, terms) => half.AddRegularisation(rows, row, factors.Span.Slice(row * width, width), terms), stop);
        return new(command.Version, command.Attempt, TrainingPhase.SolvingUsers, command.Sweep, shard, rows.RowCount, rows.PairCount, 0, sums, [], null);
    });

    public void Measure(SolveCommand command) => _work.Begin(command.Version, command.Attempt, TrainingPhase.Measuring, command.Sweep - 1, async stop =>
    {
        InteractionRows rows = _byUser ?? throw Unknown(command.Version);
        // The last sweep is done everywhere: nobody solves against the users any more.
        _factors = ShardFactors.None;
        _sweep = 0;
        copies.ReleaseUsers(command.Version);
        PublishedModel? model = await current(stop);
        HeldOutUsers users = _heldOut.Within(model?.Info.Plan.HeldOut?.Share ?? 0);
        var sums = default(QualitySums);
        if (users.All.Count > 0)
        {
            FixedSide items = await copies.Items(grains, _options, command).WaitAsync(stop);
            double[] gains = await users.GainsOf(items, rows, await Locate([.. users.All.Select(u => u.ItemId)], command, stop), stop);
            double[] before = await users.GainsOf(model!, stop);
            for (int i = 0; i < gains.Length; i++)
                sums = sums.With(gains[i], before[i]);
        }
        // The version that is published next needs room beside what is held.
        (_byUser, _heldOut) = (null, HeldOutUsers.None(solver));
        return new(command.Version, command.Attempt, TrainingPhase.Measuring, command.Sweep - 1, shard, rows.RowCount, rows.PairCount, 0, [], [], null,
            Quality: new(sums.Users, sums.New, sums.Current, sums.Squares, model?.Version ?? 0));
    });

    /// <summary>The rows of some items; those that the training does not have are left out.</summary>
    private async Task<Dictionary<string, int>> Locate(HashSet<string> ids, SolveCommand command, CancellationToken stop)
    {
        var rowOf = new Dictionary<string, int>(StringComparer.Ordinal);
        int offset = 0;
        for (int itemShard = 0; itemShard < command.OtherRows.Length; itemShard++)
        {
            for (int row = 0; row < command.OtherRows[itemShard];)
            {
                RowIdChunk chunk = await grains.ItemTraining(itemShard).GetRowIds(command.Version, command.Attempt, row, stop);
                for (int i = 0; i < chunk.Ids.Length; i++)
                    if (ids.Contains(chunk.Ids[i]))
                        rowOf[chunk.Ids[i]] = offset + row + i;
                row += chunk.Ids.Length;
            }
            offset += command.OtherRows[itemShard];
        }
        return rowOf;
    }

    public FactorChunk GetFactors(long version, int attempt, int sweep, int firstRow) =>
        _work.Is(version, attempt) && sweep == _sweep ? FactorChunks.Cut(_factors.Span, _options.Width, firstRow) : throw Unknown(version);

    /// <summary>The training that something is held of.</summary>
    public long Version => _work.Version;

    /// <summary>Lets go of a training.</summary>
    public void Forget(long version)
    {
        if (version != _work.Version)
            return;
        _work.Reset(version, _work.Attempt);
        Forget();
        copies.Release(version);
    }

    private void Forget()
    {
        (_pairs, _byUser, _heldOut) = (null, null, HeldOutUsers.None(solver));
        (_factors, _bucketStarts, _sweep) = (ShardFactors.None, [], 0);
    }

    /// <summary>The item side is the item shards' rows one after another, in the same order as ours: one pass over both finds every row.</summary>
    private async Task<int[]> LocateItems(MapCommand command, string[] ids, CancellationToken stop)
    {
        var rowOf = new int[ids.Length];
        int at = 0, offset = 0;
        for (int itemShard = 0; itemShard < command.ItemRows.Length; itemShard++)
        {
            IItemShardTraining grain = grains.ItemTraining(itemShard);
            for (int row = 0; row < command.ItemRows[itemShard];)
            {
                RowIdChunk chunk = await grain.GetRowIds(command.Version, command.Attempt, row, stop);
                for (int i = 0; i < chunk.Ids.Length && at < ids.Length; i++)
                    if (chunk.Ids[i] == ids[at])
                        rowOf[at++] = offset + row + i;
                row += chunk.Ids.Length;
            }
            offset += command.ItemRows[itemShard];
        }
        return at == ids.Length ? rowOf : throw new TrainingFailedException($"Item '{ids[at]}' of user shard {shard} is in no item shard.");
    }

    private TrainingUnknownException Unknown(long version) => new($"User shard {shard} holds nothing of version {version}.");
}
