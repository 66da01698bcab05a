namespace OrleansRec.Model.Neighbours;

/// <summary>How alike two items are by the users whom they share, or two users by their items. x are weighted values, 0 where there is no pair.</summary>
public enum Similarity
{
    /// <summary>Σ x_i·x_j / (|x_i|^(2a)·|x_j|^(2 − 2a)); a = ½ is the cosine of the two columns.</summary>
    Cosine,

    /// <summary>Shared / (n_i + n_j − shared), in users; values are not read.</summary>
    Jaccard,

    /// <summary>The correlation of the two columns over all rows, absent pairs counting as 0; those below 0 are not kept.</summary>
    Pearson,
}

/// <summary>How neighbours are found, and how many are kept.</summary>
public sealed record NeighbourOptions
{
    /// <summary>What alike means.</summary>
    /// <value>Cosine by default.</value>
    public Similarity Similarity { get; init; } = Similarity.Cosine;

    /// <summary>m, how many neighbours a row keeps: the most alike, then the first by id.</summary>
    /// <value>200 by default; 1 … 10,000. Memory is 8 bytes each.</value>
    public int NeighboursMax { get; init; } = 200;

    /// <summary>β: a similarity on n shared rows is multiplied by n / (n + β) (Bell and Koren 2007, section 4.1).</summary>
    /// <value>10 by default; ≥ 0. More trusts rare pairs less.</value>
    public double Shrinkage { get; init; } = 10;

    /// <summary>p: x = sign(r)·|r|^p · n^(−q).</summary>
    /// <value>0 by default: a pair counts the same whatever its value; 0 … 2.</value>
    public double ValuePower { get; init; }

    /// <summary>q: the pairs of a row of the other side with n pairs weigh n^(−q), since a long row says less about any two of its entries.</summary>
    /// <value>0.5 by default; 0 … 2.</value>
    public double LengthPower { get; init; } = 0.5;

    /// <summary>a, of the cosine: the share of the norm that the scored item takes. Below ½ popular items score higher (Aiolli 2013, section 3.1).</summary>
    /// <value>0.5 by default; 0 … 1.</value>
    public double TargetShare { get; init; } = 0.5;

    /// <summary>Rows of the other side with more pairs are not read: robots and tills, whose cost grows with the square of their pairs.</summary>
    /// <value>2,000 by default; ≥ 2.</value>
    public int RowItemsMax { get; init; } = 2_000;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(NeighboursMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(NeighboursMax, 10_000);
        ArgumentOutOfRangeException.ThrowIfNegative(Shrinkage);
        ArgumentOutOfRangeException.ThrowIfLessThan(RowItemsMax, 2);
        if (!(TargetShare is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(TargetShare), TargetShare, "The share must be 0 to 1.");
    }
}
