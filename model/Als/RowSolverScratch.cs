namespace OrleansRec.Model;

/// <summary>Buffers of one thread that solves rows.</summary>
public sealed class RowSolverScratch
{
    internal RowSolverScratch(int width)
    {
        Matrix = new double[width * width];
        Vector = new double[width];
        Design = new double[width];
    }

    internal double[] Matrix { get; }

    internal double[] Vector { get; }

    internal double[] Design { get; }
}
