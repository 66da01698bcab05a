using OrleansRec.Model.Algebra;

namespace OrleansRec.Model.Neighbours;

/// <summary>Options of <see cref="EaseNeighbours"/>.</summary>
public sealed record EaseOptions
{
    /// <summary>λ, the weight of the squared coefficients.</summary>
    /// <value>100 by default; &gt; 0. With weighted values (q &gt; 0) smaller ones fit.</value>
    public double Lambda { get; init; } = 100;

    /// <summary>p: x = sign(r)·|r|^p · n^(−q).</summary>
    /// <value>0 by default.</value>
    public double ValuePower { get; init; }

    /// <summary>q: the pairs of a user with n pairs weigh n^(−q).</summary>
    /// <value>0 by default; 0 … 2.</value>
    public double LengthPower { get; init; }

    /// <summary>m, how many coefficients a row keeps: the largest by amount, then the first by id.</summary>
    /// <value>1,000 by default; 1 … 10,000.</value>
    public int NeighboursMax { get; init; } = 1_000;

    /// <summary>Users with more pairs are not read.</summary>
    /// <value>10,000 by default; ≥ 2.</value>
    public int RowItemsMax { get; init; } = 10_000;
}

/// <summary>EASE: the linear regression of each item on all others, in closed form (Steck 2019, equations 5 to 8).</summary>
/// <remarks>
/// Minimises |X − X·B|² + λ|B|² with a zero diagonal: B_ji = −P_ji / P_ii for P = (XᵀX + λI)⁻¹. Where there are fewer users than items, P = (I − Xᵀ·K·X) / λ with K = (X·Xᵀ + λI)⁻¹
/// (Woodbury), so n = min(users, items) equations are factorised: n³/3 operations, then 2n² an item. The smaller side is at most <see cref="SymmetricSolver.RowsMax"/>: a larger shop
/// uses <see cref="ItemNeighbours"/>.
/// </remarks>
public static class EaseNeighbours
{
    /// <summary>Whether the closed form is within its bound.</summary>
    public static bool Fits(int userCount, int itemCount) => Math.Min(userCount, itemCount) <= SymmetricSolver.RowsMax;

    /// <summary>Fits the coefficients of all items.</summary>
    /// <param name="byUser">Pairs by user; columns are item numbers.</param>
    /// <param name="itemIds">Id of each item, shape (I).</param>
    /// <param name="options">How.</param>
    /// <param name="workers">Threads, ≥ 1; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">Both sides are larger than the bound, or an option is out of range.</exception>
    public static NeighbourTable Build(InteractionRows byUser, string[] itemIds, EaseOptions options, int workers = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Lambda > 0))
            throw new ArgumentOutOfRangeException(nameof(options), options.Lambda, "λ must be above 0.");
        if (!Fits(byUser.RowCount, itemIds.Length))
            throw new ArgumentException($"The smaller side holds at most {SymmetricSolver.RowsMax}; got {byUser.RowCount} users and {itemIds.Length} items.", nameof(byUser));
        var pairs = WeightedPairs.Of(byUser, itemIds.Length, options.ValuePower, options.LengthPower, options.RowItemsMax);
        bool isPrimal = itemIds.Length <= byUser.RowCount;
        int n = isPrimal ? itemIds.Length : byUser.RowCount;
        var gram = Gram(isPrimal ? pairs.Rows : pairs.Columns, n, options.Lambda);
        var solver = SymmetricSolver.Factorise(gram, n, workers);
        const int Width = SymmetricSolver.ColumnsAtOnce;
        var parts = new NeighbourTable[(itemIds.Length + Width - 1) / Width];
        PieceWork.Run(parts.Length, workers, (part, _) =>
        {
            int first = part * Width, count = Math.Min(Width, itemIds.Length - first);
            double[] inverse = isPrimal ? PrimalRows(solver, first, count) : DualRows(solver, pairs, options.Lambda, first, count);
            parts[part] = Coefficients(inverse, first, count, itemIds, options.NeighboursMax);
        });
        return NeighbourTable.Join(parts);
    }

    /// <summary>XᵀX + λI of a side's entries; the lower triangle.</summary>
    private static double[] Gram(WeightedPairs.Side side, int n, double lambda)
    {
        var gram = new double[(long)n * n];
        for (int row = 0; row < side.Count; row++)
        {
            var others = side.OthersOf(row);
            var values = side.ValuesOf(row);
            for (int i = 0; i < others.Length; i++)
            {
                var into = gram.AsSpan(others[i] * n, n);
                double x = values[i];
                for (int j = 0; j <= i; j++)
                    into[others[j]] += x * values[j];
            }
        }
        for (int i = 0; i < n; i++)
            gram[(long)i * n + i] += lambda;
        return gram;
    }

    /// <summary>Columns of P, shape (items, 16).</summary>
    private static double[] PrimalRows(SymmetricSolver solver, int first, int count)
    {
        const int Width = SymmetricSolver.ColumnsAtOnce;
        var x = new double[solver.RowCount * Width];
        for (int c = 0; c < count; c++)
            x[(first + c) * Width + c] = 1;
        solver.Solve(x);
        return x;
    }

    /// <summary>Columns of P through the users' equations, shape (items, 16).</summary>
    private static double[] DualRows(SymmetricSolver solver, WeightedPairs pairs, double lambda, int first, int count)
    {
        const int Width = SymmetricSolver.ColumnsAtOnce;
        var (k, p) = (new double[solver.RowCount * Width], new double[pairs.Columns.Count * Width]);
        for (int c = 0; c < count; c++)
        {
            var users = pairs.Columns.OthersOf(first + c);
            var values = pairs.Columns.ValuesOf(first + c);
            for (int n = 0; n < users.Length; n++)
                k[users[n] * Width + c] = values[n];
            p[(first + c) * Width + c] = 1 / lambda;
        }
        solver.Solve(k);
        for (int item = 0; item < pairs.Columns.Count; item++)
        {
            var users = pairs.Columns.OthersOf(item);
            var values = pairs.Columns.ValuesOf(item);
            var into = p.AsSpan(item * Width, Width);
            for (int n = 0; n < users.Length; n++)
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(k.AsSpan(users[n] * Width, Width), -values[n] / lambda, into, into);
        }
        return p;
    }

    private static NeighbourTable Coefficients(double[] inverse, int first, int count, string[] ids, int neighboursMax)
    {
        const int Width = SymmetricSolver.ColumnsAtOnce;
        var writer = new NeighbourTableWriter(neighboursMax, ids);
        var (neighbours, weights) = (new int[ids.Length - 1], new float[ids.Length - 1]);
        for (int c = 0; c < count; c++)
        {
            double own = inverse[(first + c) * Width + c];
            int n = 0;
            for (int j = 0; j < ids.Length; j++)
                if (j != first + c)
                    (neighbours[n], weights[n++]) = (j, (float)(-inverse[j * Width + c] / own));
            writer.AddLargest(neighbours, weights);
        }
        return writer.ToTable();
    }
}
