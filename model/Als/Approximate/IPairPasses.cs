namespace OrleansRec.Model;

/// <summary>Passes over the pairs of one row or of several rows that are solved in step.</summary>
internal interface IPairPasses
{
    /// <summary>Of every row: R += Σ (t − d·(z·x))·z, where x is zero unless it is warm, and Diagonal += Σ d·z².</summary>
    void FirstPass(ReadOnlySpan<ConjugateGradientRow> rows, bool isWarm);

    /// <summary>Of every row that has not ended: Q −= Σ d·(z·p)·z.</summary>
    void Pass(ReadOnlySpan<ConjugateGradientRow> rows);
}
