namespace OrleansRec.Model;

/// <summary>Start values that depend on the seed and the id alone, so that they are the same wherever the row lies.</summary>
public static class StartFactors
{
    /// <summary>The largest start value of the implicit objective.</summary>
    private const float ImplicitScale = 0.01f;

    /// <summary>Fills a row: k factors and, when explicit, the bias 0.</summary>
    /// <param name="options">Rank, objective and seed are read.</param>
    /// <param name="id">The row's id.</param>
    /// <param name="row">Shape (<see cref="AlsOptions.Width"/>).</param>
    /// <exception cref="ArgumentException"><paramref name="row"/> has another length.</exception>
    /// <remarks>
    /// Implicit: uniform in [0, 0.01), as `implicit` starts; all positive, so that the first sweep already separates popular from rare.
    /// Explicit: mean 0 and standard deviation 1/√k (sum of two uniforms), so that a first product is of the size of a rating's deviation.
    /// </remarks>
    public static void Fill(AlsOptions options, string id, Span<float> row)
    {
        if (row.Length != options.Width)
            throw new ArgumentException($"A row holds {options.Width} floats; got {row.Length}.", nameof(row));
        // SplitMix64 (Steele, Lea, Flood 2014): a counter stepped by the golden ratio and mixed.
        ulong state = IdHash.Of(id) ^ IdHash.Mix((ulong)(uint)options.Seed + 0x9E3779B97F4A7C15UL);
        bool isExplicit = options.Objective == Objective.Explicit;
        float explicitScale = (float)Math.Sqrt(6.0 / options.Rank);
        for (int f = 0; f < options.Rank; f++)
        {
            state += 0x9E3779B97F4A7C15UL;
            ulong bits = IdHash.Mix(state);
            float u = (bits >> 40) * (1f / (1 << 24));
            float v = (bits & 0xFFFFFF) * (1f / (1 << 24));
            row[f] = isExplicit ? (u + v - 1) * explicitScale : u * ImplicitScale;
        }
        row[options.Rank..].Clear();
    }
}
