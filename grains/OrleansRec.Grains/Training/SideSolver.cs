using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Grains.Training;

/// <summary>Solves the rows of a shard against the other side and sums up what the coordinator needs. One per silo, for all its shards.</summary>
public sealed class SideSolver(IComputePool pool, IOptions<TrainingOptions> options)
{
    /// <summary>Scratch of each worker, kept from shard to shard while a training runs.</summary>
    private readonly RowSolverScratch?[] _scratch = new RowSolverScratch?[pool.WorkerCount];

    private int Pieces => pool.WorkerCount * options.Value.PiecesPerWorker;

    /// <summary>Makes a side ready for every shard of the silo.</summary>
    /// <param name="side">Makes the side, which may cost O(k³).</param>
    /// <param name="stop">Ends the work between pieces.</param>
    public async Task<FixedSide> Prepare(Func<FixedSide> side, CancellationToken stop)
    {
        FixedSide made = null!;
        await pool.Run(1, (_, _) => made = side(), stop);
        if (!made.NeedsPreparation)
            return made;
        long rows = made.RowCount, pieces = Pieces;
        await pool.Run((int)pieces, (piece, _) => made.Prepare((int)(rows * piece / pieces), (int)(rows * (piece + 1) / pieces)), stop);
        return made;
    }

    /// <summary>Does many small things, each once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="work">Takes the number of one, and that of the worker.</param>
    /// <param name="stop">Ends the work in between.</param>
    public Task Each(int count, Action<int, int> work, CancellationToken stop) => count == 0 ? Task.CompletedTask : pool.Run(count, work, stop);

    /// <summary>Goes through stages of work, each of which ends before the next begins.</summary>
    /// <param name="stages">The stages.</param>
    /// <param name="stop">Ends the work between parts.</param>
    public async Task Run(IEnumerable<SequenceStage> stages, CancellationToken stop)
    {
        foreach (SequenceStage stage in stages)
            await pool.Run(stage.Count, (part, _) =>
            {
                stage.Part(part);
                pool.Yield();
            }, stop);
    }

    /// <summary>Solves every row of a shard in place.</summary>
    /// <param name="half">The fixed inputs.</param>
    /// <param name="rows">The shard's pairs.</param>
    /// <param name="factors">In: the rows' last values; out: the new ones. Row-major, shape (rows, width).</param>
    /// <param name="observed">Takes the observed pairs' part of the objective of each row; empty where nobody asks.</param>
    /// <param name="stop">Ends the work between pieces.</param>
    public Task Solve(HalfSweep half, InteractionRows rows, Memory<float> factors, double[] observed, CancellationToken stop)
    {
        RowBatch[] batches = half.Divide(rows, Pieces);
        return pool.Run(batches.Length, (batch, worker) => half.Solve(rows, batches[batch], factors.Span, ScratchOf(worker, half), pool.Yield, observed), stop);
    }

    /// <summary>Solves single rows from zero, each once.</summary>
    /// <param name="half">The half-sweep.</param>
    /// <param name="rows">The shard's pairs.</param>
    /// <param name="numbers">Which rows.</param>
    /// <param name="take">Takes the index of a row among <paramref name="numbers"/>, and its factors.</param>
    /// <param name="stop">Ends the work between rows.</param>
    public Task SolveEach(HalfSweep half, InteractionRows rows, IReadOnlyList<int> numbers, Action<int, float[]> take, CancellationToken stop) => Each(numbers.Count, (index, worker) =>
    {
        var x = new float[half.Width];
        half.Solve(rows, numbers[index], x, ScratchOf(worker, half));
        take(index, x);
    }, stop);

    private RowSolverScratch ScratchOf(int worker, HalfSweep half) =>
        _scratch[worker] is { } own && own.Width == half.Width ? own : _scratch[worker] = half.CreateScratch();

    /// <summary>Lets go of the workers' scratch, at the end of a training.</summary>
    public void Release() => Array.Clear(_scratch);

    /// <summary>The tree nodes of a shard's Gram matrix (when implicit) and of its two loss terms.</summary>
    /// <param name="options">The training's options.</param>
    /// <param name="range">The shard's buckets.</param>
    /// <param name="bucketStarts">First row of each bucket, shape (buckets + 1).</param>
    /// <param name="factors">The shard's rows.</param>
    /// <param name="addLoss">Adds one row's observed term and regularisation.</param>
    /// <param name="stop">Ends the work between pieces.</param>
    public async Task<SumNode[]> Sum(
        AlsOptions options, BucketRange range, int[] bucketStarts, ReadOnlyMemory<float> factors, Action<int, Span<double>>? addLoss, CancellationToken stop)
    {
        int width = options.Width, length = TrainingMachine.SumLength(options), gram = length - 2;
        var parts = Parts(range, pool.WorkerCount * 2);
        var nodes = new List<BucketSum>[parts.Count];
        await pool.Run(parts.Count, (part, _) => nodes[part] = BucketTree.Nodes(parts[part], length, (bucket, into) =>
        {
            int first = bucketStarts[bucket - range.First], end = bucketStarts[bucket - range.First + 1];
            if (gram > 0)
                GramMatrix.AddUpper(factors.Span.Slice(first * width, (end - first) * width), width, into[..gram]);
            if (addLoss is null)
                return;
            for (int row = first; row < end; row++)
                addLoss(row, into[gram..]);
            pool.Yield();
        }), stop);
        // In the fewest nodes: each has k² doubles, and all of them go to the one coordinator.
        return TrainingWire.ToNodes(BucketTree.Joined(nodes.SelectMany(n => n)));
    }

    /// <summary>SHA-256 of each bucket's ids and factors, 32 bytes each.</summary>
    public async Task<byte[]> Hash(BucketRange range, int[] bucketStarts, string[] ids, ReadOnlyMemory<float> factors, int width, CancellationToken stop)
    {
        var hashes = new byte[range.Length * SHA256.HashSizeInBytes];
        await pool.Run(range.Length, (bucket, _) =>
        {
            int first = bucketStarts[bucket], end = bucketStarts[bucket + 1];
            FactorsHash.OfBucket(ids.AsSpan(first..end), factors.Span.Slice(first * width, (end - first) * width), width)
                .CopyTo(hashes, bucket * SHA256.HashSizeInBytes);
        }, stop);
        return hashes;
    }

    /// <summary>Cuts a range of buckets into at most about <paramref name="count"/> ranges, aligned so that few tree nodes result.</summary>
    private static List<BucketRange> Parts(BucketRange range, int count)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, range.Length / count));
        var parts = new List<BucketRange>();
        for (int first = range.First; first < range.End;)
        {
            int end = Math.Min(range.End, (first / size + 1) * size);
            parts.Add(new(first, end));
            first = end;
        }
        return parts;
    }
}
