using MathNet.Numerics.LinearAlgebra;

namespace OrleansRec.Model.Tests.Als;

/// <summary>Seeded interactions and factors, in the form that the model takes.</summary>
internal sealed class PlantedPairs
{
    public required string[] UserIds { get; init; }

    public required string[] ItemIds { get; init; }

    public required InteractionRows ByUser { get; init; }

    public required InteractionRows ByItem { get; init; }

    /// <summary>Pairs of (user number, item number, r); ids are u{number} and i{number}.</summary>
    public static PlantedPairs From(int users, int items, IEnumerable<(int User, int Item, float Value)> pairs)
    {
        var (userIds, userRow) = Order(users, "u");
        var (itemIds, itemRow) = Order(items, "i");
        var mapped = pairs.Select(p => (Row: userRow[p.User], Column: itemRow[p.Item], p.Value)).ToArray();
        return new()
        {
            UserIds = userIds, ItemIds = itemIds,
            ByUser = Rows(users, mapped),
            ByItem = Rows(items, mapped.Select(p => (p.Column, p.Row, p.Value))),
        };
    }

    /// <summary>Pairs drawn at random with r = 1 … 5.</summary>
    public static PlantedPairs Random(int users, int items, double density, int seed)
    {
        var random = new Random(seed);
        var pairs = from user in Enumerable.Range(0, users) from item in Enumerable.Range(0, items)
                    where random.NextDouble() < density * 2 / (1 + item % 4) select (user, item, (float)random.Next(1, 6));
        return From(users, items, pairs.ToArray());
    }

    public static InteractionRows Rows(int count, IEnumerable<(int Row, int Column, float Value)> pairs)
    {
        var sorted = pairs.OrderBy(p => p.Row).ThenBy(p => p.Column).ToArray();
        var starts = new int[count + 1];
        foreach (var pair in sorted)
            starts[pair.Row + 1]++;
        for (int row = 0; row < count; row++)
            starts[row + 1] += starts[row];
        return new(starts, [.. sorted.Select(p => p.Column)], [.. sorted.Select(p => p.Value)]);
    }

    /// <summary>One row with pairs in the first columns of the other side.</summary>
    public static InteractionRows OneRow(int pairCount, Random random) =>
        new([0, pairCount], [.. Enumerable.Range(0, pairCount)], [.. Enumerable.Range(0, pairCount).Select(_ => (float)random.Next(1, 9) / 2)]);

    public static float[] Factors(int rows, int width, Random random, float scale = 1) =>
        [.. Enumerable.Range(0, rows * width).Select(_ => (random.NextSingle() - 0.4f) * scale)];

    public static double[] Gram(float[] factors, int width)
    {
        var gram = new double[width * width];
        GramMatrix.Add(factors, width, gram);
        return gram;
    }

    private static (string[] Ids, int[] RowOf) Order(int count, string prefix)
    {
        var keys = Enumerable.Range(0, count).Select(n => (Key: RowKey.Of(prefix + n), Number: n)).OrderBy(k => k.Key).ToArray();
        var rowOf = new int[count];
        for (int row = 0; row < count; row++)
            rowOf[keys[row].Number] = row;
        return ([.. keys.Select(k => k.Key.Id)], rowOf);
    }
}

/// <summary>The row's equations as the papers write them, in MathNet's double precision.</summary>
internal static class RowReference
{
    /// <summary>(A, b) of a row.</summary>
    public static (Matrix<double> A, Vector<double> B) Equations(
        AlsOptions o, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float[] others, double mean)
    {
        int width = o.Width, otherRows = others.Length / width;
        bool isExplicit = o.Objective == Objective.Explicit;
        var y = Matrix<double>.Build.Dense(otherRows, width, (i, j) => others[i * width + j]);
        var a = isExplicit ? Matrix<double>.Build.Dense(width, width) : o.BaseWeight * y.TransposeThisAndMultiply(y);
        var b = Vector<double>.Build.Dense(width);
        for (int n = 0; n < columns.Length; n++)
        {
            var z = y.Row(columns[n]);
            double r = values[n], c, t;
            if (isExplicit)
            {
                t = r - mean - z[width - 1];
                z[width - 1] = 1;
                c = 1;
                a += z.OuterProduct(z);
                b += t * z;
                continue;
            }
            (c, t) = o.Confidence switch
            {
                Confidence.Scaled => (o.Alpha * r - 1, o.Alpha * r),
                Confidence.OnePlus => (o.Alpha * r, 1 + o.Alpha * r),
                _ => (o.Alpha * r, o.Alpha * r),
            };
            a += c * z.OuterProduct(z);
            b += t * z;
        }
        double n0 = columns.Length + (isExplicit ? 0 : o.BaseWeight * otherRows);
        a += o.Lambda * Math.Pow(n0, o.EffectiveLambdaExponent) * Matrix<double>.Build.DenseIdentity(width);
        return (a, b);
    }

    public static Vector<double> Solve(AlsOptions o, InteractionRows rows, int row, float[] others, double mean = 0)
    {
        var (a, b) = Equations(o, rows.Columns(row), rows.Values(row), others, mean);
        return a.Cholesky().Solve(b);
    }

    public static double Distance(ReadOnlySpan<float> x, Vector<double> reference)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += (x[i] - reference[i]) * (x[i] - reference[i]);
        return Math.Sqrt(sum) / Math.Max(reference.L2Norm(), 1e-30);
    }
}
