namespace OrleansRec.Model.Tests.Als;

/// <summary>Training lowers the objective that the papers define, finds what was planted, and gives the same bits however the work is dealt.</summary>
public sealed class AlsTrainerTests
{
    [Theory]
    [InlineData(Confidence.Scaled, 0.0)]
    [InlineData(Confidence.Scaled, 1.0)]
    [InlineData(Confidence.OnePlus, 0.0)]
    [InlineData(Confidence.Unobserved, 0.7)]
    public void Train_Losses_AreTheNaiveSumOverEveryPair(Confidence confidence, double exponent)
    {
        var data = PlantedPairs.Random(40, 30, 0.2, 1);
        var o = new AlsOptions { Rank = 6, Lambda = 0.2, LambdaExponent = exponent, Alpha = 1.7, Confidence = confidence, UnobservedWeight = 0.4, Sweeps = 3 };
        var m = Train(o, data);
        Assert.Equal(1, NaiveLoss(o, m, data) / m.Losses[^1], 1e-6);
    }

    [Fact]
    public void Train_ExplicitLosses_AreTheNaiveSum()
    {
        var data = PlantedPairs.Random(40, 30, 0.2, 2);
        var o = new AlsOptions { Rank = 4, Objective = Objective.Explicit, Lambda = 0.1, Sweeps = 3 };
        var m = Train(o, data);
        Assert.Equal(1, NaiveExplicitLoss(o, m, data) / m.Losses[^1], 1e-6);
    }

    [Theory]
    [InlineData(Objective.Implicit, 0.01, 0.0)]
    [InlineData(Objective.Implicit, 5, 0.0)]
    [InlineData(Objective.Implicit, 0.01, 1.0)]
    [InlineData(Objective.Explicit, 0.05, 1.0)]
    public void Train_ExactSolver_LossNeverRises(Objective objective, double lambda, double exponent)
    {
        var data = PlantedPairs.Random(300, 200, 0.05, 3);
        var o = new AlsOptions { Objective = objective, Rank = 16, Lambda = lambda, LambdaExponent = exponent, Alpha = 4, Sweeps = 40 };
        var losses = Train(o, data).Losses;
        for (int s = 1; s < losses.Length; s++)
            Assert.True(losses[s] <= losses[s - 1] * (1 + 1e-6), $"sweep {s + 1}: {losses[s]:R} after {losses[s - 1]:R}");
    }

    [Theory]
    [InlineData(RowSolver.ConjugateGradient, Objective.Implicit)]
    [InlineData(RowSolver.Subspace, Objective.Implicit)]
    [InlineData(RowSolver.Auto, Objective.Implicit)]
    [InlineData(RowSolver.ConjugateGradient, Objective.Explicit)]
    [InlineData(RowSolver.Subspace, Objective.Explicit)]
    public void Train_ApproximateSolver_ComesNearTheExactLoss(RowSolver solver, Objective objective)
    {
        var data = PlantedPairs.Random(300, 200, 0.05, 3);
        var o = new AlsOptions { Rank = 40, Lambda = 1, Alpha = 4, Sweeps = 20, Objective = objective };
        // λ = 1 beside pairs of weight 4 to 20 leaves the blocks of a row strongly coupled.
        double exact = Train(o, data).Losses[^1], near = Train(o with { Solver = solver, SubspaceRounds = 8 }, data).Losses[^1];
        Assert.InRange(near / exact, 0.99, 1.01);
    }

    [Fact]
    public void Train_Checkerboard_PrefersTheOwnColour()
    {
        // User u likes item i where both are even or both odd; every fifth such pair is held out and must outscore every pair of the other colour.
        var pairs = from u in Enumerable.Range(0, 40) from i in Enumerable.Range(0, 30) where (u + i) % 2 == 0 && (u * 7 + i) % 5 != 0 select (u, i, 1f);
        var data = PlantedPairs.From(40, 30, pairs.ToArray());
        var m = Train(new AlsOptions { Rank = 2, Lambda = 0.5, Alpha = 5, Sweeps = 10 }, data);
        for (int u = 0; u < 40; u++)
        {
            int user = int.Parse(data.UserIds[u][1..]);
            var score = Enumerable.Range(0, 30).ToLookup(i => (user + int.Parse(data.ItemIds[i][1..])) % 2 == 0, i => Dot(m, u, i));
            Assert.True(score[true].Min() > score[false].Max() + 0.5);
        }
    }

