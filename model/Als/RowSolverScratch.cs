namespace OrleansRec.Model;

/// <summary>Buffers of one thread that solves rows; nothing is allocated per row.</summary>
public sealed class RowSolverScratch
{
    private NormalEquations<float>? single;
    private NormalEquations<double>? inDouble;
    private ApproximateScratch? approximate;
    private ShortRowEquations? shortRows;
    private LeavingScratch? leaving;
    private int[] columns = [];

    internal RowSolverScratch(int width) => Width = width;

    /// <summary>Floats in the rows that it serves.</summary>
    public int Width { get; }

    /// <summary>Columns as whole numbers, where they are kept smaller.</summary>
    internal ref int[] Columns => ref columns;

    internal NormalEquations<float> Single => single ??= new(KernelRung.Single, Width);

    internal NormalEquations<double> Double => inDouble ??= new(KernelRung.Double, Width);

    internal ShortRowEquations Short => shortRows ??= new(KernelRung.Single, Width, ShortRowRule.RaisingMax(Width), ShortRowRule.PairsMax(Width));

    /// <summary>For short rows.</summary>
    internal LeavingScratch Leaving => leaving ??= new(Short.Size);

    internal ApproximateScratch Approximate(int size) => approximate is not null && approximate.Size == size ? approximate : approximate = new(size);
}
