using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>A user's vector under one model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Vector">x, shape (width).</param>
/// <param name="Query">What is multiplied with item rows, shape (width); the vector itself where the objective is implicit.</param>
/// <param name="Offset">What is added to each product.</param>
public sealed record FoldedUser(PublishedModel Model, float[] Vector, float[] Query, float Offset)
{
    /// <summary>Solves for the pairs in a scratch; null where there are none.</summary>
    public static FoldedUser? Of(PublishedModel model, FoldScratch scratch)
    {
        if (scratch.Pairs.Count == 0)
            return null;
        var x = new float[model.Width];
        model.FoldIn.Solve(scratch.Pairs.Items, scratch.Pairs.Values, x, scratch.Solver);
        if (model.Options.Objective == Objective.Implicit)
            return new(model, x, x, 0);
        var query = new float[model.Width];
        return new(model, x, query, model.FoldIn.Query(x, query));
    }
}
