using System.Numerics;

namespace OrleansRec.Model;

/// <summary>A whole training in one process: the reference that training through the shards matches to the last bit, on any number of threads.</summary>
public sealed class AlsTrainer
{
    /// <summary>Pieces that each worker takes of a side, so that the last one does not keep the others waiting.</summary>
    private const int PiecesPerWorker = 32;
    private readonly AlsOptions options;
    private readonly int workers;
    private readonly InteractionRows byUser;
    private readonly InteractionRows byItem;
    private readonly int[] userBuckets;
    private readonly int[] itemBuckets;
    private readonly float[] x;
    private readonly float[] y;
    private readonly double globalMean;

    private AlsTrainer(
        AlsOptions options, IReadOnlyList<string> userIds, IReadOnlyList<string> itemIds, InteractionRows byUser, InteractionRows byItem, int workers)
    {
        (this.options, this.byUser, this.byItem, this.workers) = (options, byUser, byItem, workers);
        userBuckets = BucketStarts(userIds, byUser.RowCount, nameof(userIds));
        itemBuckets = BucketStarts(itemIds, byItem.RowCount, nameof(itemIds));
        // Users start at zero in every sweep: they are a function of the items alone, so a training that goes on from a checkpoint of items is the same training.
        x = new float[userIds.Count * options.Width];
        y = new float[itemIds.Count * options.Width];
        for (int item = 0; item < itemIds.Count; item++)
            StartFactors.Fill(options, itemIds[item], Row(y, item));
        globalMean = options.Objective == Objective.Explicit ? Mean() : 0;
    }

    /// <summary>Trains on all pairs.</summary>
    /// <param name="options">The options.</param>
    /// <param name="userIds">Ids of users, in the order of <see cref="RowKey"/>, shape (U).</param>
    /// <param name="itemIds">Ids of items, in the order of <see cref="RowKey"/>, shape (I).</param>
    /// <param name="byUser">Pairs by user; columns are item rows.</param>
    /// <param name="byItem">The same pairs by item; columns are user rows.</param>
    /// <param name="workers">Threads, ≥ 1; the result does not depend on it.</param>
    /// <param name="swept">Called after each sweep with its number, from 1, and the objective.</param>
    /// <exception cref="ArgumentException">Ids are not in order, or the two orientations differ in size.</exception>
    public static AlsModel Train(
        AlsOptions options, IReadOnlyList<string> userIds, IReadOnlyList<string> itemIds, InteractionRows byUser, InteractionRows byItem,
        int workers = 1, Action<int, double>? swept = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (byUser.PairCount != byItem.PairCount)
            throw new ArgumentException($"Both orientations hold the same pairs; got {byUser.PairCount} by user and {byItem.PairCount} by item.", nameof(byItem));
        return new AlsTrainer(options, userIds, itemIds, byUser, byItem, workers).Run(itemIds, swept);
    }

    private AlsModel Run(IReadOnlyList<string> itemIds, Action<int, double>? swept)
    {
        double[] losses = new double[options.Sweeps], observed = new double[byItem.RowCount];
        var gramY = Gram(y, itemBuckets);
        for (int sweep = 0; sweep < options.Sweeps; sweep++)
        {
            var users = new HalfSweep(options, y, byItem.RowCount, gramY, globalMean, fromZero: true);
            Solve(users, byUser, x, []);
            double userRegularisation = Sum(2, userBuckets, (row, into) => users.AddRegularisation(byUser, row, Row(x, row), into))[1];
            var gramX = Gram(x, userBuckets);
            var items = new HalfSweep(options, x, byUser.RowCount, gramX, globalMean);
            Solve(items, byItem, y, observed);
            gramY = Gram(y, itemBuckets);
            double[] terms = Sum(2, itemBuckets, (row, into) =>
            {
                into[0] += observed[row];
                items.AddRegularisation(byItem, row, Row(y, row), into);
            });
            losses[sweep] = Loss.Total(options, terms[0], userRegularisation, terms[1], gramX, gramY);
            swept?.Invoke(sweep + 1, losses[sweep]);
        }
        return new AlsModel(options, x, y, gramY, globalMean, losses, Hash(itemIds));
    }

    private void Solve(HalfSweep half, InteractionRows rows, float[] factors, double[] observed)
    {
        RowBatch[] batches = half.Divide(rows, workers == 1 ? 1 : workers * PiecesPerWorker);
        var scratch = new RowSolverScratch?[workers];
        PieceWork.Run(batches.Length, workers, (batch, worker) =>
            half.Solve(rows, batches[batch], factors, scratch[worker] ??= half.CreateScratch(), static () => { }, observed));
    }

    private double[] Gram(float[] factors, int[] buckets)
    {
        int width = options.Width;
        if (options.Objective == Objective.Explicit)
            return [];
        double[] gram = Sum(width * width, (bucket, into) =>
            GramMatrix.AddUpper(factors.AsSpan(buckets[bucket] * width, (buckets[bucket + 1] - buckets[bucket]) * width), width, into));
        GramMatrix.Mirror(gram, width);
        return gram;
    }

    private double Mean()
    {
        double sum = Sum(1, (bucket, into) =>
        {
            for (int row = userBuckets[bucket]; row < userBuckets[bucket + 1]; row++)
                foreach (float r in byUser.Values(row))
                    into[0] += r;
        })[0];
        return byUser.PairCount == 0 ? 0 : sum / byUser.PairCount;
    }

    private double[] Sum(int length, int[] buckets, Action<int, Span<double>> addRow) => Sum(length, (bucket, into) =>
    {
        for (int row = buckets[bucket]; row < buckets[bucket + 1]; row++)
            addRow(row, into);
    });

    private double[] Sum(int length, BucketLeaf leaf)
    {
        // Subtrees of one size: a power of two of them, whose sums the root joins as one worker would.
        int parts = workers == 1 ? 1 : (int)Math.Min(Buckets.Count, BitOperations.RoundUpToPowerOf2((uint)workers * 4));
        var nodes = new List<BucketSum>[parts];
        PieceWork.Run(parts, workers, (part, _) => nodes[part] = BucketTree.Nodes(Buckets.OfShard(part, parts), length, leaf));
        return BucketTree.Root([.. nodes.SelectMany(n => n)], length);
    }

    private string Hash(IReadOnlyList<string> itemIds)
    {
        string[] ids = [.. itemIds];
        return FactorsHash.Combine(Enumerable.Range(0, Buckets.Count).Select(bucket =>
        {
            int first = itemBuckets[bucket], count = itemBuckets[bucket + 1] - first;
            return FactorsHash.OfBucket(ids.AsSpan(first, count), y.AsSpan(first * options.Width, count * options.Width), options.Width);
        }));
    }

    private Span<float> Row(float[] factors, int row) => factors.AsSpan(row * options.Width, options.Width);

    private static int[] BucketStarts(IReadOnlyList<string> ids, int rowCount, string name)
    {
        if (ids.Count != rowCount)
            throw new ArgumentException($"{rowCount} rows need as many ids; got {ids.Count}.", name);
        var starts = new int[Buckets.Count + 1];
        RowKey last = default;
        for (int row = 0; row < ids.Count; row++)
        {
            var key = RowKey.Of(ids[row]);
            if (row > 0 && key.CompareTo(last) <= 0)
                throw new ArgumentException($"Ids ascend by (hash, id); entry {row} does not follow entry {row - 1}.", name);
            last = key;
            starts[Buckets.Of(key.Hash) + 1]++;
        }
        for (int bucket = 0; bucket < Buckets.Count; bucket++)
            starts[bucket + 1] += starts[bucket];
        return starts;
    }
}