    [Fact]
    public void Train_PlantedRatings_ComesWithinFivePercentOfTheTrueFactors()
    {
        // A fifth of all cells. (5,000 + 1,000) × 9 numbers are estimated, and each costs σ² of squared error: over 900,000 ratings that is 6 % of σ², 3 % of
        // the RMSE. From 100,000 ratings it would be 60 %: no estimator without the true factors comes near them there.
        const int Users = 5000, Items = 1000, Rank = 8, Width = Rank + 1;
        var random = new Random(7);
        double[] p = Normal(random, Users * Width, 0.5), q = Normal(random, Items * Width, 0.5);
        List<(int User, int Item, float Value)> train = [], held = [];
        for (int u = 0; u < Users; u++)
            for (int i = 0; i < Items; i++)
                if (random.Next(5) == 0)
                    (random.Next(10) == 0 ? held : train).Add((u, i, (float)(Truth(u, i) + MathNet.Numerics.Distributions.Normal.Sample(random, 0, 0.5))));
        var data = PlantedPairs.From(Users, Items, train);
        var m = Train(new AlsOptions { Objective = Objective.Explicit, Rank = Rank, Lambda = 0.02, Sweeps = 12 }, data);
        int[] userRow = RowOf(data.UserIds), itemRow = RowOf(data.ItemIds);
        double model = 0, truth = 0;
        foreach (var (u, i, r) in held)
        {
            int ur = userRow[u], ir = itemRow[i];
            double s = m.GlobalMean + m.UserFactors[ur * Width + Rank] + m.ItemFactors[ir * Width + Rank] + Dot(m, ur, ir);
            model += (r - s) * (r - s);
            truth += (r - Truth(u, i)) * (r - Truth(u, i));
        }
        Assert.True(Math.Sqrt(model / truth) <= 1.05, $"RMSE is {Math.Sqrt(model / truth):F3} of what the true factors reach");

        double Truth(int u, int i)
        {
            double s = 3.5 + p[u * Width + Rank] + q[i * Width + Rank];
            for (int f = 0; f < Rank; f++)
                s += p[u * Width + f] * q[i * Width + f];
            return s;
        }
    }

