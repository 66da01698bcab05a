namespace OrleansRec.Model;

/// <summary>Buffers of one thread that solves rows; nothing is allocated per row.</summary>
public sealed class RowSolverScratch
{
    private readonly int width;
    private NormalEquations<float>? single;
    private NormalEquations<double>? inDouble;
    private ConjugateGradientScratch? conjugateGradient;

    internal RowSolverScratch(int width) => this.width = width;

    internal NormalEquations<float> Single => single ??= new(KernelRung.Single, width);

    internal NormalEquations<double> Double => inDouble ??= new(KernelRung.Double, width);

    internal ConjugateGradientScratch ConjugateGradient => conjugateGradient ??= new(width);
}
