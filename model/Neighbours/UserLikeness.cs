namespace OrleansRec.Model.Neighbours;

/// <summary>How alike two users are by the items that they like: s = n / √(n_u·n_v) · n / (n + β) over the n items in common; the cosine of their columns of ones, trusted less where few are in common.</summary>
/// <remarks>Source: Herlocker, Konstan, Borchers and Riedl 1999, section 3.2 (significance weighting). Cost: the shorter of the two.</remarks>
public static class UserLikeness
{
    /// <summary>β: with β items in common, a similarity counts half.</summary>
    public const double Shrinkage = 2;

    /// <summary>s of two users, and n; 0 where nothing is in common.</summary>
    /// <param name="one">Items that one likes.</param>
    /// <param name="other">Items that the other likes.</param>
    public static (double Similarity, int Shared) Of(IReadOnlySet<string> one, IReadOnlySet<string> other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var (few, many) = one.Count <= other.Count ? (one, other) : (other, one);
        int shared = few.Count(many.Contains);
        return shared == 0 ? (0, 0) : (shared / Math.Sqrt((double)one.Count * other.Count) * shared / (shared + Shrinkage), shared);
    }

    /// <summary>Who of many was seen with most of some items: the candidates whose histories are worth reading.</summary>
    /// <param name="usersOfItems">Latest users of each item; of one item a user counts once.</param>
    /// <param name="userId">Who asks, and is no candidate.</param>
    /// <param name="countMax">Candidates at most.</param>
    public static string[] Candidates(IEnumerable<IEnumerable<string>> usersOfItems, string userId, int countMax) =>
        [.. usersOfItems.SelectMany(u => u.Distinct(StringComparer.Ordinal)).Where(u => u != userId).CountBy(u => u, StringComparer.Ordinal)
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(countMax).Select(c => c.Key)];
}
