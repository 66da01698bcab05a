namespace OrleansRec.Model.Rules;

/// <summary>What an expression may cost. Its evaluation costs at most a constant times items × <see cref="NodesMax"/>, beside the lengths of texts that it searches.</summary>
public static class RuleBounds
{
    /// <summary>Characters of an expression.</summary>
    public const int CharsMax = 4096;

    /// <summary>Brackets, conditions and signs within each other.</summary>
    public const int DepthMax = 32;

    /// <summary>Literals, names, operators and calls.</summary>
    public const int NodesMax = 256;

    /// <summary>Entries of one list, written in the expression or brought by a request.</summary>
    public const int ListMax = 128;
}
