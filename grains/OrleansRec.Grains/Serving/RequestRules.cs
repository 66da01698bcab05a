using OrleansRec.Contracts;

namespace OrleansRec.Grains.Serving;

/// <summary>Bounds of a request for a list.</summary>
public static class RequestRules
{
    public const int KMax = 1000;

    /// <summary>Candidates or exclusions in one request.</summary>
    public const int IdsMax = 100_000;

    /// <exception cref="ArgumentOutOfRangeException">A bound is not kept.</exception>
    public static void Check(RecommendRequest request)
    {
        if (request.K is < 1 or > KMax)
            throw new ArgumentOutOfRangeException("k", request.K, $"k must be 1 to {KMax}.");
        CheckCount("candidates", request.Candidates);
        CheckCount("exclude", request.Exclude);
    }

    private static void CheckCount(string field, string[]? ids)
    {
        if (ids?.Length > IdsMax)
            throw new ArgumentOutOfRangeException(field, ids.Length, $"{field} must be at most {IdsMax} ids.");
    }
}