    [Fact]
    public void Train_SparsePlantedRatings_ComesWithinFivePercentOfKnowingTheItems()
    {
        // 100,000 ratings: 18 of each user to find 9 numbers from. Whoever is told the true item factors and solves only the users from these ratings is
        // already 7 % above the noise; that is the mark here, because nothing that sees the ratings alone can be expected to pass it.
        const int Users = 5000, Items = 1000, Rank = 8, Width = Rank + 1;
        var random = new Random(7);
        double[] p = Normal(random, Users * Width, 0.25), q = Normal(random, Items * Width, 0.25);
        var cells = new HashSet<(int User, int Item)>();
        while (cells.Count < 100_000)
            cells.Add((random.Next(Users), random.Next(Items)));
        List<(int User, int Item, float Value)> train = [], held = [];
        foreach (var (u, i) in cells.Order())
        {
            double value = 3.5 + p[u * Width + Rank] + q[i * Width + Rank] + MathNet.Numerics.Distributions.Normal.Sample(random, 0, 0.5);
            for (int f = 0; f < Rank; f++)
                value += p[u * Width + f] * q[i * Width + f];
            (random.Next(10) == 0 ? held : train).Add((u, i, (float)value));
        }
        var data = PlantedPairs.From(Users, Items, train);
        var o = new AlsOptions { Objective = Objective.Explicit, Rank = Rank, Lambda = 6, LambdaExponent = 0, Sweeps = 20 };
        var m = Train(o, data);
        int[] userRow = RowOf(data.UserIds), itemRow = RowOf(data.ItemIds);
        var trueItems = new float[Items * Width];
        for (int i = 0; i < Items; i++)
            for (int f = 0; f < Width; f++)
                trueItems[itemRow[i] * Width + f] = (float)q[i * Width + f];

        double learned = Error(m.ItemFactors, m.GlobalMean), told = Error(trueItems, 3.5);

        Assert.True(learned / told <= 1.05, $"RMSE is {learned / told:F3} of what the true items reach");

        double Error(float[] itemFactors, double mean)
        {
            var foldIn = new FoldIn(o, itemFactors, Items, [], mean);
            var scratch = foldIn.CreateScratch();
            float[] x = new float[Width], query = new float[Width];
            double squared = 0;
            foreach (var rated in held.GroupBy(h => h.User))
            {
                foldIn.Solve(data.ByUser.Columns(userRow[rated.Key]), data.ByUser.Values(userRow[rated.Key]), x, scratch);
                float offset = foldIn.Query(x, query);
                foreach (var (_, i, r) in rated)
                {
                    double miss = r - offset;
                    for (int f = 0; f < Width; f++)
                        miss -= query[f] * itemFactors[itemRow[i] * Width + f];
                    squared += miss * miss;
                }
            }
            return Math.Sqrt(squared / held.Count);
        }
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(3, 20)]
    [InlineData(16, 20)]
    [InlineData(100, 20)]
    [InlineData(3, 48)]
    [InlineData(16, 48)]
    public void HalfSweepsDealtToShards_AnyNumber_GiveTheTrainersBits(int shards, int rank)
    {
        var data = PlantedPairs.Random(200, 90, 0.1, 8);
        var o = new AlsOptions { Rank = rank, Lambda = 2, Sweeps = 3 };
        var m = Train(o, data);
        int width = o.Width;
        float[] x = new float[200 * width], y = new float[90 * width];
        for (int i = 0; i < 90; i++)
            StartFactors.Fill(o, data.ItemIds[i], y.AsSpan(i * width, width));
        for (int sweep = 0; sweep < 3; sweep++)
        {
            Half(o, data.ByUser, data.UserIds, x, y, data.ItemIds, shards);
            Half(o, data.ByItem, data.ItemIds, y, x, data.UserIds, shards);
        }
        Assert.Equal(m.ItemFactors, y);
        Assert.Equal(m.UserFactors, x);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(64)]
    public void Train_AnyNumberOfWorkers_GivesTheSameBits(int rank)
    {
        var data = PlantedPairs.Random(200, 90, 0.2, 10);
        var o = new AlsOptions { Rank = rank, Lambda = 2, Sweeps = 3 };
        var one = Train(o, data);
        foreach (int workers in new[] { 2, 3, 7 })
        {
            var told = new List<double>();
            var many = AlsTrainer.Train(o, data.UserIds, data.ItemIds, data.ByUser, data.ByItem, workers, (_, loss) => told.Add(loss));
            Assert.Equal(one.Hash, many.Hash);
            Assert.Equal(one.UserFactors, many.UserFactors);
            Assert.Equal(one.Losses, many.Losses);
            Assert.Equal(one.Losses, told);
        }
    }

    [Fact]
    public void Train_RowThatCannotBeSolved_ThrowsTheSameOnManyWorkers()
    {
        var data = PlantedPairs.From(3, 3, [(0, 0, 1e30f), (1, 1, 1e30f), (2, 2, float.MaxValue)]);
        var o = new AlsOptions { Rank = 3, Lambda = 1e-30, Alpha = 1e6, Sweeps = 3 };
        Assert.Throws<ArithmeticException>(() => AlsTrainer.Train(o, data.UserIds, data.ItemIds, data.ByUser, data.ByItem));
        Assert.Throws<ArithmeticException>(() => AlsTrainer.Train(o, data.UserIds, data.ItemIds, data.ByUser, data.ByItem, workers: 2));
    }

    [Fact]
    public void Train_IdsOutOfOrder_Throws()
    {
        var data = PlantedPairs.Random(10, 10, 0.5, 9);
        string[] reversed = [.. data.UserIds.Reverse()];
        Assert.Throws<ArgumentException>(() => AlsTrainer.Train(new AlsOptions { Rank = 2 }, reversed, data.ItemIds, data.ByUser, data.ByItem));
        Assert.Throws<ArgumentException>(() => AlsTrainer.Train(new AlsOptions { Rank = 2 }, data.UserIds[1..], data.ItemIds, data.ByUser, data.ByItem));
    }

