namespace OrleansRec.Model;

/// <summary>What every model has to beat: the items with the most users for everyone, and the item's mean as the rating.</summary>
public sealed class PopularityBaseline
{
    private readonly string[] _byPopularity;
    private readonly Dictionary<string, double> _meanByItem;

    /// <summary>Counts users and averages values by item.</summary>
    /// <param name="train">The pairs to train on, each once.</param>
    /// <exception cref="ArgumentException">There is no pair.</exception>
    public PopularityBaseline(IEnumerable<Interaction> train)
    {
        var byItem = new Dictionary<string, (int Users, double Sum)>();
        foreach (var pair in train)
        {
            var (users, sum) = byItem.GetValueOrDefault(pair.ItemId);
            byItem[pair.ItemId] = (users + 1, sum + pair.Value);
        }
        if (byItem.Count == 0)
            throw new ArgumentException("Popularity needs at least 1 pair; got 0.", nameof(train));
        _byPopularity = [.. byItem.OrderByDescending(i => i.Value.Users).ThenBy(i => i.Key, StringComparer.Ordinal).Select(i => i.Key)];
        _meanByItem = byItem.ToDictionary(i => i.Key, i => i.Value.Sum / i.Value.Users);
        GlobalMean = byItem.Values.Sum(i => i.Sum) / byItem.Values.Sum(i => (double)i.Users);
    }

    /// <summary>The mean of all values.</summary>
    public double GlobalMean { get; }

    /// <summary>All items, by number of users descending, then id ascending.</summary>
    public IReadOnlyList<string> Items => _byPopularity;

    /// <summary>The first n items that are not in <paramref name="excluded"/>.</summary>
    public string[] Recommend(int n, IReadOnlySet<string> excluded)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return [.. _byPopularity.Where(id => !excluded.Contains(id)).Take(n)];
    }

    /// <summary>The mean of the item's values; the mean of all where the item is not known.</summary>
    public double PredictRating(string itemId) => _meanByItem.GetValueOrDefault(itemId, GlobalMean);
}
