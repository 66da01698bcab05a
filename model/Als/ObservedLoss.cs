namespace OrleansRec.Model;

/// <summary>A row's part of the objective over its observed pairs, in double: four products at a time, later rows asked for meanwhile.</summary>
internal static unsafe class ObservedLoss
{
    private const int BlockPairs = 64;

    /// <summary>How many pairs ahead the factors are asked for; a multiple of four.</summary>
    private const int PrefetchDistance = 16;

    /// <summary>Σ over the pairs of (loss of the pair, less what the sum over every pair counts for it already).</summary>
    public static double Of(RowSystem system, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ReadOnlySpan<float> x)
    {
        int rank = system.Options.Rank, width = system.Options.Width;
        double* wide = stackalloc double[rank];
        double* products = stackalloc double[BlockPairs];
        for (int i = 0; i < rank; i++)
            wide[i] = x[i];
        double sum = 0;
        fixed (float* others = system.Others)
        fixed (int* column = columns)
            for (int first = 0; first < columns.Length; first += BlockPairs)
            {
                int count = Math.Min(BlockPairs, columns.Length - first);
                Products(wide, others, column + first, count, columns.Length - first, rank, width, products);
                sum += system.IsExplicit
                    ? Squares(system, others + rank, column + first, width, values.Slice(first, count), x[rank], products)
                    : system.Weights.Loss(values.Slice(first, count), products);
            }
        return sum;
    }

    private static void Products(double* x, float* others, int* columns, int count, int ahead, int rank, int width, double* products)
    {
        int n = 0;
        for (; n + 4 <= count; n += 4)
        {
            if (n + PrefetchDistance + 4 <= ahead)
                for (int p = 0; p < 4; p++)
                    CacheLines.Prefetch(others + (nint)columns[n + PrefetchDistance + p] * width, width);
            WideDot.OfFour(
                x, others + (nint)columns[n] * width, others + (nint)columns[n + 1] * width, others + (nint)columns[n + 2] * width,
                others + (nint)columns[n + 3] * width, rank, products + n);
        }
        double* four = stackalloc double[4];
        for (; n < count; n++)
        {
            float* row = others + (nint)columns[n] * width;
            WideDot.OfFour(x, row, row, row, row, rank, four);
            products[n] = four[0];
        }
    }

    private static double Squares(RowSystem system, float* biases, int* columns, int width, ReadOnlySpan<float> values, float xBias, double* products)
    {
        double sum = 0;
        for (int n = 0; n < values.Length; n++)
        {
            double miss = values[n] - (system.GlobalMean + xBias + biases[(nint)columns[n] * width] + products[n]);
            sum += miss * miss;
        }
        return sum;
    }
}
