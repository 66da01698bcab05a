using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Training;

/// <summary>Both sides of the training under way, each held once for all shards of a silo, and made ready for the half-sweep that reads it.</summary>
/// <remarks>
/// One per silo and tenant. Shards of the silo solve their rows in place (<see cref="SideRows"/>); the rows of others are pulled shard by shard in the order of buckets, in chunks, at most
/// <see cref="TrainingOptions.ChunksInFlightMax"/> at a time. A silo that solves nothing against a side never hears of its rows, and its shards keep their own.
/// </remarks>
public sealed class TrainingCopies(IOptions<TrainingOptions> options, SideSolver solver)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<bool, SideRows> _rows = [];
    private readonly Dictionary<bool, (long Version, int Attempt, int Sweep, Task<FixedSide> Side)> _held = [];

    /// <summary>Tells how many rows the shards of a side have, so that those of this silo find their place among them.</summary>
    /// <param name="items">Whether the side is the items'.</param>
    /// <param name="version">The training.</param>
    /// <param name="attempt">The attempt at it; what is held of an earlier one is let go.</param>
    /// <param name="shardRows">Rows of each shard.</param>
    /// <param name="width">Floats in a row.</param>
    public void Expect(bool items, long version, int attempt, int[] shardRows, int width)
    {
        lock (_lock)
            if (!_rows.TryGetValue(items, out SideRows? rows) || rows.Training.CompareTo((version, attempt)) < 0)
                _rows[items] = new(version, attempt, shardRows, width);
    }

    /// <summary>Where a shard of this silo writes its rows.</summary>
    internal ShardFactors Place(bool items, long version, int attempt, int shard, int length)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(items, out SideRows? rows) || rows.Training != (version, attempt) || !rows.Fits)
                return new(new float[length]);
                return rows.Of(shard) is var own && own.Length == length ? new(own, rows, shard) : new(new float[length]);
        }
    }

    /// <summary>The item side that users are solved against: all rows after the sweep before.</summary>
    public Task<FixedSide> Items(TenantGrains grains, AlsOptions als, SolveCommand command) =>
        Get(true, command.Sweep - 1, als, command, (shard, row) =>
            grains.ItemTraining(shard).GetItemFactors(command.Version, command.Attempt, command.Sweep - 1, row));

    /// <summary>The user side that items are solved against: all rows of the same sweep.</summary>
    public Task<FixedSide> Users(TenantGrains grains, AlsOptions als, SolveCommand command) =>
        Get(false, command.Sweep, als, command, (shard, row) =>
            grains.UserTraining(shard).GetUserFactors(command.Version, command.Attempt, command.Sweep, row));

    /// <summary>Lets go of the user side of a training whose sweeps are done.</summary>
    public void ReleaseUsers(long version)
    {
        lock (_lock)
            Remove(items: false, version);
    }

    /// <summary>Lets go of everything of a training.</summary>
    public void Release(long version)
    {
        lock (_lock)
            if (Remove(items: false, version) | Remove(items: true, version))
                solver.Release();
    }

    private bool Remove(bool items, long version)
    {
        if (_rows.TryGetValue(items, out SideRows? rows) && rows.Training.Version <= version)
            _rows.Remove(items);
        return _held.TryGetValue(items, out var held) && held.Version <= version && _held.Remove(items);
    }

    private Task<FixedSide> Get(bool items, int sweep, AlsOptions als, SolveCommand command, Func<int, int, Task<FactorChunk>> pull)
    {
        lock (_lock)
        {
            // A failed pull is tried again by whoever asks next.
            if (_held.TryGetValue(items, out var held) && held.Version == command.Version && held.Attempt == command.Attempt && held.Sweep == sweep
                && !held.Side.IsFaulted && !held.Side.IsCanceled)
                return held.Side;
            if (!_rows.TryGetValue(items, out SideRows? rows) || rows.Training != (command.Version, command.Attempt))
                _rows[items] = rows = new(command.Version, command.Attempt, command.OtherRows, als.Width);
            // What was begun before in this attempt may still be pulling into the same array.
            Task? earlier = held.Version == command.Version && held.Attempt == command.Attempt ? held.Side : null;
            Task<FixedSide> side = Make(als, command, rows, sweep, earlier, pull);
            _held[items] = (command.Version, command.Attempt, sweep, side);
            return side;
        }
    }

    private async Task<FixedSide> Make(AlsOptions als, SolveCommand command, SideRows rows, int sweep, Task? earlier, Func<int, int, Task<FactorChunk>> pull)
    {
        await Task.Yield();
        if (earlier is not null)
            await earlier.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        if (!rows.Fits)
            throw new TrainingFailedException(
                $"One side has {rows.RowCount} rows of width {als.Width}; a silo's copy of it holds at most {Array.MaxLength / als.Width} of them.") { IsFinal = true };
        await Pull(command.OtherRows, als.Width, rows, sweep, pull);
        return await solver.Prepare(() => new FixedSide(als, rows.Factors, (int)rows.RowCount, command.Gram, command.GlobalMean), default);
    }

    private async Task Pull(int[] shardRows, int width, SideRows rows, int sweep, Func<int, int, Task<FactorChunk>> pull)
    {
        int next = 0;
        var workers = Enumerable.Range(0, Math.Min(options.Value.ChunksInFlightMax, shardRows.Length)).Select(_ => PullShards()).ToArray();
        await Task.WhenAll(workers);

        async Task PullShards()
        {
            while (next < shardRows.Length)
            {
                int shard = next++;
                for (int row = 0; row < shardRows[shard] && !rows.Has(shard, sweep);)
                {
                    FactorChunk chunk = await pull(shard, row);
                    if (chunk.TotalRows != shardRows[shard] || chunk.Width != width || chunk.RowCount < 1)
                        throw new TrainingFailedException(
                            $"Shard {shard} holds {chunk.TotalRows} × {chunk.Width} factors; the training expects {shardRows[shard]} × {width}.");
                    MemoryMarshal.Cast<byte, float>(chunk.Factors).CopyTo(rows.Of(shard).Span[(row * width)..]);
                    row += chunk.RowCount;
                }
            }
        }
    }

    /// <summary>Where each shard's rows begin.</summary>
    public static int[] Offsets(int[] shardRows)
    {
        var offsets = new int[shardRows.Length];
        for (int shard = 1; shard < shardRows.Length; shard++)
            offsets[shard] = offsets[shard - 1] + shardRows[shard - 1];
        return offsets;
    }
}

/// <summary>Cuts a block of factors into chunks.</summary>
internal static class FactorChunks
{
    /// <summary>Far below what a chunk may hold: arrays of more than 85,000 bytes are allocated apart and collected late.</summary>
    private const int CutBytes = 64 << 10;

    public static FactorChunk Cut(ReadOnlySpan<float> factors, int width, int firstRow, string[]? ids = null)
    {
        int total = factors.Length / width;
        int rows = Math.Min(total - firstRow, Math.Max(1, CutBytes / (width * sizeof(float))));
        byte[] bytes = MemoryMarshal.AsBytes(factors.Slice(firstRow * width, rows * width)).ToArray();
        return new(firstRow, rows, total, width, ids is null ? [] : ids[firstRow..(firstRow + rows)], bytes);
    }
}
