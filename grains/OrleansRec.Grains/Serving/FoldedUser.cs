using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>A user's pairs and vector under one model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Rows">Rows of the user's items that have factors, ascending.</param>
/// <param name="Values">r of each.</param>
/// <param name="Vector">x, shape (width).</param>
/// <param name="Query">What is multiplied with item rows, shape (width).</param>
/// <param name="Offset">What is added to each product.</param>
public sealed record FoldedUser(PublishedModel Model, int[] Rows, float[] Values, float[] Vector, float[] Query, float Offset)
{
    public static FoldedUser Of(PublishedModel model, PairValues pairs)
    {
        float[] x = new float[model.Width], query = new float[model.Width];
        FoldInScratch scratch = model.TakeScratch();
        model.FoldIn.Solve(pairs.Items, pairs.Values, x, scratch);
        model.Return(scratch);
        float offset = model.FoldIn.Query(x, query);
        return new(model, pairs.Items.ToArray(), pairs.Values.ToArray(), x, query, offset);
    }
}
