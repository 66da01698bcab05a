namespace OrleansRec.Model;

/// <summary>λ' of a row: λ·(n + α0·N)^ν when implicit (Rendle et al. 2021, section 4), λ·n^ν when explicit (Zhou et al. 2008, section 3.1).</summary>
internal static class Regularisation
{
    /// <summary>The weight of |x|² for a row with n pairs against N rows of the other side.</summary>
    public static double Of(AlsOptions options, int pairCount, int otherRowCount)
    {
        double exponent = options.EffectiveLambdaExponent;
        return exponent == 0 ? options.Lambda : options.Lambda * Math.Pow(pairCount + options.BaseWeight * otherRowCount, exponent);
    }
}
