using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>Work space of one fold-in: the pairs of the user in hand and the buffers of the solver. Belongs to a model, which lends it.</summary>
public sealed class FoldScratch(FoldInScratch solver)
{
    public FoldInScratch Solver => solver;

    public PairValues Pairs { get; } = new();
}
