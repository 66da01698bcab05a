using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansRec.Bench.Shapes;
using OrleansRec.Model;

namespace OrleansRec.Bench.Quality;

/// <summary>A training in model/ on several threads, sweep by sweep, whose clock runs while it trains and stands while it is judged.</summary>
internal sealed class TimedTraining
{
    /// <summary>Batches for each thread.</summary>
    private const int BatchesPerThread = 8;

    private readonly GeneratedPairs data;
    private readonly ParallelOptions threads;
    private readonly float[] x;
    private readonly float[] y;
    private readonly int width;
    private readonly ConcurrentBag<RowSolverScratch> scratch = [];
    private double[] gramX = [];
    private double[] gramY;

    public TimedTraining(GeneratedPairs data, AlsOptions options, int threadCount)
    {
        (this.data, Options, width) = (data, options, options.Width);
        threads = new() { MaxDegreeOfParallelism = threadCount };
        x = new float[data.UserIds.Length * width];
        y = new float[data.ItemIds.Length * width];
        for (int item = 0; item < data.ItemIds.Length; item++)
            StartFactors.Fill(options, data.ItemIds[item], y.AsSpan(item * width, width));
        gramY = Gram(y);
    }

    /// <summary>May change between sweeps.</summary>
    public AlsOptions Options { get; set; }

    public int Sweeps { get; private set; }

    /// <summary>Seconds of all sweeps.</summary>
    public double Seconds { get; private set; }

    /// <summary>Users, then items.</summary>
    public void Sweep()
    {
        long start = Stopwatch.GetTimestamp();
        Solve(data.ByUser, x, y, gramY, fromZero: true);
        gramX = Gram(x);
        Solve(data.ByItem, y, x, gramX, fromZero: false);
        gramY = Gram(y);
        Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        Sweeps++;
    }

    /// <summary>The objective as it stands.</summary>
    public double Objective()
    {
        var exact = Options with { Solver = RowSolver.Cholesky };
        var users = new HalfSweep(exact, y, data.ItemIds.Length, gramY, 0);
        var items = new HalfSweep(exact, x, data.UserIds.Length, gramX, 0);
        double ofUsers = Sum(data.UserIds.Length, (row, terms) => users.AddRegularisation(data.ByUser, row, x.AsSpan(row * width, width), terms))[1];
        double[] ofItems = Sum(data.ItemIds.Length, (row, terms) => items.AddLoss(data.ByItem, row, y.AsSpan(row * width, width), terms));
        return Loss.Total(exact, ofItems[0], ofUsers, ofItems[1], gramX, gramY);
    }

    /// <summary>Mean NDCG@10 of the held-out pairs; users are folded in, and what they trained on is left out of their lists.</summary>
    public double Ndcg()
    {
        var fold = new FoldIn(Options, y, data.ItemIds.Length, gramY, 0);
        var gains = new double[data.HeldOut.Length];
        Parallel.For(0, data.HeldOut.Length, threads, () => fold.CreateScratch(), (n, _, own) =>
        {
            var (user, held) = data.HeldOut[n];
            var query = new float[width];
            fold.Solve(data.ByUser.Columns(user), data.ByUser.Values(user), query, own);
            var seen = new ulong[(data.ItemIds.Length + 63) / 64];
            foreach (int item in data.ByUser.Columns(user))
                seen[item >> 6] |= 1UL << (item & 63);
            var best = new ScoredRow[10];
            int found = TopK.Select(query, y, width, 0, seen, data.ItemIds, best);
            double gain = 0, ideal = 0;
            for (int rank = 0; rank < 10; rank++)
            {
                double discount = 1 / Math.Log2(rank + 2);
                ideal += discount;
                if (rank < found && Array.BinarySearch(held, best[rank].Row) >= 0)
                    gain += discount;
            }
            gains[n] = gain / ideal;
            return own;
        }, _ => { });
        return gains.Average();
    }

    private void Solve(InteractionRows rows, float[] factors, float[] others, double[] gram, bool fromZero)
    {
        int otherRows = others.Length / width;
        var side = new FixedSide(Options, others, otherRows, gram, 0);
        if (side.NeedsPreparation)
            Pieces(otherRows, side.Prepare);
        var half = new HalfSweep(side, fromZero);
        RowBatch[] batches = half.Divide(rows, threads.MaxDegreeOfParallelism * BatchesPerThread);
        Parallel.ForEach(Partitioner.Create(batches, EnumerablePartitionerOptions.NoBuffering), threads, batch =>
        {
            if (!scratch.TryTake(out RowSolverScratch? own))
                own = half.CreateScratch();
            half.Solve(rows, batch, factors, own, static () => { });
            scratch.Add(own);
        });
    }

    private double[] Gram(float[] factors)
    {
        var sum = new double[width * width];
        Pieces(factors.Length / width, (first, end) =>
        {
            var own = new double[width * width];
            GramMatrix.Add(factors.AsSpan(first * width, (end - first) * width), width, own);
            lock (sum)
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += own[i];
        });
        return sum;
    }

    private double[] Sum(int count, Action<int, double[]> add)
    {
        var sum = new double[2];
        Pieces(count, (first, end) =>
        {
            var own = new double[2];
            for (int row = first; row < end; row++)
                add(row, own);
            lock (sum)
                (sum[0], sum[1]) = (sum[0] + own[0], sum[1] + own[1]);
        });
        return sum;
    }

    private void Pieces(int count, Action<int, int> body)
    {
        int pieces = threads.MaxDegreeOfParallelism * BatchesPerThread;
        Parallel.For(0, pieces, threads, piece => body((int)((long)count * piece / pieces), (int)((long)count * (piece + 1) / pieces)));
    }
}
