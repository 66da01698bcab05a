namespace OrleansRec.Model;

/// <summary>What a training yields.</summary>
/// <param name="Options">How it was trained.</param>
/// <param name="UserFactors">X, row-major, shape (U, Width).</param>
/// <param name="ItemFactors">Y, row-major, shape (I, Width).</param>
/// <param name="Gram">YᵀY, shape (Width, Width); empty when explicit.</param>
/// <param name="GlobalMean">μ when explicit, else 0.</param>
/// <param name="Losses">The objective after each sweep.</param>
/// <param name="Hash">See <see cref="FactorsHash"/>; over the items.</param>
public sealed record AlsModel(
    AlsOptions Options, float[] UserFactors, float[] ItemFactors, double[] Gram, double GlobalMean, double[] Losses, string Hash);
