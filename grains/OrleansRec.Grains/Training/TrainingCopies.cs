using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Training;

/// <summary>One side in one sweep, put together and made ready once for all shards of a silo.</summary>
/// <remarks>
/// One per silo and tenant. At most one block of each side is held: the other side of the half-sweep under way. Chunks are pulled shard by shard in the order of
/// buckets, at most <see cref="TrainingOptions.ChunksInFlightMax"/> at a time. A sweep's block goes into the array of the sweep before, which every shard has done
/// with by then: only work that was given up may still read there, and what that finds is dropped.
/// </remarks>
public sealed class TrainingCopies(IOptions<TrainingOptions> options, SideSolver solver)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<bool, (long Version, int Attempt, int Sweep, Task<FixedSide> Side)> _held = [];

    /// <summary>The item side that users are solved against: all rows after the sweep before.</summary>
    public Task<FixedSide> Items(TenantGrains grains, AlsOptions als, SolveCommand command) =>
        Get(true, command.Sweep - 1, als, command, (shard, row) =>
            grains.ItemTraining(shard).GetItemFactors(command.Version, command.Attempt, command.Sweep - 1, row));

    /// <summary>The user side that items are solved against: all rows of the same sweep.</summary>
    public Task<FixedSide> Users(TenantGrains grains, AlsOptions als, SolveCommand command) =>
        Get(false, command.Sweep, als, command, (shard, row) =>
            grains.UserTraining(shard).GetUserFactors(command.Version, command.Attempt, command.Sweep, row));

    /// <summary>Lets go of everything of a training.</summary>
    public void Release(long version)
    {
        lock (_lock)
            foreach (bool side in new[] { false, true })
                if (_held.TryGetValue(side, out var held) && held.Version <= version)
                {
                    _held.Remove(side);
                    solver.Release();
                }
    }

    private Task<FixedSide> Get(bool items, int sweep, AlsOptions als, SolveCommand command, Func<int, int, Task<FactorChunk>> pull)
    {
        lock (_lock)
        {
            // A failed pull is tried again by whoever asks next.
            if (_held.TryGetValue(items, out var held) && held.Version == command.Version && held.Attempt == command.Attempt && held.Sweep == sweep
                && !held.Side.IsFaulted && !held.Side.IsCanceled)
                return held.Side;
            bool isDone = held.Version == command.Version && held.Attempt == command.Attempt && held.Side is { IsCompletedSuccessfully: true };
            Task<FixedSide> side = Make(als, command, isDone ? ArrayOf(held.Side.Result) : [], pull);
            _held[items] = (command.Version, command.Attempt, sweep, side);
            return side;
        }
    }

    private static float[] ArrayOf(FixedSide side) => MemoryMarshal.TryGetArray(side.Factors, out ArraySegment<float> all) ? all.Array! : [];

    private async Task<FixedSide> Make(AlsOptions als, SolveCommand command, float[] earlier, Func<int, int, Task<FactorChunk>> pull)
    {
        // Before the first sweep's sides are made: what gathering the pairs has left behind need not lie beside them.
        if (earlier.Length == 0)
            solver.ReturnMemory();
        float[] factors = await Pull(command.OtherRows, als.Width, earlier, pull);
        return await solver.Prepare(() => new FixedSide(als, factors, factors.Length / als.Width, command.Gram, command.GlobalMean), default);
    }

    private async Task<float[]> Pull(int[] shardRows, int width, float[] earlier, Func<int, int, Task<FactorChunk>> pull)
    {
        await Task.Yield();
        long length = shardRows.Sum(r => (long)r) * width;
        if (length > Array.MaxLength)
            throw new TrainingFailedException(
                $"One side has {shardRows.Sum(r => (long)r)} rows of width {width}; a silo's copy of it holds at most {Array.MaxLength / width} of them.") { IsFinal = true };
        float[] factors = earlier.Length == length ? earlier : new float[length];
        var offsets = Offsets(shardRows);
        int next = 0;
        var workers = Enumerable.Range(0, Math.Min(options.Value.ChunksInFlightMax, shardRows.Length)).Select(_ => PullShards()).ToArray();
        await Task.WhenAll(workers);
        return factors;

        async Task PullShards()
        {
            while (next < shardRows.Length)
            {
                int shard = next++;
                for (int row = 0; row < shardRows[shard];)
                {
                    FactorChunk chunk = await pull(shard, row);
                    if (chunk.TotalRows != shardRows[shard] || chunk.Width != width || chunk.RowCount < 1)
                        throw new TrainingFailedException(
                            $"Shard {shard} holds {chunk.TotalRows} × {chunk.Width} factors; the training expects {shardRows[shard]} × {width}.");
                    MemoryMarshal.Cast<byte, float>(chunk.Factors).CopyTo(factors.AsSpan((offsets[shard] + row) * width));
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

    public static FactorChunk Cut(float[] factors, int width, int firstRow, string[]? ids = null)
    {
        int total = factors.Length / width;
        int rows = Math.Min(total - firstRow, Math.Max(1, CutBytes / (width * sizeof(float))));
        byte[] bytes = MemoryMarshal.AsBytes(factors.AsSpan(firstRow * width, rows * width)).ToArray();
        return new(firstRow, rows, total, width, ids is null ? [] : ids[firstRow..(firstRow + rows)], bytes);
    }
}
