using MathNet.Numerics.LinearAlgebra;
using OrleansRec.Model.Algebra;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Neighbours;

/// <summary>The closed form against its definition in MathNet, through items' and through users' equations, and the solver beneath it.</summary>
public sealed class EaseNeighboursTests
{
    [Theory]
    [InlineData(60, 40, 0), InlineData(30, 75, 0), InlineData(25, 40, 0.5)]
    public void Build_MoreUsersOrMoreItems_IsTheDefinition(int users, int items, double lengthPower)
    {
        var shop = PlantedPairs.Random(users, items, 0.3, seed: 7);
        const double Lambda = 3;
        var x = Matrix<double>.Build.Dense(users, items);
        for (int user = 0; user < users; user++)
            foreach (int item in shop.ByUser.Columns(user))
                x[user, item] = Math.Pow(shop.ByUser.CountOf(user), -lengthPower);
        var p = (x.TransposeThisAndMultiply(x) + Lambda * Matrix<double>.Build.DenseIdentity(items)).Inverse();
        var table = EaseNeighbours.Build(shop.ByUser, shop.ItemIds, new() { Lambda = Lambda, LengthPower = lengthPower }, workers: 2);
        for (int i = 0; i < items; i++)
            for (int j = 0; j < items; j++)
            {
                int at = table.NeighboursOf(i).BinarySearch(j);
                Assert.Equal(i == j ? 0 : -p[j, i] / p[i, i], at < 0 ? 0 : table.WeightsOf(i)[at], 1e-6);
            }
    }

    [Fact]
    public void Build_NeighboursMax_KeepsTheLargestByAmount_NegativeToo()
    {
        var shop = PlantedPairs.Random(60, 30, 0.4, seed: 2);
        var all = EaseNeighbours.Build(shop.ByUser, shop.ItemIds, new() { Lambda = 2 });
        var some = EaseNeighbours.Build(shop.ByUser, shop.ItemIds, new() { Lambda = 2, NeighboursMax = 5 });
        for (int row = 0; row < 30; row++)
            Assert.Equal(all.WeightsOf(row).ToArray().OrderByDescending(Math.Abs).Take(5).Order(), some.WeightsOf(row).ToArray().Order());
        Assert.Contains(some.Weights, w => w < 0);
    }

    [Fact]
    public void Build_BadLambda_OrTooLarge_Throws()
    {
        var shop = PlantedPairs.Random(5, 5, 0.5, seed: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => EaseNeighbours.Build(shop.ByUser, shop.ItemIds, new() { Lambda = 0 }));
        Assert.False(EaseNeighbours.Fits(SymmetricSolver.RowsMax + 1, SymmetricSolver.RowsMax + 1));
        Assert.True(EaseNeighbours.Fits(1_000_000, SymmetricSolver.RowsMax));
    }

    [Theory, InlineData(1), InlineData(3), InlineData(63), InlineData(64), InlineData(65), InlineData(67), InlineData(200)]
    public void Solver_AnySize_SolvesTheEquations(int n)
    {
        var random = new Random(n);
        var half = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextDouble() - 0.5);
        var a = half.TransposeThisAndMultiply(half) + 0.1 * Matrix<double>.Build.DenseIdentity(n);
        double[] right = [.. Enumerable.Range(0, n * SymmetricSolver.ColumnsAtOnce).Select(_ => random.NextDouble())], x = [.. right];
        var solver = SymmetricSolver.Factorise(a.ToRowMajorArray(), n, workers: 2);
        solver.Solve(x);
        var product = a * Matrix<double>.Build.DenseOfRowMajor(n, SymmetricSolver.ColumnsAtOnce, x);
        Assert.True((product - Matrix<double>.Build.DenseOfRowMajor(n, SymmetricSolver.ColumnsAtOnce, right)).InfinityNorm() < 1e-8);
    }

    [Fact]
    public void Solver_NotPositiveDefinite_NamesTheRow() =>
        Assert.Contains("row 1", Assert.Throws<ArithmeticException>(() => SymmetricSolver.Factorise([1, 2, 2, 1], 2)).Message);
}