    /// <summary>As shards do it: rows in parallel, last shard first, Gram from the nodes that each shard sends.</summary>
    private static void Half(AlsOptions o, InteractionRows rows, string[] ids, float[] solved, float[] other, string[] otherIds, int shards)
    {
        int width = o.Width;
        var nodes = new List<BucketSum>();
        for (int shard = shards - 1; shard >= 0; shard--)
            nodes.AddRange(BucketTree.Nodes(Buckets.OfShard(shard, shards), width * width, (bucket, into) =>
            {
                for (int row = 0, first = -1; row <= otherIds.Length; row++)
                {
                    bool inside = row < otherIds.Length && Buckets.Of(IdHash.Of(otherIds[row])) == bucket;
                    if (inside && first < 0)
                        first = row;
                    if (!inside && first >= 0)
                    {
                        GramMatrix.Add(other.AsSpan(first * width, (row - first) * width), width, into);
                        break;
                    }
                }
            }));
        var half = new HalfSweep(o, other, otherIds.Length, BucketTree.Root(nodes, width * width), 0);
        Parallel.For(0, shards, shard =>
        {
            var scratch = half.CreateScratch();
            for (int row = ids.Length - 1; row >= 0; row--)
                if (Buckets.ShardOf(ids[row], shards) == shard)
                    half.Solve(rows, row, solved.AsSpan(row * width, width), scratch);
        });
    }

    private static AlsModel Train(AlsOptions o, PlantedPairs data) => AlsTrainer.Train(o, data.UserIds, data.ItemIds, data.ByUser, data.ByItem);

    private static double[] Normal(Random random, int count, double deviation)
    {
        var drawn = new double[count];
        MathNet.Numerics.Distributions.Normal.Samples(random, drawn, 0, deviation);
        return drawn;
    }

    /// <summary>The row of each number, from ids that are a letter and the number.</summary>
    private static int[] RowOf(string[] ids)
    {
        var rowOf = new int[ids.Length];
        for (int row = 0; row < ids.Length; row++)
            rowOf[int.Parse(ids[row][1..])] = row;
        return rowOf;
    }

    private static double Dot(AlsModel m, int user, int item)
    {
        int width = m.Options.Width;
        double s = 0;
        for (int f = 0; f < m.Options.Rank; f++)
            s += (double)m.UserFactors[user * width + f] * m.ItemFactors[item * width + f];
        return s;
    }

    private static double NaiveLoss(AlsOptions o, AlsModel m, PlantedPairs data)
    {
        int users = data.UserIds.Length, items = data.ItemIds.Length;
        double loss = 0, a0 = o.BaseWeight;
        for (int u = 0; u < users; u++)
            for (int i = 0; i < items; i++)
            {
                double s = Dot(m, u, i);
                int n = data.ByUser.Columns(u).IndexOf(i);
                double r = n < 0 ? 0 : data.ByUser.Values(u)[n];
                loss += o.Confidence switch
                {
                    Confidence.Scaled => n < 0 ? s * s : o.Alpha * r * (1 - s) * (1 - s),
                    Confidence.OnePlus => n < 0 ? s * s : (1 + o.Alpha * r) * (1 - s) * (1 - s),
                    _ => (n < 0 ? 0 : o.Alpha * r * (1 - s) * (1 - s)) + a0 * s * s,
                };
            }
        return loss + Regularisation(o, data.ByUser, m.UserFactors, a0 * items) + Regularisation(o, data.ByItem, m.ItemFactors, a0 * users);
    }

    private static double NaiveExplicitLoss(AlsOptions o, AlsModel m, PlantedPairs data)
    {
        double loss = 0;
        for (int u = 0; u < data.UserIds.Length; u++)
            for (int n = 0; n < data.ByUser.Columns(u).Length; n++)
            {
                int i = data.ByUser.Columns(u)[n];
                double s = m.GlobalMean + m.UserFactors[u * o.Width + o.Rank] + m.ItemFactors[i * o.Width + o.Rank] + Dot(m, u, i);
                loss += (data.ByUser.Values(u)[n] - s) * (data.ByUser.Values(u)[n] - s);
            }
        return loss + Regularisation(o, data.ByUser, m.UserFactors, 0) + Regularisation(o, data.ByItem, m.ItemFactors, 0);
    }

    private static double Regularisation(AlsOptions o, InteractionRows rows, float[] factors, double fromEveryPair)
    {
        double sum = 0;
        for (int row = 0; row < rows.RowCount; row++)
            for (int f = 0; f < o.Width; f++)
                sum += o.Lambda * Math.Pow(rows.Columns(row).Length + fromEveryPair, o.EffectiveLambdaExponent) * factors[row * o.Width + f] * factors[row * o.Width + f];
        return sum;
    }
}
