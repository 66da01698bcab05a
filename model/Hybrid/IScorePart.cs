namespace OrleansRec.Model.Hybrid;

/// <summary>What a part made of a user's signals: the same for every block of items, so it is made once and sent to each.</summary>
public abstract class PartQuery
{
    /// <summary>About how large this query's scores are: the root of their mean square over all items of the version. A blend divides by it.</summary>
    /// <remarks>It depends on the query alone, never on a block, so every block divides by the same number. 0 where the user gives no signal.</remarks>
    public double Scale { get; init; }
}

/// <summary>One way to score the items of one block for one user: a model, seen as a part of a blended score.</summary>
/// <remarks>
/// A score is offset + Σ amounts over the user's past, so it can be told exactly. Blocks of a version share no item, and their lists merge under the total order
/// (<see cref="ScoredItem"/>) into the list that one block of all items would give.
/// </remarks>
public interface IScorePart
{
    /// <summary>The part's name, such as als or content; told in every answer and in stored weights.</summary>
    string Name { get; }

    /// <summary>Id of each row of the block, shape (n).</summary>
    ReadOnlySpan<string> ItemIds { get; }

    /// <summary>Reads a user's signals; does not depend on the block.</summary>
    PartQuery Prepare(UserSignals signals);

    /// <summary>Scores every row of the block; 0 for a row of which the part knows nothing.</summary>
    /// <param name="query">From <see cref="Prepare"/>.</param>
    /// <param name="scores">Overwritten, shape (n).</param>
    void Score(PartQuery query, Span<float> scores);

    /// <summary>Splits the score of one row over the user's past.</summary>
    /// <param name="query">From <see cref="Prepare"/>.</param>
    /// <param name="row">A row of the block.</param>
    /// <param name="amounts">Receives what each item of the past adds, shape (past items).</param>
    /// <returns>The offset: what does not come from the past. The offset and the amounts sum to the score.</returns>
    double Explain(PartQuery query, int row, Span<double> amounts);
}
