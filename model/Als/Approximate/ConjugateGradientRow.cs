namespace OrleansRec.Model;

/// <summary>Where the conjugate gradients of one row stand; all vectors are padded.</summary>
internal sealed class ConjugateGradientRow(int size)
{
    public AlignedBlock<float> X { get; } = new(size);

    /// <summary>r = b − A·x.</summary>
    public AlignedBlock<float> R { get; } = new(size);

    /// <summary>The direction.</summary>
    public AlignedBlock<float> P { get; } = new(size);

    /// <summary>A·p.</summary>
    public AlignedBlock<float> Q { get; } = new(size);

    /// <summary>w0·Λ + λ', what A has beyond the row's pairs.</summary>
    public AlignedBlock<float> Ridge { get; } = new(size);

    /// <summary>The diagonal of A.</summary>
    public AlignedBlock<float> Diagonal { get; } = new(size);

    /// <summary>1 / diagonal.</summary>
    public AlignedBlock<float> Inverse { get; } = new(size);

    /// <summary>λ'.</summary>
    public double Lambda { get; set; }

    /// <summary>rᵀ·r/diagonal.</summary>
    public float Residual { get; set; }

    public bool HasEnded { get; set; }
}
