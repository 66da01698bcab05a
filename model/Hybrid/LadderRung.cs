namespace OrleansRec.Model.Hybrid;

/// <summary>A rung below the parts: what fills a list that they leave short. It is searched for when it is reached, and once.</summary>
/// <param name="source">Its name.</param>
/// <param name="find">Gives rows, best first; takes one bit a row, which is set for every row that may still be listed. What it gives beside those is not listed.</param>
public sealed class LadderRung(string source, Func<ReadOnlyMemory<ulong>, ReadOnlyMemory<int>> find)
{
    /// <summary>A rung whose rows are known.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="rows">Rows, best first.</param>
    public LadderRung(string source, ReadOnlyMemory<int> rows)
        : this(source, _ => rows)
    {
    }

    /// <summary>Its name.</summary>
    public string Source => source;

    /// <summary>Its rows, best first.</summary>
    /// <param name="left">One bit a row; only these may still be listed.</param>
    public ReadOnlyMemory<int> Find(ReadOnlyMemory<ulong> left) => find(left);
}
