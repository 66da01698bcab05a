namespace OrleansRec.Model.Content;

/// <summary>How much each token says: idf(t) = ln((1 + N) / (1 + n_t)) + 1 for a token in n_t of N items, and the sparse unit vectors made with it (Salton and Buckley 1988).</summary>
/// <remarks>
/// An item's vector is Σ over fields of weight · (field's TF-IDF vector of length 1), made to length 1 itself; tf is 1 + ln(count). A token that no item had at training weighs as one in
/// no item, so a new item is comparable at once. Counts are sums, so they do not depend on the order of the items.
/// </remarks>
public sealed class TermWeights
{
    private readonly Dictionary<ulong, int> _itemsOf;
    private readonly FieldWeights _fields;
    private readonly int _itemCount;

    private TermWeights(Dictionary<ulong, int> itemsOf, int itemCount, FieldWeights fields) => (_itemsOf, _itemCount, _fields) = (itemsOf, itemCount, fields);

    /// <summary>Counts the tokens of a catalogue.</summary>
    /// <param name="items">Each item once, in any order.</param>
    /// <param name="fields">How fields weigh.</param>
    public static TermWeights Of(IEnumerable<ItemFeatures> items, FieldWeights fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var itemsOf = new Dictionary<ulong, int>();
        int count = 0;
        foreach (var item in items)
        {
            count++;
            foreach (ulong key in ContentFields.Of(item, fields).Where(f => f.Weight > 0).SelectMany(f => f.Tokens.Select(t => KeyOf(f.Field, t.Token))).Distinct())
                itemsOf[key] = itemsOf.GetValueOrDefault(key) + 1;
        }
        return new(itemsOf, count, fields);
    }

    /// <summary>Weights that were counted before.</summary>
    /// <param name="keys">Key of each token, ascending, distinct.</param>
    /// <param name="items">Items with each, shape (tokens).</param>
    /// <param name="itemCount">N.</param>
    /// <param name="fields">How fields weigh.</param>
    internal static TermWeights From(ulong[] keys, int[] items, int itemCount, FieldWeights fields)
    {
        var itemsOf = new Dictionary<ulong, int>(keys.Length);
        for (int n = 0; n < keys.Length; n++)
            itemsOf.Add(keys[n], items[n]);
        return new(itemsOf, itemCount, fields);
    }

    /// <summary>Key of each token, ascending, and the items with each. A token of one item alone is left out where <paramref name="tokensMax"/> is reached, then the rarer ones.</summary>
    internal (ulong[] Keys, int[] Items) Counts(int tokensMax)
    {
        ulong[] keys = [.. _itemsOf.OrderByDescending(t => t.Value).ThenBy(t => t.Key).Take(tokensMax).Select(t => t.Key).Order()];
        return (keys, Array.ConvertAll(keys, key => _itemsOf[key]));
    }

    /// <summary>N.</summary>
    internal int ItemCount => _itemCount;

    /// <summary>How fields weigh.</summary>
    internal FieldWeights Fields => _fields;

    /// <summary>Distinct tokens of the catalogue.</summary>
    public int TokenCount => _itemsOf.Count;

    /// <summary>The unit vector of an item; zero where nothing is known of it.</summary>
    public SparseVector VectorOf(ItemFeatures item) =>
        SparseVector.Of(ContentFields.Of(item, _fields).Where(f => f.Weight > 0).SelectMany(f => Weighed(f.Field, f.Weight, f.Tokens))).ToUnit();

    /// <summary>The key of a token of a field: of the title and text "t", category "c", brand "b", price band "p", attribute "a".</summary>
    public static ulong KeyOf(string field, string token) =>
        IdHash.Of(System.Text.Encoding.UTF8.GetBytes($"{field}:{token}"));

    private IEnumerable<(ulong, double)> Weighed(string field, double weight, IEnumerable<(string Token, double Count)> tokens)
    {
        // A pair of words counts less than one; below 1 the logarithm would be negative.
        var entries = tokens.Select(t => (Key: KeyOf(field, t.Token), Value: (t.Count < 1 ? t.Count : 1 + Math.Log(t.Count)) * IdfOf(KeyOf(field, t.Token)))).ToArray();
        double norm = Math.Sqrt(entries.Sum(e => e.Value * e.Value));
        return norm > 0 ? entries.Select(e => (e.Key, weight * e.Value / norm)) : [];
    }

    private double IdfOf(ulong key) => Math.Log((1.0 + _itemCount) / (1 + _itemsOf.GetValueOrDefault(key))) + 1;
}
