namespace OrleansRec.Model;

/// <summary>YᵀY in double.</summary>
public static class GramMatrix
{
    /// <summary>Adds Σ y·yᵀ over the rows to a matrix.</summary>
    /// <param name="rows">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="gram">Row-major, shape (width, width), both triangles.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Add(ReadOnlySpan<float> rows, int width, Span<double> gram)
    {
        if (rows.Length % width != 0 || gram.Length != width * width)
            throw new ArgumentException($"Rows of {width} floats and a matrix of {width * width} are needed; got {rows.Length} and {gram.Length}.", nameof(rows));
        for (int start = 0; start < rows.Length; start += width)
        {
            var y = rows.Slice(start, width);
            for (int i = 0; i < width; i++)
                for (int j = 0; j < width; j++)
                    gram[i * width + j] += (double)y[i] * y[j];
        }
    }
}
